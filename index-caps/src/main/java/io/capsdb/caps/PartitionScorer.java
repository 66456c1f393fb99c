package io.capsdb.caps;

import io.capsdb.index.RowSink;

/// Scores the matching rows of one partition after the other, for one search. Not for more than one
/// thread.
sealed interface PartitionScorer permits SlotScorer, CodeScorer {
  /// Answers the number of matching rows.
  ///
  /// @param distance of the query to the centroid of the partition, in the space of the partitions
  int score(int partition, float distance, RowSink sink);

  /// Scores what was put aside.
  void finish(RowSink sink);
}
