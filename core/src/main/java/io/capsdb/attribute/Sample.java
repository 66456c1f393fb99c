package io.capsdb.attribute;

import java.util.Arrays;
import org.roaringbitmap.RoaringBitmap;

/// Evenly spread ordinals of a part, on which the number of matching rows is estimated: all of them
/// where the part is small, and where it is large more of them, which are looked at only if few of
/// the first match. The choice depends on the size alone, so that equal filters get equal
/// estimates.
final class Sample {
  /// Enough for an error of 10 % at a selectivity of 2 %.
  private static final int FIRST = 4_096;

  /// With them the error is 25 % at a selectivity of 0.1 %.
  private static final int ALL = 16_384;

  /// Rows from which on all are less than a sixteenth of a part.
  private static final int LARGE = 16 * ALL;

  private static final int STRIDE = ALL / FIRST;

  private final int size;
  private final int[] ordinals;
  private final RoaringBitmap bitmap;

  /// @param size number of ordinals of the part
  Sample(int size) {
    this(size, mostOf(size));
  }

  private Sample(int size, int count) {
    this.size = size;
    this.ordinals = new int[count];
    for (int i = 0; i < count; i++) {
      ordinals[placeOf(i)] = (int) ((long) i * size / count);
    }
    this.bitmap = RoaringBitmap.bitmapOf(ordinals);
  }

  /// The first ordinals alone.
  ///
  /// @param size number of ordinals of the part
  static Sample first(int size) {
    return new Sample(size, Math.min(size, FIRST));
  }

  /// Number of ordinals that are sampled of a part.
  static int mostOf(int size) {
    return size < LARGE ? Math.min(size, FIRST) : ALL;
  }

  /// By place: the first ones stand first.
  int[] ordinals() {
    return ordinals;
  }

  int count() {
    return ordinals.length;
  }

  /// Number of places that are looked at first.
  int firstCount() {
    return Math.min(ordinals.length, FIRST);
  }

  /// Tells which sampled ordinals a bitmap has, one bit each, by place.
  ///
  /// @param count places to tell of
  void mask(RoaringBitmap holders, int count, long[] mask) {
    Arrays.fill(mask, 0, (count + 63) >>> 6, 0);
    RoaringBitmap.and(holders, bitmap)
        .forEach(
            (int ordinal) -> {
              int place = placeOf(rank(ordinal));
              if (place < count) {
                mask[place >> 6] |= 1L << place;
              }
            });
  }

  /// Number of sampled ordinals that a bitmap has.
  int count(RoaringBitmap holders) {
    return RoaringBitmap.andCardinality(holders, bitmap);
  }

  private int rank(int ordinal) {
    return (int) (((long) ordinal * ordinals.length + size - 1) / size);
  }

  private int placeOf(int rank) {
    if (ordinals.length <= FIRST) {
      return rank;
    }
    return rank % STRIDE == 0 ? rank / STRIDE : FIRST + rank - rank / STRIDE - 1;
  }
}
