package io.capsdb.attribute;

import io.capsdb.filter.Filter;
import java.util.function.IntPredicate;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/// The ordinals of one index part that a filter may select, known as far as the attribute index
/// knows them.
///
/// Rows in `certain` match; rows outside `possible` do not; a row between the two is decided by
/// reading its document. The bitmaps are not copied and must not change. Safe for use by many
/// threads if `verify` is.
///
/// @param size number of ordinals of the part, matching or not
/// @param certain subset of `possible`
/// @param possible subset of `0 .. size - 1`
/// @param verify tells of an ordinal in `possible` but not in `certain` whether it matches
/// @param filter the normal form of the filter; every selected ordinal satisfies it
public record Selection(
    int size, RoaringBitmap certain, RoaringBitmap possible, IntPredicate verify, Filter filter) {

  /// All of `0 .. size - 1`.
  public static Selection all(int size) {
    RoaringBitmap all = RoaringBitmap.bitmapOfRange(0, size);
    return new Selection(size, all, all, _ -> true, Filter.ALL);
  }

  /// Exactly the ordinals of the bitmap, whatever filter they come from.
  public static Selection exactly(int size, RoaringBitmap ordinals) {
    return new Selection(size, ordinals, ordinals, _ -> true, Filter.ALL);
  }

  /// Whether every ordinal is known to match.
  public boolean isAll() {
    return certain.getLongCardinality() == size;
  }

  /// Whether no document needs to be read.
  public boolean isExact() {
    return certain.getLongCardinality() == possible.getLongCardinality();
  }

  /// Fewest ordinals that can match.
  public int minCount() {
    return certain.getCardinality();
  }

  /// Most ordinals that can match.
  public int maxCount() {
    return possible.getCardinality();
  }

  /// Tells which ordinals of `from .. to - 1` can match: bit `i & 63` of `mask[i >> 6]` for `from +
  /// i`.
  ///
  /// @param mask at least a word for each 64 ordinals; what it held is overwritten
  /// @return the number of these ordinals
  public int possibleIn(int from, int to, long[] mask) {
    java.util.Arrays.fill(mask, 0, (to - from + 63) >>> 6, 0);
    PeekableIntIterator ordinals = possible.getIntIterator();
    ordinals.advanceIfNeeded(from);
    int count = 0;
    while (ordinals.hasNext()) {
      int place = ordinals.next() - from;
      if (place >= to - from) {
        break;
      }
      mask[place >> 6] |= 1L << place;
      count++;
    }
    return count;
  }

  /// The same without some ordinals, for example deleted ones.
  public Selection without(RoaringBitmap ordinals) {
    if (ordinals.isEmpty()) {
      return this;
    }
    RoaringBitmap stillPossible = RoaringBitmap.andNot(possible, ordinals);
    RoaringBitmap stillCertain =
        isExact() ? stillPossible : RoaringBitmap.andNot(certain, ordinals);
    return new Selection(size, stillCertain, stillPossible, verify, filter);
  }
}
