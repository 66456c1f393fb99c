package io.capsdb.attribute;

import io.capsdb.io.CheckedWriter;
import java.util.function.LongPredicate;
import org.roaringbitmap.RoaringBitmap;

/// The values of one type at one path, and who holds them. Keys are what [ValueKeys] makes of
/// values.
sealed interface TypedValues permits PostingValues, SortedValues {
  ValueType type();

  /// Whether a key stands for one value only, so that answers by key are exact.
  default boolean isExact() {
    return this instanceof PostingValues || type() != ValueType.KEYWORD;
  }

  /// Ordinals that hold a value equal to `value`; a superset of them unless [#isExact].
  RoaringBitmap holding(Object value);

  /// Ordinals that hold some value other than all those for which `isExcluded` by key. A subset of
  /// them unless [#isExact]: rows that share a key with an excluded value are left out.
  RoaringBitmap holdingOther(java.util.Set<Object> excluded);

  /// Ordinals that hold a number or date-time whose key passes both tests; the tests are monotone
  /// in the key.
  ///
  /// @param isHighEnough false up to some key, then true
  /// @param isLowEnough true up to some key, then false
  RoaringBitmap between(LongPredicate isHighEnough, LongPredicate isLowEnough);

  /// Ordinals that hold any value of this type.
  RoaringBitmap any();

  TypedValues reorder(Reordering reordering);

  void write(CheckedWriter out);
}
