package io.capsdb.vector;

import java.lang.foreign.MemorySegment;

/// Rows of little-endian float32 vectors, one after the other, in native memory: allocated or
/// mapped.
///
/// Row `r` begins at byte `r * dimension * 4`. Holds no copy: whoever made the segment keeps its
/// arena open as long as the matrix is used. Only native segments are taken, because a kernel that
/// meets a second segment class is up to 2.3 times slower ever after.
///
/// @param segment native memory of at least `rowCount * dimension * 4` bytes
/// @param rowCount number of rows, at least 0
/// @param dimension values per row, at least 1
public record VectorMatrix(MemorySegment segment, int rowCount, int dimension) {
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
    long bytes = (long) rowCount * dimension * Float.BYTES;
    if (segment.byteSize() < bytes) {
      throw new IllegalArgumentException(
          "segment has "
              + segment.byteSize()
              + " bytes, "
              + rowCount
              + " x "
              + dimension
              + " floats need "
              + bytes);
    }
  }

  /// Bytes of one row.
  public long rowBytes() {
    return (long) dimension * Float.BYTES;
  }

  /// Where a row begins, in bytes.
  public long offset(int row) {
    return row * rowBytes();
  }

  /// A copy of one row.
  ///
  /// @throws IndexOutOfBoundsException if `row` is not in `0..rowCount-1`
  public float[] row(int row) {
    java.util.Objects.checkIndex(row, rowCount);
    return segment.asSlice(offset(row), rowBytes()).toArray(Floats.LITTLE_ENDIAN);
  }

  /// Copies one row into an array of the dimension.
  ///
  /// @throws IndexOutOfBoundsException if `row` is not in `0..rowCount-1`, or the array is shorter
  public void copyRow(int row, float[] into) {
    java.util.Objects.checkIndex(row, rowCount);
    MemorySegment.copy(segment, Floats.LITTLE_ENDIAN, offset(row), into, 0, dimension);
  }
}
