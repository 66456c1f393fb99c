package io.capsdb.server.command;

import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The sample that comes with the program: images of Fashion-MNIST (MIT licence, Zalando SE) with
/// attributes, laid into a folder so that they are loaded as any other files.
final class Sample {
  /// Pixels of an image's side.
  static final int SIDE = 28;

  private static final String IMAGES = "images.idx3-ubyte.gz";
  private static final String ATTRIBUTES = "attributes.jsonl.gz";
  private static final String PLACE = "/io/capsdb/server/sample/";

  private final Disk disk;
  private final Path folder;

  /// One image with its attributes.
  @SuppressWarnings("ArrayRecordComponent") // read only
  record Item(long id, float[] pixels, Payload payload) {}

  private Sample(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
  }

  static Sample unpack(Disk disk, Path folder) throws IOException {
    for (String name : List.of(IMAGES, ATTRIBUTES)) {
      try (InputStream in =
              Objects.requireNonNull(Sample.class.getResourceAsStream(PLACE + name), name);
          Disk.AppendFile out = disk.create(folder.resolve(name))) {
        out.write(ByteBuffer.wrap(in.readAllBytes()));
      }
    }
    return new Sample(disk, folder);
  }

  RowSource rows() throws IOException {
    RowSource images = RowSources.open(disk, folder.resolve(IMAGES));
    try {
      return RowSources.aligned(images, RowSources.open(disk, folder.resolve(ATTRIBUTES)));
    } catch (IOException | RuntimeException e) {
      images.close();
      throw e;
    }
  }

  /// Every `step`-th image, from the first one on.
  List<Item> every(int step) throws IOException {
    List<Item> items = new ArrayList<>();
    try (RowSource rows = rows()) {
      for (Optional<RowSource.Row> next = rows.next(); next.isPresent(); next = rows.next()) {
        RowSource.Row row = next.get();
        if (row.number() % step == 0) {
          items.add(new Item(row.number(), Objects.requireNonNull(row.vector()), row.payload()));
        }
      }
    }
    return items;
  }
}
