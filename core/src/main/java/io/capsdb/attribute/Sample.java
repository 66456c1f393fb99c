package io.capsdb.attribute;

import org.roaringbitmap.RoaringBitmap;

/// Evenly spread ordinals of a part, on which the number of matching rows is estimated. All of them
/// where the part is small. The choice depends on the size alone, so that equal filters get equal
/// estimates.
final class Sample {
  /// Enough for an error of 10 % at a selectivity of 2 %.
  static final int MOST = 4_096;

  private final int size;
  private final int[] ordinals;
  private final RoaringBitmap bitmap;

  /// @param size number of ordinals of the part
  Sample(int size) {
    this.size = size;
    this.ordinals = new int[Math.min(size, MOST)];
    for (int i = 0; i < ordinals.length; i++) {
      ordinals[i] = (int) ((long) i * size / ordinals.length);
    }
    this.bitmap = RoaringBitmap.bitmapOf(ordinals);
  }

  int[] ordinals() {
    return ordinals;
  }

  int count() {
    return ordinals.length;
  }

  /// Whether the sample is the whole part.
  boolean isWhole() {
    return ordinals.length == size;
  }

  /// Tells which sampled ordinals a bitmap has, one bit each.
  void mask(RoaringBitmap holders, long[] mask) {
    java.util.Arrays.fill(mask, 0, (ordinals.length + 63) >>> 6, 0);
    RoaringBitmap.and(holders, bitmap)
        .forEach(
            (int ordinal) -> {
              int place = place(ordinal);
              mask[place >> 6] |= 1L << place;
            });
  }

  /// Number of sampled ordinals that a bitmap has.
  int count(RoaringBitmap holders) {
    return RoaringBitmap.andCardinality(holders, bitmap);
  }

  private int place(int ordinal) {
    return (int) (((long) ordinal * ordinals.length + size - 1) / size);
  }
}
