package io.capsdb.index;

/// One search's walk over the partitions of one index, nearest centroid first. Not for more than
/// one thread.
public interface Prober {
  /// Distance of the query to the centroid of the next partition, in the order of the walk;
  /// positive infinity when no partition that can match is left. Negative infinity where there are
  /// no centroids: such rows come first.
  float nextDistance();

  /// Scores the matching rows of the next partition into the sink, or passes it over, counts it,
  /// and steps on.
  ///
  /// @throws java.util.NoSuchElementException if none is left
  void probeNext(RowSink sink);

  /// Scores what [#probeNext] has put aside; called once, after the last partition.
  default void finish(RowSink sink) {}

  /// Number of partitions of the index, visited or not.
  int partitionCount();
}
