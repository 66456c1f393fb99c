package io.capsdb.caps.code;

/// How codes lie: groups of 16 rows, so that a register holds the same word of many rows.
///
/// | bytes of a group | what |
/// |---|---|
/// | 64 for each 32 values | word `w` of the 16 rows, int32; bits beyond the dimension are 0 |
/// | 64 | `f` of the 16 rows, float32 |
/// | 64 | `g` of the 16 rows, float32; positive infinity where a group is not full |
///
/// Each partition begins with a group of its own.
final class CodeLayout {
  static final int GROUP = 16;
  static final int ROW_OF_WORDS = 4 * GROUP;

  private CodeLayout() {}

  /// Words of a code.
  static int words(int dimension) {
    return (dimension + 31) >>> 5;
  }

  static long groupBytes(int dimension) {
    return (long) ROW_OF_WORDS * (words(dimension) + 2);
  }

  /// Where the first word of a row of a partition stands.
  ///
  /// @param offset where the partition begins
  static long address(long offset, int row, int dimension) {
    return offset + row / GROUP * groupBytes(dimension) + 4L * (row % GROUP);
  }

  static int groups(int rows) {
    return (rows + GROUP - 1) / GROUP;
  }
}
