package io.capsdb.caps.code;

import org.jspecify.annotations.Nullable;

/// A query in the form of the codes of one index part, with which it is compared. Not for more than
/// one thread.
public sealed interface CodedQuery permits BinaryQuery, ByteQuery {
  /// Whether bounds can be computed; they cannot for huge values.
  boolean isUsable();

  /// Adds the rows of a partition whose lower bound is below a limit.
  ///
  /// @param centroidDistance distance of the query to the centroid of the partition
  /// @param mask rows that may be hits: row `i` of the partition at bit `i & 63` of word `i >> 6`;
  ///     null where all may
  void scan(
      int partition,
      float centroidDistance,
      float limit,
      long @Nullable [] mask,
      Candidates candidates);

  /// Adds all centroids, with estimates of their distances.
  void estimateCentroids(Candidates candidates);

  /// Begins scoring rows one by one; only where [RowCodes#hasRecords].
  ///
  /// @param centroidDistances distance of the query to the centroid of each partition
  ListScan list(float[] centroidDistances);
}
