package io.capsdb.bench.segment;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.index.RowOrder;
import io.capsdb.io.Disk;
import io.capsdb.io.LocalDisk;
import io.capsdb.storage.SegmentContainer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The bytes of a sealed segment, part by part, against those of its vectors.
///
/// Counted as index: the structure (centroids, slots, reach), attributes (columns and postings of
/// three fields) and codes. Ids, documents and the rows that ordinals stand for are counted apart.
///
/// Usage: `bench/run bytes FOLDER [FIELD,FIELD,...]`; the launcher adds an empty folder for the
/// data. Without fields, the first three attributes are taken.
public final class BytesTable {
  private static final int FIELDS = 3;

  private BytesTable() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: bytes FOLDER [FIELD,FIELD,...] DATA");
      System.exit(2);
    }
    Disk disk = new LocalDisk();
    try (Arena arena = Arena.ofShared()) {
      DataSet set = new DataSetFiles(disk, Path.of(args[0])).read(arena);
      List<String> names = set.attributes();
      List<Integer> fields =
          args.length == 3
              ? List.of(args[1].split(",")).stream().map(names::indexOf).toList()
              : IntStream.range(0, Math.min(FIELDS, names.size())).boxed().toList();
      if (fields.contains(-1)) {
        throw new IllegalArgumentException("the attributes are " + names);
      }
      Path data = Path.of(args[args.length - 1]);
      OneSegment.load(set, fields, data, RowOrder.GAIN, List.of()).close();
      print(disk, set, fields, segment(disk, data));
    }
  }

  static Path segment(Disk disk, Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String name : disk.list(folder)) {
      if (name.startsWith("collection-")) {
        for (String file : disk.list(folder.resolve(name))) {
          if (file.startsWith("segment-")) {
            found.add(folder.resolve(name).resolve(file));
          }
        }
      }
    }
    if (found.size() != 1) {
      throw new IllegalStateException("not one segment: " + found);
    }
    return found.getFirst();
  }

  private static void print(Disk disk, DataSet set, List<Integer> fields, Path file)
      throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%s%s: %,d rows x %d, fields %s%n%n",
        set.name(),
        set.isGenerated() ? " (generated)" : "",
        set.rowCount(),
        set.dimension(),
        fields.stream().map(set.attributes()::get).toList());
    System.out.println("| part | MiB | bytes a row | of the vectors |");
    System.out.println("|---|---|---|---|");
    try (SegmentContainer container = SegmentContainer.open(disk, file, number(file))) {
      long raw = container.part("0.vectors").byteSize();
      long codes = 0;
      long index = 0;
      for (String part : container.parts()) {
        long bytes = container.part(part).byteSize();
        line(part, bytes, raw, set.rowCount());
        codes += part.startsWith("0.index.code") ? bytes : 0;
        index += part.startsWith("0.index.") || part.equals("0.attributes") ? bytes : 0;
      }
      line("**index without codes**", index - codes, raw, set.rowCount());
      line("**index with codes**", index, raw, set.rowCount());
      AttributeIndex attributes = AttributeIndex.read(container.reader("0.attributes"));
      line("attributes in memory, with columns", attributes.bytes(), raw, set.rowCount());
      System.out.println("\nfields that are not indexed: " + attributes.unindexed());
    }
  }

  /// The number in the name of a segment's file.
  private static long number(Path file) {
    return Long.parseLong(String.valueOf(file.getFileName()).replaceAll("[^0-9]", ""));
  }

  private static void line(String part, long bytes, long raw, int rows) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2f %% |%n",
        part,
        bytes / 1048576.0,
        (double) bytes / rows,
        100.0 * bytes / raw);
  }
}
