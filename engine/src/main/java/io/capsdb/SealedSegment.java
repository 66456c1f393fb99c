package io.capsdb;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.filter.Filter;
import io.capsdb.formats.JsonFilters;
import io.capsdb.formats.JsonFormatException;
import io.capsdb.index.VectorIndex;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import io.capsdb.point.Payload;
import io.capsdb.point.PayloadCodec;
import io.capsdb.point.PointId;
import io.capsdb.storage.LogRecord;
import io.capsdb.storage.SegmentContainer;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;

/// An immutable segment file: a row store and one index part for each vector name.
///
/// | part | what |
/// |---|---|
/// | `rows` | number of rows; version and id of each |
/// | `ids` | rows in the order of their ids, int32 |
/// | `payload-starts` | where each payload begins in `payloads`, then its length, int64 |
/// | `payloads` | documents, by row |
/// | `attributes` | attribute index by row; only where no part has all rows |
/// | `filters` | filters that searches asked for before, as JSON; only where there were some |
/// | `parts` | number of parts; name, kind and number of vectors of each |
/// | `N.vectors` | of part N: its rows in ordinal order, float32 |
/// | `N.vectors.float16`, `N.vectors.uint8` | instead of that: rows of that type |
/// | `N.rows` | of part N: the row at each ordinal, int32 |
/// | `N.attributes` | of part N: its attribute index, in ordinal order |
/// | `N.index.…` | of part N: what its index wrote |
/// | `N.graph` | of part N: kind of its graph; only where it has one |
/// | `N.graph.…` | of part N: what its graph wrote |
/// | `sparse` | number of names of sparse vectors; each; only where rows have some |
/// | `sparse.N.…` | of name N: what [SparsePart] draws |
final class SealedSegment extends OrderedSegment {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// The part that names the sparse vectors.
  static final String SPARSE = "sparse";

  private static final long PIECE_BYTES = 1 << 20;

  private final Disk disk;
  private final Path file;
  private final SegmentContainer container;
  private final IdColumn ids;
  private final long[] versions;
  private final SortedIds sortedIds;
  private final MemorySegment payloadStarts;
  private final MemorySegment payloads;
  private volatile boolean isDropped;

  private SealedSegment(
      long number,
      Disk disk,
      Path file,
      SegmentContainer container,
      IdColumn ids,
      long[] versions,
      Map<String, IndexPart> parts,
      Map<String, SparsePart> sparse,
      Optional<RowAttributes> attributes) {
    super(number, parts, sparse, attributes);
    this.disk = disk;
    this.file = file;
    this.container = container;
    this.ids = ids;
    this.versions = versions;
    this.sortedIds = new SortedIds(ids, container.ints("ids"));
    this.payloadStarts = container.part("payload-starts");
    this.payloads = container.part("payloads");
  }

  static Path path(Path folder, long number) {
    return folder.resolve("segment-%012d.caps".formatted(number));
  }

  /// @throws CorruptFileException if the file is damaged
  static SealedSegment open(Disk disk, Path folder, long number, CollectionConfig config)
      throws IOException {
    Path file = path(folder, number);
    SegmentContainer container = SegmentContainer.open(disk, file, number);
    try {
      CheckedReader rows = container.reader("rows");
      int rowCount = rows.readLength(17);
      IdColumn.Builder ids = new IdColumn.Builder(rowCount);
      long[] versions = new long[rowCount];
      for (int row = 0; row < rowCount; row++) {
        versions[row] = rows.readLong();
        ids.add(LogRecord.readId(rows));
      }
      Map<String, IndexPart> parts = new HashMap<>();
      CheckedReader directory = container.reader("parts");
      int partCount = directory.readLength(12);
      for (int i = 0; i < partCount; i++) {
        String name = directory.readString();
        String kind = directory.readString();
        parts.put(name, openPart(container, i, kind, config.vector(name), directory, rowCount));
      }
      return new SealedSegment(
          number,
          disk,
          file,
          container,
          ids.build(),
          versions,
          parts,
          openSparse(container, rowCount, SparsePart::open),
          rowAttributes(container, parts, rowCount));
    } catch (RuntimeException e) {
      container.close();
      throw e;
    }
  }

  /// The sparse vectors of a container, by name.
  ///
  /// @param open [SparsePart#open] or [SparsePart#openRows]
  static Map<String, SparsePart> openSparse(
      SegmentContainer container, int rowCount, BiFunction<PartReader, Integer, SparsePart> open) {
    Map<String, SparsePart> all = new HashMap<>();
    if (container.has(SPARSE)) {
      CheckedReader directory = container.reader(SPARSE);
      int count = directory.readLength(4);
      for (int i = 0; i < count; i++) {
        all.put(
            directory.readString(), open.apply(new PartsUnder(container, sparseOf(i)), rowCount));
      }
    }
    return all;
  }

  /// Where sparse vectors of a name are written.
  static String sparseOf(int number) {
    return SPARSE + "." + number + ".";
  }

  /// Parts whose names begin alike: what one index wrote.
  private record PartsUnder(SegmentContainer container, String prefix) implements PartReader {
    @Override
    public boolean has(String name) {
      return container.has(prefix + name);
    }

    @Override
    public CheckedReader reader(String name) {
      return container.reader(prefix + name);
    }

    @Override
    public MemorySegment segment(String name) {
      return container.part(prefix + name);
    }
  }

  /// The part that has the rows of a part: named after their type, so that they are never read as
  /// another one.
  static String vectors(int part, ElementType type) {
    return part + (type == ElementType.FLOAT32 ? ".vectors" : ".vectors." + type.apiName());
  }

  /// Where the index of a part writes.
  static String indexOf(int part) {
    return part + ".index.";
  }

  /// The part that tells of which kind the graph of a part is.
  static String graph(int part) {
    return part + ".graph";
  }

  /// Where the graph of a part writes.
  static String graphOf(int part) {
    return graph(part) + ".";
  }

  /// Takes what an index writes of itself as parts of a container.
  ///
  /// @param prefix of their names
  static PartWriter partWriter(SegmentContainer.Writer out, String prefix) {
    return new PartWriter() {
      @Override
      public void part(String name, CheckedWriter content) throws IOException {
        out.part(prefix + name, content);
      }

      @Override
      public void part(String name, MemorySegment bytes) throws IOException {
        out.part(
            prefix + name,
            sink -> {
              for (long from = 0; from < bytes.byteSize(); from += PIECE_BYTES) {
                long length = Math.min(PIECE_BYTES, bytes.byteSize() - from);
                sink.write(bytes.asSlice(from, length).asByteBuffer());
              }
            });
      }
    };
  }

  private static IndexPart openPart(
      SegmentContainer container,
      int number,
      String kind,
      VectorConfig config,
      CheckedReader directory,
      int rowCount) {
    int vectorCount = directory.readInt();
    MemorySegment vectors = container.part(vectors(number, config.type()));
    if (vectorCount < 0 || vectors.byteSize() != vectorCount * config.rowBytes()) {
      throw directory.corrupt("part " + number + " has no place for " + vectorCount + " vectors");
    }
    int[] rowOf = container.ints(number + ".rows");
    int[] ordinalOf = new int[rowCount];
    java.util.Arrays.fill(ordinalOf, -1);
    if (rowOf.length != vectorCount) {
      throw directory.corrupt("part " + number + " has rows for " + rowOf.length + " vectors");
    }
    for (int ordinal = 0; ordinal < rowOf.length; ordinal++) {
      if (rowOf[ordinal] < 0 || rowOf[ordinal] >= rowCount || ordinalOf[rowOf[ordinal]] >= 0) {
        throw directory.corrupt("part " + number + " names row " + rowOf[ordinal] + " wrongly");
      }
      ordinalOf[rowOf[ordinal]] = ordinal;
    }
    AttributeIndex attributes = AttributeIndex.read(container.reader(number + ".attributes"));
    if (attributes.size() != vectorCount) {
      throw directory.corrupt("part " + number + " has attributes of other rows");
    }
    VectorMatrix matrix = new VectorMatrix(vectors, vectorCount, config.dimension(), config.type());
    VectorIndex index =
        IndexKinds.of(kind)
            .open(config.metric(), new PartsUnder(container, indexOf(number)), matrix, attributes);
    return IndexPart.of(index, attributes, rowOf, ordinalOf)
        .with(openGraph(container, number, config, matrix, attributes));
  }

  /// Empty where the class path has no index of its kind: all else can be searched without it.
  private static Optional<VectorIndex> openGraph(
      SegmentContainer container,
      int number,
      VectorConfig config,
      VectorMatrix vectors,
      AttributeIndex attributes) {
    if (!container.has(graph(number))) {
      return Optional.empty();
    }
    return IndexKinds.find(container.reader(graph(number)).readString())
        .map(
            factory ->
                factory.open(
                    config.metric(),
                    new PartsUnder(container, graphOf(number)),
                    vectors,
                    attributes));
  }

  private static Optional<RowAttributes> rowAttributes(
      SegmentContainer container, Map<String, IndexPart> parts, int rowCount) {
    for (IndexPart part : parts.values()) {
      if (part.index().size() == rowCount) {
        return part.attributes()
            .map(index -> new RowAttributes(index, part.rowOf(), part.ordinalOf()));
      }
    }
    return container.has("attributes")
        ? Optional.of(
            new RowAttributes(
                AttributeIndex.read(container.reader("attributes")), new int[0], new int[0]))
        : Optional.empty();
  }

  @Override
  List<Filter> observed() {
    if (!container.has("filters")) {
      return List.of();
    }
    CheckedReader in = container.reader("filters");
    List<Filter> filters = new ArrayList<>();
    int count = in.readLength(4);
    for (int i = 0; i < count; i++) {
      try {
        filters.add(JsonFilters.read(in.readString()));
      } catch (JsonFormatException e) {
        throw in.corrupt("a filter cannot be read: " + e.getMessage());
      }
    }
    return filters;
  }

  /// The row of an id, live or not.
  OptionalInt find(PointId id) {
    return sortedIds.find(id);
  }

  /// The rows in the order of their ids.
  SortedIds sortedIds() {
    return sortedIds;
  }

  /// Bytes that the indexes of all parts take beside vectors and attributes, by kind.
  Map<String, Long> indexBytes() {
    Map<String, Long> bytes = new HashMap<>();
    CheckedReader directory = container.reader("parts");
    int partCount = directory.readLength(12);
    for (int i = 0; i < partCount; i++) {
      directory.readString();
      bytes.merge(directory.readString(), container.bytes(indexOf(i)), Long::sum);
      directory.readInt();
      if (container.has(graph(i))) {
        bytes.merge(IndexKinds.GRAPH, container.bytes(graphOf(i)), Long::sum);
      }
    }
    return bytes;
  }

  /// Bytes of the file.
  long size() {
    return container.size();
  }

  /// Looks at all bytes of the file again; see [SegmentContainer#verify].
  void verify(LongConsumer progress) {
    container.verify(progress);
  }

  /// Of the container, as manifests name it.
  int checksum() {
    return container.checksum();
  }

  String file() {
    return file.toString();
  }

  /// Has the file deleted once nobody uses the segment.
  void drop() {
    isDropped = true;
  }

  @Override
  int rowCount() {
    return versions.length;
  }

  @Override
  PointId id(int row) {
    return ids.get(row);
  }

  @Override
  long version(int row) {
    return versions[row];
  }

  @Override
  Payload payload(int row) {
    return PayloadCodec.read(
        new CheckedReader(
            file.toString(), payloadStarts.get(LONG, 8L * row), payloadBytes(row, row + 1)));
  }

  /// The bytes of the payloads of rows that follow one another.
  ///
  /// @param end one more than the last row
  MemorySegment payloadBytes(int first, int end) {
    long from = payloadStarts.get(LONG, 8L * first);
    long to = payloadStarts.get(LONG, 8L * end);
    if (from < 0 || to < from || to > payloads.byteSize()) {
      throw new CorruptFileException(file.toString(), from, "the payload of row " + first);
    }
    return payloads.asSlice(from, to - from);
  }

  @Override
  void dispose() {
    container.close();
    if (isDropped) {
      try {
        disk.delete(file);
      } catch (IOException e) {
        // The file is in no manifest any more: the next start deletes it.
        System.getLogger(SealedSegment.class.getName())
            .log(System.Logger.Level.WARNING, "cannot delete " + file, e);
      }
    }
  }
}
