package io.capsdb.embeddings.averaging;

/// The few directions in which weights may move: `w = origin + sum of coefficient times direction`.
/// Not for more than one thread.
public interface WeightSubspace {
  /// Number of weights.
  int dimension();

  /// Number of coefficients.
  int coefficientCount();

  /// The coefficients of the mean of the checkpoints.
  float[] startAtMean();

  /// Writes the weights of some coefficients.
  ///
  /// @param weights all of them are replaced
  void compose(float[] coefficients, float[] weights);

  /// Writes the gradient of the coefficients that belongs to a gradient of the weights: the inner
  /// product with each direction.
  ///
  /// @param gradient of the weights; may be changed
  /// @param coefficients all of them are replaced
  void project(float[] gradient, float[] coefficients);

  /// The mean of a loss over all workers that share the directions; itself where there is one.
  default double meanLoss(double loss) {
    return loss;
  }
}
