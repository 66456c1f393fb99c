package io.capsdb.attribute;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/// For each of some rows whether a filter is true, false or not known, as two bits.
///
/// Methods change this object, which its maker owns. Not for more than one thread.
///
/// @param certain a bit for each row that matches; bits beyond the rows are 0
/// @param possible a bit for each row that matches or is not known
/// @param rows their number
@SuppressWarnings("ArrayRecordComponent") // masks that are changed in place
record RowMasks(long[] certain, long[] possible, int rows) {
  static RowMasks none(int rows) {
    int words = (rows + 63) >>> 6;
    return new RowMasks(new long[words], new long[words], rows);
  }

  static RowMasks all(int rows) {
    return none(rows).not();
  }

  static RowMasks undecided(int rows) {
    RowMasks masks = none(rows);
    masks.fill(masks.possible);
    return masks;
  }

  private void fill(long[] mask) {
    Arrays.fill(mask, -1L);
    clearRest(mask);
  }

  private void clearRest(long[] mask) {
    if ((rows & 63) != 0) {
      mask[mask.length - 1] &= (1L << rows) - 1;
    }
  }

  void and(RowMasks other) {
    for (int i = 0; i < certain.length; i++) {
      certain[i] &= other.certain[i];
      possible[i] &= other.possible[i];
    }
  }

  void or(RowMasks other) {
    for (int i = 0; i < certain.length; i++) {
      certain[i] |= other.certain[i];
      possible[i] |= other.possible[i];
    }
  }

  /// Turns true into false and back; answers this.
  RowMasks not() {
    for (int i = 0; i < certain.length; i++) {
      long was = certain[i];
      certain[i] = ~possible[i];
      possible[i] = ~was;
    }
    clearRest(certain);
    clearRest(possible);
    return this;
  }

  static RowMasks atLeast(int least, List<RowMasks> parts, int rows) {
    RowMasks masks = none(rows);
    for (int row = 0; row < rows; row++) {
      int sure = 0;
      int most = 0;
      for (RowMasks part : parts) {
        sure += (int) (part.certain[row >> 6] >>> row & 1);
        most += (int) (part.possible[row >> 6] >>> row & 1);
      }
      masks.certain[row >> 6] |= (sure >= least ? 1L : 0) << row;
      masks.possible[row >> 6] |= (most >= least ? 1L : 0) << row;
    }
    return masks;
  }

  void forEachUndecided(IntConsumer action) {
    for (int word = 0; word < certain.length; word++) {
      for (long bits = possible[word] & ~certain[word]; bits != 0; bits &= bits - 1) {
        action.accept((word << 6) + Long.numberOfTrailingZeros(bits));
      }
    }
  }
}
