package io.capsdb.embeddings.binary;

/// What stands in for the derivative of `sign`, which is 0, when a code is trained.
public interface SignEstimator {
  String name();

  /// The exponent's reciprocal, *o*, in an epoch; at least 1. 1 where there is no exponent.
  ///
  /// @param epoch from 0
  double steepness(int epoch, int epochs);

  /// What a gradient at the sign of *z* is multiplied with, to be a gradient at *z*.
  double backwardScale(double z, double steepness);

  /// The function whose derivative that is, where no guard cuts it.
  double smooth(double z, double steepness);
}
