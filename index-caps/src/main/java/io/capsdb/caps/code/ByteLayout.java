package io.capsdb.caps.code;

/// How byte codes lie: groups of 16 rows, so that a register holds the same four values of many
/// rows.
///
/// A code has a byte for each value, 0 to 127, of which four are a word: byte `p` of word `w` of
/// `n` words is value `p n + w`, so that four runs of values make a run of words without moving
/// lanes. Values beyond the dimension are 0; the number of words is even, because two are summed
/// before sums are widened.
///
/// | bytes of a group | what |
/// |---|---|
/// | 64 for each word | word `w` of the 16 rows, int32; zeros where a group is not full |
///
/// Each partition begins with a group of its own.
final class ByteLayout {
  /// Seven bits a value: the square of a difference has 14, so that four of them are summed in 16
  /// bits, and two absolute differences in 8.
  static final int MOST_CODE = 127;

  /// So that the inverse of a step is finite.
  static final float LEAST_STEP = 1e-30f;

  /// From a word to the next one.
  static final int ROW_OF_WORDS = 4 * CodeLayout.GROUP;

  private ByteLayout() {}

  /// Words of a code, an even number.
  static int words(int dimension) {
    return (dimension + 7) / 8 * 2;
  }

  /// Values of a code with those that fill it up.
  static int padded(int dimension) {
    return 4 * words(dimension);
  }

  static long groupBytes(int dimension) {
    return (long) ROW_OF_WORDS * words(dimension);
  }

  /// Where the first word of a row of a partition stands.
  ///
  /// @param offset where the partition begins
  /// @param words of a code
  static long address(long offset, int row, int words) {
    return offset
        + (long) (row / CodeLayout.GROUP) * ROW_OF_WORDS * words
        + 4L * (row % CodeLayout.GROUP);
  }
}
