package io.capsdb.attribute;

/// Neighbouring codes of a column.
///
/// @param low first code, at least 1
/// @param high last code; below `low` where there are none
record CodeInterval(int low, int high) {
  static final CodeInterval EMPTY = new CodeInterval(1, 0);

  boolean isEmpty() {
    return high < low;
  }
}
