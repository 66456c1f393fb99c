package io.capsdb.attribute;

import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/// A change of ordinals: what was `order[i]` becomes `i`.
final class Reordering {
  private final int[] newOrdinal;

  /// @throws IllegalArgumentException if `order` is not a permutation of `0 .. order.length - 1`
  Reordering(int[] order) {
    newOrdinal = new int[order.length];
    java.util.Arrays.fill(newOrdinal, -1);
    for (int i = 0; i < order.length; i++) {
      if (order[i] < 0 || order[i] >= order.length || newOrdinal[order[i]] >= 0) {
        throw new IllegalArgumentException(
            "order[" + i + "] = " + order[i] + " makes it no permutation");
      }
      newOrdinal[order[i]] = i;
    }
  }

  int apply(int ordinal) {
    return newOrdinal[ordinal];
  }

  RoaringBitmap apply(RoaringBitmap ordinals) {
    if (ordinals.isEmpty()) {
      return Bitmaps.EMPTY;
    }
    int count = ordinals.getCardinality();
    int[] moved = new int[count];
    int[] next = {0};
    ordinals.forEach((int ordinal) -> moved[next[0]++] = newOrdinal[ordinal]);
    return bitmap(moved, count, newOrdinal.length);
  }

  /// The bitmap of ordinals below `size`, in any order.
  static RoaringBitmap bitmap(int[] ordinals, int size) {
    return bitmap(ordinals, ordinals.length, size);
  }

  /// The bitmap of `count` ordinals below `size`, in any order.
  static RoaringBitmap bitmap(int[] ordinals, int count, int size) {
    if (count * 64L < size) {
      int[] sorted = java.util.Arrays.copyOf(ordinals, count);
      java.util.Arrays.sort(sorted);
      RoaringBitmap few = RoaringBitmap.bitmapOf(sorted);
      few.runOptimize();
      return few;
    }
    long[] words = new long[(size + 63) >>> 6];
    for (int i = 0; i < count; i++) {
      words[ordinals[i] >>> 6] |= 1L << ordinals[i];
    }
    RoaringBitmap many = BitSetUtil.bitmapOf(words);
    many.runOptimize();
    return many;
  }
}
