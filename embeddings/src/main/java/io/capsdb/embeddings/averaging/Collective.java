package io.capsdb.embeddings.averaging;

/// Workers that train together, seen from one of them. All call the same methods in the same order,
/// each with values of the same length, or they wait for each other for ever.
public interface Collective extends AutoCloseable {
  /// Number of this worker, from 0.
  int rank();

  /// Number of workers.
  int size();

  /// Replaces the values by their sums over all workers; the same sums, bit for bit, at each.
  void sum(float[] values);

  @Override
  void close();
}
