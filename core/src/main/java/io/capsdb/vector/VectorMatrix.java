package io.capsdb.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Rows of vectors, one after the other, in native memory: allocated or mapped.
///
/// Row `r` begins at byte `r * rowBytes()`. Holds no copy: whoever made the segment keeps its arena
/// open as long as the matrix is used. Only native segments are taken, because a kernel that meets
/// a second segment class is up to 2.3 times slower ever after.
///
/// @param segment native memory of at least `rowCount * rowBytes()` bytes
/// @param rowCount number of rows, at least 0
/// @param dimension values per row, at least 1
/// @param type of the values
public record VectorMatrix(MemorySegment segment, int rowCount, int dimension, ElementType type) {
  private static final int ALIGNMENT = 64;

  public VectorMatrix {
    if (dimension < 1) {
      throw new IllegalArgumentException("dimension must be at least 1, was " + dimension);
    }
    if (rowCount < 0) {
      throw new IllegalArgumentException("rowCount must be at least 0, was " + rowCount);
    }
    if (!segment.isNative()) {
      throw new IllegalArgumentException("segment must be native memory");
    }
    long bytes = (long) rowCount * dimension * type.bytes();
    if (segment.byteSize() < bytes) {
      throw new IllegalArgumentException(
          "segment has %d bytes, %d x %d values of type %s need %d"
              .formatted(segment.byteSize(), rowCount, dimension, type.apiName(), bytes));
    }
  }

  /// Rows of float32.
  public VectorMatrix(MemorySegment segment, int rowCount, int dimension) {
    this(segment, rowCount, dimension, ElementType.FLOAT32);
  }

  /// New rows of zeros.
  public static VectorMatrix allocate(Arena arena, int rowCount, int dimension, ElementType type) {
    long bytes = (long) rowCount * dimension * type.bytes();
    return new VectorMatrix(
        arena.allocate(Math.max(1, bytes), ALIGNMENT), rowCount, dimension, type);
  }

  /// A copy of some rows, in the order given.
  public VectorMatrix gather(int[] rows, Arena arena) {
    VectorMatrix gathered = allocate(arena, rows.length, dimension, type);
    for (int i = 0; i < rows.length; i++) {
      MemorySegment.copy(
          segment, offset(rows[i]), gathered.segment, gathered.offset(i), rowBytes());
    }
    return gathered;
  }

  /// Bytes of one row.
  public long rowBytes() {
    return (long) dimension * type.bytes();
  }

  /// Where a row begins, in bytes.
  public long offset(int row) {
    return row * rowBytes();
  }

  /// A copy of one row.
  ///
  /// @throws IndexOutOfBoundsException if `row` is not in `0..rowCount-1`
  public float[] row(int row) {
    float[] copy = new float[dimension];
    copyRow(row, copy);
    return copy;
  }

  /// Copies one row into an array of the dimension.
  ///
  /// @throws IndexOutOfBoundsException if `row` is not in `0..rowCount-1`, or the array is shorter
  public void copyRow(int row, float[] into) {
    Objects.checkIndex(row, rowCount);
    Objects.checkFromIndexSize(0, dimension, into.length);
    type.read(segment, offset(row), into, dimension);
  }

  /// Writes one row.
  ///
  /// @param values as many as the dimension, of the type; see [ElementType#round]
  /// @throws IndexOutOfBoundsException if `row` is not in `0..rowCount-1`
  public void setRow(int row, float[] values) {
    Objects.checkIndex(row, rowCount);
    if (values.length != dimension) {
      throw new IllegalArgumentException(
          "a row of " + values.length + " values, must have " + dimension);
    }
    type.write(values, segment, offset(row));
  }
}
