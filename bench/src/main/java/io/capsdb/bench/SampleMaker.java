package io.capsdb.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.formats.FileOutput;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonPayloads;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// Makes the sample of `capsdb demo` from the full Fashion-MNIST training set: evenly spread
/// images, and one line of attributes for each.
///
/// Usage: `SampleMaker FOLDER TARGET [COUNT]`, where `FOLDER` holds `train-images-idx3-ubyte.gz`
/// and `train-labels-idx1-ubyte.gz`. The same input gives the same bytes.
public final class SampleMaker {
  private static final int DEFAULT_COUNT = 8_000;
  private static final int IDX3_UINT8 = 0x0803;

  private final Disk disk;
  private final Path folder;
  private final Path target;

  SampleMaker(Disk disk, Path folder, Path target) {
    this.disk = disk;
    this.folder = folder;
    this.target = target;
  }

  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      throw new IllegalArgumentException("usage: SampleMaker FOLDER TARGET [COUNT]");
    }
    int count = args.length > 2 ? Integer.parseInt(args[2]) : DEFAULT_COUNT;
    new SampleMaker(Disk.local(), Path.of(args[0]), Path.of(args[1])).make(count);
  }

  /// Writes `images.idx3-ubyte.gz` and `attributes.jsonl.gz`.
  ///
  /// @param count images to take, 1 to the number that there are
  void make(int count) throws IOException {
    disk.createFolders(target);
    try (RowSource rows =
            RowSources.aligned(
                RowSources.open(disk, folder.resolve("train-images-idx3-ubyte.gz")),
                RowSources.open(disk, folder.resolve("train-labels-idx1-ubyte.gz")));
        FileOutput images = FileOutput.create(disk, target.resolve("images.idx3-ubyte.gz"));
        FileOutput attributes = FileOutput.create(disk, target.resolve("attributes.jsonl.gz"))) {
      long total = rows.rowCount().orElseThrow();
      if (count < 1 || count > total) {
        throw new IllegalArgumentException("count must be in 1.." + total + ", was " + count);
      }
      images.write(
          ByteBuffer.allocate(16)
              .putInt(IDX3_UINT8)
              .putInt(count)
              .putInt(Picture.SIDE)
              .putInt(Picture.SIDE)
              .array());
      long taken = 0;
      for (Optional<RowSource.Row> next = rows.next(); next.isPresent(); next = rows.next()) {
        if (next.get().number() == taken * total / count && taken < count) {
          taken++;
          take(next.get(), images, attributes);
        }
      }
      images.commit();
      attributes.commit();
    }
  }

  private static void take(RowSource.Row row, OutputStream images, OutputStream attributes)
      throws IOException {
    Picture picture = new Picture(Objects.requireNonNull(row.vector()));
    long label = (Long) Objects.requireNonNull(row.payload().fields().get("label"));
    images.write(picture.bytes());
    String line = json(picture.attributes(row.number(), (int) label)) + "\n";
    attributes.write(line.getBytes(StandardCharsets.UTF_8));
  }

  private static String json(Payload payload) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Json.factory().createGenerator(text)) {
      JsonPayloads.write(payload, out);
    }
    return text.toString();
  }
}
