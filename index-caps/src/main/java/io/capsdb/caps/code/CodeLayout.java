package io.capsdb.caps.code;

/// How codes lie: groups of 16 rows, so that a register holds the same word of many rows, and a row
/// stands in few cache lines.
///
/// A word has 64 values; bits beyond the dimension are 0. After the words of a row its corrections
/// stand, as if they were one more word: `f` in the lower half, `g` in the upper one, float32. `g`
/// is positive infinity where a group is not full.
///
/// | bytes of a group | what |
/// |---|---|
/// | 128 for each 64 values | word `w` of rows 0, 2, … 14, then of rows 1, 3, … 15, int64 |
/// | 128 | the corrections of rows 0, 2, … 14, then of rows 1, 3, … 15 |
///
/// So two registers of words become one register of numbers in the order of the rows when those of
/// the odd rows are moved by half a word. Each partition begins with a group of its own.
final class CodeLayout {
  static final int GROUP = 16;

  /// From a word of the even rows to that of the odd ones.
  static final int ODD_ROWS = 8 * GROUP / 2;

  /// From a word to the next one.
  static final int ROW_OF_WORDS = 8 * GROUP;

  private CodeLayout() {}

  /// Words of a code.
  static int words(int dimension) {
    return (dimension + 63) >>> 6;
  }

  static long groupBytes(int dimension) {
    return (long) ROW_OF_WORDS * (words(dimension) + 1);
  }

  /// Where the first word of a row of a partition stands.
  ///
  /// @param offset where the partition begins
  static long address(long offset, int row, int dimension) {
    return offset
        + row / GROUP * groupBytes(dimension)
        + 8L * (row % GROUP / 2)
        + (long) ODD_ROWS * (row % 2);
  }

  static int groups(int rows) {
    return (rows + GROUP - 1) / GROUP;
  }
}
