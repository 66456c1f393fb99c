package io.capsdb.embeddings.command;

import io.capsdb.embeddings.data.Content;
import io.capsdb.embeddings.data.IdxImages;
import io.capsdb.embeddings.data.ImageFiles;
import io.capsdb.embeddings.data.Sample;
import io.capsdb.embeddings.data.SampleSource;
import io.capsdb.embeddings.model.ContentKind;
import io.capsdb.embeddings.model.Encoder;
import io.capsdb.server.command.Machine;
import io.capsdb.server.command.QueryEncoder;
import io.capsdb.server.command.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Encodes queries with the models of this module, for `ServiceLoader`.
public final class ModelQueryEncoder implements QueryEncoder {
  private static final int MAX_TOKENS = 256;

  /// A row of an idx file, from 0: `images.idx3-ubyte.gz:7`.
  private static final Pattern IDX_ROW =
      Pattern.compile("(.*idx[0-9]?(?:-ubyte)?(?:\\.gz)?):([0-9]{1,18})");

  @Override
  public float[] encode(Machine machine, Request request) throws IOException {
    Encoders.Request model =
        new Encoders.Request(request.model(), request.onnx(), request.tokenizer(), MAX_TOKENS, 1);
    try (Encoder encoder = Encoders.open(machine, model)) {
      ContentKind kind = encoder.kind();
      if (request.text().isPresent() == kind.isImage()) {
        throw new UsageException("the model takes " + kind.inWords());
      }
      Content content =
          request.text().isPresent()
              ? new Content.Text(request.text().get())
              : image(machine, request.image().orElseThrow(), kind);
      return encoder.embed(List.of(content))[0];
    }
  }

  private static Content image(Machine machine, Path file, ContentKind kind) throws IOException {
    Matcher row = IDX_ROW.matcher(file.toString());
    if (row.matches()) {
      Content.Pixels image = row(machine, Path.of(row.group(1)), Long.parseLong(row.group(2)));
      if (image.values().length != kind.channels() * kind.side() * kind.side()) {
        throw new UsageException(
            "--image: it has "
                + image.values().length
                + " pixels, the model takes "
                + kind.inWords());
      }
      return image;
    }
    try (InputStream in = machine.disk().read(file)) {
      return new Content.Pixels(
          ImageFiles.read(in, String.valueOf(file), kind.channels(), kind.side()));
    }
  }

  private static Content.Pixels row(Machine machine, Path file, long wanted) throws IOException {
    try (SampleSource images = IdxImages.open(machine.disk(), file, Optional.empty())) {
      for (Optional<Sample> next = images.next(); next.isPresent(); next = images.next()) {
        if (next.get().number() == wanted) {
          return (Content.Pixels) next.get().content();
        }
      }
    }
    throw new UsageException("--image: " + file + " has no row " + wanted);
  }
}
