package io.capsdb.attribute;

import org.roaringbitmap.RoaringBitmap;

/// One indexed field: a path and one type of the values found there.
///
/// A field with postings numbers its distinct values `0 .. valueCount - 1` in ascending order: its
/// **codes**.
public interface AttributeField {
  /// A path of keys, as `FieldPath.join` writes it.
  String path();

  ValueType type();

  /// Whether rows can be asked for by code; not of a field with too many distinct values. Where the
  /// postings themselves were left out, all rows are looked at for each code.
  boolean hasPostings();

  /// Number of distinct values; an upper bound for a field without postings.
  int valueCount();

  /// The value of a code, as the payload holds it: `String`, `Long`, `Double` or `Boolean`. Only
  /// where [#hasPostings].
  Object value(int code);

  /// The ordinals that hold a value; not to be changed. Only where [#hasPostings].
  RoaringBitmap ordinals(int code);

  /// Takes the ordinals that hold a value.
  @FunctionalInterface
  interface Holders {
    void accept(int code, int ordinal);
  }

  /// Tells all values of all ordinals: what [#ordinals] of one code after the other does, in one
  /// pass where rows are known by their column. Those of one ordinal come by ascending code.
  ///
  /// @throws IllegalStateException if the field has no postings
  void forEach(Holders holders);
}
