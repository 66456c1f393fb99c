package io.capsdb.server.http;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// How answers are packed. Done by workers, since packing takes time.
///
/// Brotli is a native library; where that cannot be loaded, gzip takes its place.
enum Packing {
  NONE,
  GZIP,
  BROTLI;

  /// Shorter answers fit one packet anyway.
  private static final int MIN_BYTES = 1_024;

  private static final Encoder.Parameters QUALITY = new Encoder.Parameters().setQuality(1);

  /// What the client likes best, by its `Accept-Encoding`; of equal ones Brotli.
  static Packing wanted(@Nullable String acceptEncoding) {
    if (acceptEncoding == null) {
      return NONE;
    }
    double gzip = 0;
    double brotli = 0;
    for (String coding : acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1)) {
      String plain = coding.replace(" ", "");
      if (plain.equals("gzip") || plain.startsWith("gzip;")) {
        gzip = weight(plain);
      } else if (plain.equals("br") || plain.startsWith("br;")) {
        brotli = weight(plain);
      }
    }
    if (brotli > 0 && brotli >= gzip && Brotli4jLoader.isAvailable()) {
      return BROTLI;
    }
    return gzip > 0 ? GZIP : NONE;
  }

  /// The `q` of a coding; 1 where there is none, 0 where it cannot be read.
  private static double weight(String coding) {
    int at = coding.indexOf(";q=");
    if (at < 0) {
      return 1;
    }
    String q = coding.substring(at + 3);
    return q.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(q) : 0;
  }

  Answer pack(Answer answer) {
    if (answer.body().length < MIN_BYTES) {
      return answer;
    }
    if (this == NONE) {
      return answer.with("Vary", "Accept-Encoding"); // another client gets it packed
    }
    byte[] packed;
    try {
      packed = this == GZIP ? gzip(answer.body()) : Encoder.compress(answer.body(), QUALITY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answer(answer.status(), answer.contentType(), packed, answer.headers())
        .with("Content-Encoding", this == GZIP ? "gzip" : "br")
        .with("Vary", "Accept-Encoding");
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length / 3);
    try (GZIPOutputStream out =
        new GZIPOutputStream(packed, 8_192) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      out.write(body);
    }
    return packed.toByteArray();
  }
}
