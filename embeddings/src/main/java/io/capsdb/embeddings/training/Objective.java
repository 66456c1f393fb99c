package io.capsdb.embeddings.training;

/// A loss of flat weights over the rows of a training set, with its gradient. Everything that
/// trains here, optimisers and weight averaging alike, sees a model only through this.
///
/// For one thread at a time.
public interface Objective {
  /// Number of weights.
  int dimension();

  /// Rows of the training set.
  int rowCount();

  /// The mean loss of some rows; their gradient replaces what `gradient` holds.
  ///
  /// @param rows numbers of rows, at least one
  /// @param gradient as long as the weights
  double gradient(float[] weights, int[] rows, float[] gradient);
}
