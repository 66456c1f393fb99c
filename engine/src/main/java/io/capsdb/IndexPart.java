package io.capsdb;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.index.VectorIndex;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;

/// The index over the vectors of one name in a segment.
///
/// @param attributes in ordinal order; empty where filters are evaluated on documents
/// @param rowOf the row at each ordinal; empty when they are equal
/// @param ordinalOf the ordinal of each row, -1 for none; empty when they are equal
/// @param graph over the same ordinals, where there is one
@SuppressWarnings("ArrayRecordComponent") // a view of the segment's own tables
record IndexPart(
    VectorIndex index,
    Optional<AttributeIndex> attributes,
    int[] rowOf,
    int[] ordinalOf,
    Optional<VectorIndex> graph) {
  /// Without a graph.
  IndexPart(VectorIndex index, Optional<AttributeIndex> attributes, int[] rowOf, int[] ordinalOf) {
    this(index, attributes, rowOf, ordinalOf, Optional.empty());
  }

  /// A part whose attributes know the index's partitions.
  ///
  /// @param attributes with columns, in ordinal order
  static IndexPart of(VectorIndex index, AttributeIndex attributes, int[] rowOf, int[] ordinalOf) {
    return new IndexPart(
        index, Optional.of(attributes.inRuns(index.partitionStarts())), rowOf, ordinalOf);
  }

  /// The same beside a graph.
  IndexPart with(Optional<VectorIndex> other) {
    return new IndexPart(index, attributes, rowOf, ordinalOf, other);
  }

  int row(int ordinal) {
    return rowOf.length == 0 ? ordinal : rowOf[ordinal];
  }

  int ordinal(int row) {
    return ordinalOf.length == 0 ? row : ordinalOf[row];
  }

  /// The ordinals of some rows, as far as they have this vector; owned by the caller.
  RoaringBitmap ordinals(RoaringBitmap rows) {
    // Rows that follow one another have ordinals all over the part.
    return RoaringBitmap.bitmapOfUnordered(
        rows.stream().map(this::ordinal).filter(ordinal -> ordinal >= 0).toArray());
  }
}
