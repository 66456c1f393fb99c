package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The blocks of a partition, each of as many rows as a register has lanes.
final class RowBlocks {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

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

  /// Number of rows in question.
  static int count(int rowCount, long[] mask) {
    int count = 0;
    for (int word = 0; word << 6 < rowCount; word++) {
      count += Long.bitCount(mask[word]);
    }
    return count;
  }

  /// Copies the codes of the rows in question to one place after the other.
  ///
  /// Nothing of a row waits for another one, so that many cache lines are on their way at a time.
  ///
  /// @param groups as [CodeLayout] tells; the partition begins at byte `offset`
  /// @param together the same
  /// @param places receives the row at each place
  static void putTogether(
      MemorySegment groups,
      long offset,
      int dimension,
      long[] mask,
      int rowCount,
      MemorySegment together,
      int[] places) {
    int words = CodeLayout.words(dimension);
    int count = 0;
    for (int word = 0; word << 6 < rowCount; word++) {
      for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
        int row = (word << 6) + Long.numberOfTrailingZeros(bits);
        long from = CodeLayout.address(offset, row, dimension);
        long to = CodeLayout.address(0, count, dimension);
        for (int w = 0; w <= words; w++) {
          long step = (long) CodeLayout.ROW_OF_WORDS * w;
          together.set(LONG, to + step, groups.get(LONG, from + step));
        }
        places[count++] = row;
      }
    }
  }
}
