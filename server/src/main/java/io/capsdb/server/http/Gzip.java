package io.capsdb.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Packs answers. Done by workers, since packing takes time.
final class Gzip {
  /// Shorter answers fit one packet anyway.
  private static final int MIN_BYTES = 1_024;

  private Gzip() {}

  /// Whether the client takes gzip, by its `Accept-Encoding`.
  static boolean isWanted(@Nullable String acceptEncoding) {
    if (acceptEncoding == null) {
      return false;
    }
    for (String coding : acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1)) {
      String plain = coding.replace(" ", "");
      if (plain.equals("gzip") || plain.startsWith("gzip;")) {
        return !plain.matches("gzip;q=0(\\.0*)?");
      }
    }
    return false;
  }

  static Answer pack(Answer answer) {
    if (answer.body().length < MIN_BYTES) {
      return answer;
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream(answer.body().length / 3);
    try (GZIPOutputStream out =
        new GZIPOutputStream(packed, 8_192) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      out.write(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answer(answer.status(), answer.contentType(), packed.toByteArray(), answer.headers())
        .with("Content-Encoding", "gzip")
        .with("Vary", "Accept-Encoding");
  }
}
