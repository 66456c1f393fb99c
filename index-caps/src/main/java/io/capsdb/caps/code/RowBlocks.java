package io.capsdb.caps.code;

import org.jspecify.annotations.Nullable;

/// The blocks of a partition, each of as many rows as a register has lanes.
final class RowBlocks {
  private RowBlocks() {}

  /// Writes the numbers of the blocks that hold a row in question; answers how many they are.
  ///
  /// @param mask as of [CodeLoops#scan]
  static int find(int rowCount, long @Nullable [] mask, int lanes, int[] blocks) {
    int all = (rowCount + lanes - 1) / lanes;
    if (mask == null) {
      for (int block = 0; block < all; block++) {
        blocks[block] = block;
      }
      return all;
    }
    int count = 0;
    int perWord = Long.SIZE / lanes;
    for (int word = 0; word * perWord < all; word++) {
      long bits = mask[word];
      for (int block = word * perWord; bits != 0; block++) {
        if ((bits & -1L >>> -lanes) != 0) {
          blocks[count++] = block;
        }
        bits >>>= lanes;
      }
    }
    return count;
  }
}
