package io.capsdb;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.index.VectorIndex;
import java.util.Optional;

/// The index over the vectors of one name in a segment.
///
/// @param attributes in ordinal order; empty where filters are evaluated on documents
/// @param rowOf the row at each ordinal; empty when they are equal
/// @param ordinalOf the ordinal of each row, -1 for none; empty when they are equal
@SuppressWarnings("ArrayRecordComponent") // a view of the segment's own tables
record IndexPart(
    VectorIndex index, Optional<AttributeIndex> attributes, int[] rowOf, int[] ordinalOf) {
  int row(int ordinal) {
    return rowOf.length == 0 ? ordinal : rowOf[ordinal];
  }

  int ordinal(int row) {
    return ordinalOf.length == 0 ? row : ordinalOf[row];
  }
}
