package io.capsdb.caps.code;

import io.capsdb.index.TopK;

/// Puts rows in order by their codes alone, for one query. What it offers is smaller the nearer a
/// row is thought to be, and is compared with nothing but what it offers for other rows. Not for
/// more than one thread.
public sealed interface RowRanking permits EstimateRanking, AgreementRanking {
  /// Offers rows of a partition, by their ordinals.
  ///
  /// @param centroidDistance distance of the query to the centroid of the partition
  /// @param mask rows that may be hits: row `i` of the partition at bit `i & 63` of word `i >> 6`
  void offer(int partition, float centroidDistance, long[] mask, TopK top);
}
