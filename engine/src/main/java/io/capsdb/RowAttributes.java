package io.capsdb;

import io.capsdb.attribute.AttributeIndex;
import java.util.function.IntUnaryOperator;

/// An attribute index over all rows of a segment, in the order of some part.
///
/// @param rowOf the row at each ordinal; empty when they are equal
/// @param ordinalOfRow the ordinal of each row; empty when they are equal
@SuppressWarnings("ArrayRecordComponent") // a view of the segment's own table
record RowAttributes(AttributeIndex index, int[] rowOf, int[] ordinalOfRow) {
  /// The ordinal of each row.
  IntUnaryOperator ordinalOf() {
    return row -> ordinalOfRow.length == 0 ? row : ordinalOfRow[row];
  }

  int row(int ordinal) {
    return rowOf.length == 0 ? ordinal : rowOf[ordinal];
  }
}
