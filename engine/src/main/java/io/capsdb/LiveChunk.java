package io.capsdb;

import io.capsdb.attribute.GrowingColumns;
import io.capsdb.index.ExactIndex;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.storage.LogRecord;
import io.capsdb.vector.SparseVector;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The newest rows: appended by the one writer, scanned by readers. A full chunk gives way to an
/// [IndexedChunk].
///
/// A reader sees the rows of its view only; they were written before the view was published.
final class LiveChunk extends Segment {
  /// A chunk is at most this part of what is sealed at once, so that most of the live segment is
  /// indexed.
  private static final int PART = 16;

  private static final int MIN_ROWS = 64;
  private static final int MAX_ROWS = 4_096;

  /// Bounds what a chunk takes at once where rows are long.
  private static final long MAX_BYTES = 64L << 20;

  private static final int[] SAME = {};

  private final CollectionConfig config;
  private final Arena arena = Arena.ofShared();
  private final int capacity;
  private final Rows rows;
  private final Map<String, Column> columns = new HashMap<>();
  private final Map<String, @Nullable SparseVector[]> sparse = new HashMap<>();
  private final GrowingColumns attributes;
  private int rowCount;

  /// What a row has beside its vectors, by row.
  @SuppressWarnings("ArrayRecordComponent") // filled by the one writer, row after row
  record Rows(PointId[] ids, long[] versions, Payload[] payloads) {}

  /// The vectors of one name. A flag for each row, not a bit: readers read the flags of their rows
  /// while the writer sets those of later ones.
  private static final class Column {
    final VectorMatrix vectors;
    final boolean[] isAbsent;
    boolean hasAbsent;

    Column(VectorMatrix vectors) {
      this.vectors = vectors;
      this.isAbsent = new boolean[vectors.rowCount()];
    }

    VectorMatrix first(int rows) {
      return new VectorMatrix(vectors.segment(), rows, vectors.dimension(), vectors.type());
    }
  }

  /// @param sealRows rows that are sealed at once
  LiveChunk(long number, CollectionConfig config, int sealRows) {
    super(number);
    this.config = config;
    int rowsWanted = Math.clamp(sealRows / PART, MIN_ROWS, MAX_ROWS);
    this.capacity = Math.clamp(MAX_BYTES / Math.max(1, rowBytes(config)), 1, rowsWanted);
    this.rows = new Rows(new PointId[capacity], new long[capacity], new Payload[capacity]);
    this.attributes = new GrowingColumns(capacity);
    config.sparse().keySet().forEach(name -> sparse.put(name, new SparseVector[capacity]));
    try {
      config
          .vectors()
          .forEach(
              (name, vector) -> {
                VectorMatrix vectors =
                    VectorMatrix.allocate(arena, capacity, vector.dimension(), vector.type());
                columns.put(name, new Column(vectors));
              });
    } catch (OutOfMemoryError e) {
      arena.close();
      throw e;
    }
  }

  /// Rows that can still be appended.
  int room() {
    return capacity - rowCount;
  }

  /// Bytes of vectors that a row takes.
  static long rowBytes(CollectionConfig config) {
    return config.vectors().values().stream().mapToLong(VectorConfig::rowBytes).sum();
  }

  /// Writes the next row; answers its number. For the writer only.
  int append(LogRecord.Entry entry, long version) {
    int row = rowCount;
    rows.ids[row] = entry.id();
    rows.versions[row] = version;
    rows.payloads[row] = entry.payload();
    for (Map.Entry<String, Column> each : columns.entrySet()) {
      Column column = each.getValue();
      float[] vector = entry.vectors().get(each.getKey());
      if (vector == null) {
        column.isAbsent[row] = true;
        column.hasAbsent = true;
      } else {
        column.vectors.setRow(row, vector);
      }
    }
    if (!sparse.isEmpty()) {
      entry
          .sparse()
          .forEach((name, vector) -> Objects.requireNonNull(sparse.get(name))[row] = vector);
    }
    attributes.add(entry.payload());
    rowCount++;
    return row;
  }

  @Override
  int rowCount() {
    return rowCount;
  }

  @Override
  PointId id(int row) {
    return rows.ids[row];
  }

  @Override
  long version(int row) {
    return rows.versions[row];
  }

  @Override
  Payload payload(int row) {
    return rows.payloads[row];
  }

  /// Whether some row, visible or not, lacks the vector of a name.
  boolean hasAbsent(String name) {
    return column(name).hasAbsent;
  }

  /// Whether a row lacks the vector of a name.
  boolean isAbsent(String name, int row) {
    return column(name).isAbsent[row];
  }

  @Override
  boolean hasVector(String name, int row) {
    Column column = columns.get(name);
    return column == null ? sparse(name, row).isPresent() : !column.isAbsent[row];
  }

  @Override
  Optional<SparseVector> sparse(String name, int row) {
    @Nullable SparseVector[] vectors = sparse.get(name);
    return vectors == null ? Optional.empty() : Optional.ofNullable(vectors[row]);
  }

  @Override
  Map<String, SparseVector> sparse(int row) {
    Map<String, SparseVector> all = new HashMap<>();
    for (String name : sparse.keySet()) {
      sparse(name, row).ifPresent(vector -> all.put(name, vector));
    }
    return all;
  }

  @Override
  Optional<SparsePart> sparsePart(String name) {
    return Optional.empty();
  }

  @Override
  Optional<float[]> vector(String name, int row) {
    return columns.containsKey(name) && hasVector(name, row)
        ? Optional.of(column(name).vectors.row(row))
        : Optional.empty();
  }

  @Override
  Map<String, float[]> vectors(int row) {
    Map<String, float[]> all = new HashMap<>();
    for (String name : columns.keySet()) {
      vector(name, row).ifPresent(vector -> all.put(name, vector));
    }
    return all;
  }

  @Override
  Optional<IndexPart> part(String name, int visibleRows) {
    Column column = columns.get(name);
    if (column == null || visibleRows == 0) {
      return Optional.empty();
    }
    ExactIndex index = new ExactIndex(config.vector(name).metric(), column.first(visibleRows));
    return Optional.of(new IndexPart(index, Optional.empty(), SAME, SAME));
  }

  @Override
  Set<String> orderedParts() {
    return Set.of();
  }

  @Override
  Optional<RowAttributes> attributes() {
    return Optional.empty();
  }

  /// The payloads as columns.
  GrowingColumns columns() {
    return attributes;
  }

  /// The rows without their vectors.
  Rows rows() {
    return rows;
  }

  /// The vectors of one name by row; what stands at a row without one is not defined.
  VectorMatrix matrix(String name) {
    return column(name).first(rowCount);
  }

  @Override
  void dispose() {
    arena.close();
  }

  private Column column(String name) {
    return Objects.requireNonNull(columns.get(name));
  }
}
