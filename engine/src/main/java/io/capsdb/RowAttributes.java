package io.capsdb;

import io.capsdb.attribute.AttributeIndex;
import java.util.function.IntUnaryOperator;

/// An attribute index over all rows of a segment, in the order of some part.
///
/// @param rowOf the row at each ordinal; empty when they are equal
@SuppressWarnings("ArrayRecordComponent") // a view of the segment's own table
record RowAttributes(AttributeIndex index, int[] rowOf) {
  /// The ordinal of each row; the table is made for the purpose.
  IntUnaryOperator ordinalOf() {
    if (rowOf.length == 0) {
      return row -> row;
    }
    int[] ordinals = new int[rowOf.length];
    for (int ordinal = 0; ordinal < rowOf.length; ordinal++) {
      ordinals[rowOf[ordinal]] = ordinal;
    }
    return row -> ordinals[row];
  }

  int row(int ordinal) {
    return rowOf.length == 0 ? ordinal : rowOf[ordinal];
  }
}
