package io.capsdb.attribute;

import io.capsdb.io.CheckedWriter;
import java.util.function.LongPredicate;
import org.roaringbitmap.RoaringBitmap;

/// The values of one type at one path, and who holds them. Keys are what [ValueKeys] makes of
/// values.
sealed interface TypedValues permits PostingValues, SortedNumbers, HashedTexts {
  /// Objects around the arrays of a field, and its share of a table of fields.
  long OBJECT_BYTES = 200;

  ValueType type();

  /// Number of distinct values; an upper bound where they are very many.
  int valueCount();

  /// Whether a key stands for one value only, so that answers by key are exact.
  default boolean isExact() {
    return true;
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

  /// The values as a column, whose codes begin with 1; empty where some row has two values, where
  /// few rows have one, and where documents decide.
  ///
  /// @param size number of ordinals of the part
  java.util.Optional<Column> column(int size);

  /// The codes in a column of the rows that [#holding] answers.
  CodeInterval codesOf(Object value);

  /// The codes in a column of the rows that [#between] answers.
  CodeInterval codesBetween(LongPredicate isHighEnough, LongPredicate isLowEnough);

  /// Number of rows whose code lies in an interval; not fewer.
  long countOf(int low, int high);

  /// The rows whose code lies in an interval, in no order.
  int[] holdersOf(int low, int high);

  /// Where the rows lie whose code is in an interval, as far as that is quickly told.
  default OrdinalRange extentOf(int low, int high) {
    return OrdinalRange.ALL;
  }

  /// About how many steps [#holdersOf] takes, each as long as copying an ordinal.
  default long holderSteps(int low, int high) {
    return countOf(low, high);
  }

  TypedValues reorder(Reordering reordering);

  /// Adds all values to others, for the rows that their ordinals have become.
  ///
  /// @param rowOf for each ordinal its row; -1 for those that are left out
  void collect(int[] rowOf, ValueCollector into);

  /// The same values in the form that takes the fewest bytes; slower to list rows by.
  ///
  /// @param size number of ordinals of the part
  default TypedValues slim(int size) {
    return this;
  }

  /// About the bytes that the values take in memory, with their column; the file has no more.
  ///
  /// @param size number of ordinals of the part
  long bytes(int size);

  void write(CheckedWriter out);
}
