package io.capsdb;

import io.capsdb.attribute.AttributeIndex;

/// An attribute index over all rows of a segment, in the order of some part.
///
/// @param rowOf the row at each ordinal; empty when they are equal
@SuppressWarnings("ArrayRecordComponent") // a view of the segment's own table
record RowAttributes(AttributeIndex index, int[] rowOf) {
  int row(int ordinal) {
    return rowOf.length == 0 ? ordinal : rowOf[ordinal];
  }
}
