package io.capsdb;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.index.ExactIndex;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.storage.LogRecord;
import io.capsdb.vector.Floats;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The newest rows: appended by the one writer, scanned by readers. A full chunk gets postings.
///
/// A reader sees the rows of its view only; they were written before the view was published.
final class LiveChunk extends Segment {
  static final int CAPACITY = 4_096;

  private static final int[] SAME = {};

  private final CollectionConfig config;
  private final Arena arena = Arena.ofShared();
  private final PointId[] ids = new PointId[CAPACITY];
  private final long[] versions = new long[CAPACITY];
  private final Payload[] payloads = new Payload[CAPACITY];
  private final Map<String, MemorySegment> vectors = new HashMap<>();
  private final Map<String, BitSet> absent = new HashMap<>();
  private int rowCount;
  private volatile @Nullable AttributeIndex attributes;

  LiveChunk(long number, CollectionConfig config) {
    super(number);
    this.config = config;
    config
        .vectors()
        .forEach(
            (name, vector) -> {
              long bytes = (long) CAPACITY * vector.dimension() * Float.BYTES;
              vectors.put(name, arena.allocate(bytes, 64));
              absent.put(name, new BitSet());
            });
  }

  boolean isFull() {
    return rowCount == CAPACITY;
  }

  /// Bytes of vectors that a row takes.
  static long rowBytes(CollectionConfig config) {
    return config.vectors().values().stream().mapToLong(v -> 4L * v.dimension()).sum();
  }

  /// Writes the next row; answers its number. For the writer only.
  int append(LogRecord.Entry entry, long version) {
    int row = rowCount;
    ids[row] = entry.id();
    versions[row] = version;
    payloads[row] = entry.payload();
    vectors.forEach(
        (name, segment) -> {
          float[] vector = entry.vectors().get(name);
          if (vector == null) {
            java.util.Objects.requireNonNull(absent.get(name)).set(row);
          } else {
            MemorySegment.copy(
                vector, 0, segment, Floats.LITTLE_ENDIAN, 4L * vector.length * row, vector.length);
          }
        });
    rowCount++;
    if (isFull()) {
      AttributeIndex.Builder builder = new AttributeIndex.Builder();
      for (Payload payload : payloads) {
        builder.add(payload);
      }
      attributes = builder.build();
    }
    return row;
  }

  @Override
  int rowCount() {
    return rowCount;
  }

  @Override
  PointId id(int row) {
    return ids[row];
  }

  @Override
  long version(int row) {
    return versions[row];
  }

  @Override
  Payload payload(int row) {
    return payloads[row];
  }

  /// Whether some row, visible or not, lacks the vector of a name.
  boolean hasAbsent(String name) {
    return !java.util.Objects.requireNonNull(absent.get(name)).isEmpty();
  }

  /// Whether a row lacks the vector of a name.
  boolean isAbsent(String name, int row) {
    return java.util.Objects.requireNonNull(absent.get(name)).get(row);
  }

  @Override
  Optional<float[]> vector(String name, int row) {
    MemorySegment segment = vectors.get(name);
    if (segment == null || isAbsent(name, row)) {
      return Optional.empty();
    }
    return Optional.of(matrix(name, segment, row + 1).row(row));
  }

  @Override
  Map<String, float[]> vectors(int row) {
    Map<String, float[]> all = new HashMap<>();
    for (String name : vectors.keySet()) {
      vector(name, row).ifPresent(vector -> all.put(name, vector));
    }
    return all;
  }

  @Override
  Optional<IndexPart> part(String name, int visibleRows) {
    MemorySegment segment = vectors.get(name);
    if (segment == null || visibleRows == 0) {
      return Optional.empty();
    }
    ExactIndex index =
        new ExactIndex(config.vector(name).metric(), matrix(name, segment, visibleRows));
    return Optional.of(
        new IndexPart(index, attributes(visibleRows).map(RowAttributes::index), SAME, SAME));
  }

  @Override
  Optional<RowAttributes> attributes(int visibleRows) {
    AttributeIndex built = attributes;
    return built == null || visibleRows < CAPACITY
        ? Optional.empty()
        : Optional.of(new RowAttributes(built, SAME));
  }

  @Override
  void dispose() {
    arena.close();
  }

  private VectorMatrix matrix(String name, MemorySegment segment, int rows) {
    return new VectorMatrix(segment, rows, config.vector(name).dimension());
  }
}
