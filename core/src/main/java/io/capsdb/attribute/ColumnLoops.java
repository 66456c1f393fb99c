package io.capsdb.attribute;

/// The loops over columns, in a plain form that states the meaning and in a vector form.
///
/// Bit `i & 63` of `mask[i >> 6]` tells whether the code at `from + i` lies in `low .. high`, for
/// `i` in `0 .. count - 1`; the words that hold these bits are overwritten, bits beyond are 0.
/// Codes are unsigned. Columns have [Column#PADDING] entries more than rows, so that a register may
/// be read beyond the last row.
interface ColumnLoops {
  void between(byte[] codes, int low, int high, int from, int count, long[] mask);

  void between(short[] codes, int low, int high, int from, int count, long[] mask);

  void between(int[] codes, int low, int high, int from, int count, long[] mask);
}
