package io.capsdb.embeddings.experiment;

import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/// Shop products: titles, whole texts and categories.
///
/// @param labels number of each product's category, in the order of their names
@SuppressWarnings("ArrayRecordComponent") // read only
record ProductTexts(List<String> titles, List<String> texts, int[] labels) {
  private static final String SAMPLE = "/io/capsdb/embeddings/sample/products.jsonl.gz";

  /// All products from the folder of data sets, or the sample that comes with the program.
  static ProductTexts read(Setting setting) throws IOException {
    if (!setting.isShort()) {
      return read(setting.disk(), setting.file("products/products.jsonl.gz"));
    }
    Disk memory = new MemoryDisk();
    Path folder = Path.of("sample").toAbsolutePath();
    memory.createFolders(folder);
    Path file = folder.resolve("products.jsonl.gz");
    try (InputStream in =
            Objects.requireNonNull(ProductTexts.class.getResourceAsStream(SAMPLE), SAMPLE);
        Disk.AppendFile out = memory.create(file)) {
      out.write(ByteBuffer.wrap(in.readAllBytes()));
    }
    return read(memory, file);
  }

  private static ProductTexts read(Disk disk, Path file) throws IOException {
    List<String> titles = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    List<String> categories = new ArrayList<>();
    try (RowSource rows = RowSources.open(disk, file)) {
      for (Optional<RowSource.Row> next = rows.next(); next.isPresent(); next = rows.next()) {
        Payload payload = next.get().payload();
        if (!(payload.fields().get("title") instanceof String title)
            || !(payload.fields().get("description") instanceof String description)
            || !(payload.fields().get("category") instanceof String category)) {
          throw new FormatException(
              rows.file(),
              "line " + next.get().line(),
              "title, description or category is missing");
        }
        titles.add(title);
        texts.add(title + ". " + description);
        categories.add(category);
      }
    }
    List<String> names = List.copyOf(new TreeSet<>(categories));
    return new ProductTexts(titles, texts, categories.stream().mapToInt(names::indexOf).toArray());
  }

  int size() {
    return labels.length;
  }
}
