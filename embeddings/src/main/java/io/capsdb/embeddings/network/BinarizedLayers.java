package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;

/// Layers whose weights and inputs are signs, trained with ReSTE (Wu et al., ICCV 2023), as
/// [io.capsdb.embeddings.binary.RectifiedStraightThroughEstimator] tells it.
///
/// DJL takes no derivative from outside; but `stop(sign(z)) + (z - stop(z)) * stop(d)` has exactly
/// the value `sign(z)` and exactly the derivative *d*.
final class BinarizedLayers {
  private static final float CLIP = 1.5f;
  private static final float LINEAR_ZONE = 0.1f;

  private BinarizedLayers() {}

  /// The signs of values, that of 0 being 1.
  ///
  /// @param steepness *o*, at least 1
  static NDArray sign(NDArray z, double steepness) {
    NDArray fixed = z.stopGradient();
    NDArray signs = fixed.gte(0).toType(DataType.FLOAT32, false).mul(2f).sub(1f);
    NDArray size = fixed.abs();
    // The power is taken where it is finite; within the linear zone it is replaced.
    NDArray slope =
        size.maximum(LINEAR_ZONE)
            .pow((float) ((1 - steepness) / steepness))
            .mul((float) (1 / steepness));
    float secant = (float) (Math.pow(LINEAR_ZONE, 1 / steepness) / LINEAR_ZONE);
    NDArray derivative =
        NDArrays.where(size.lte(LINEAR_ZONE), slope.onesLike().mul(secant), slope)
            .mul(size.lte(CLIP).toType(DataType.FLOAT32, false));
    return signs.add(z.sub(fixed).mul(derivative.stopGradient()));
  }

  /// `sign(x) sign(W)ᵀ`, times the mean size of the weights.
  static NDArray linear(NDArray x, NDArray weight, double steepness) {
    NDArray scale = weight.stopGradient().abs().mean();
    return sign(x, steepness).matMul(sign(weight, steepness).transpose()).mul(scale);
  }
}
