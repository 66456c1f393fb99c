package io.capsdb.embeddings.binary;

/// ReSTE, the rectified straight-through estimator (Wu et al., "Estimator Meets Equilibrium
/// Perspective", ICCV 2023).
///
/// It takes the derivative of `sign(z) |z|^(1/o)`. With *o* = 1 that is the identity, whose
/// gradients are stable; with growing *o* it comes near to the sign, whose gradients are not. Over
/// a training *o* slides from 1 towards its end. Two guards: beyond `clip` the gradient is 0, and
/// within `linearZone`, where the derivative grows without bound, it is the slope of the secant.
public final class RectifiedStraightThroughEstimator implements SignEstimator {
  private final double clip;
  private final double linearZone;
  private final double end;

  /// The paper's constants: 1.5, 0.1 and 3.
  public RectifiedStraightThroughEstimator() {
    this(1.5, 0.1, 3);
  }

  /// @param clip *t*, above `linearZone`
  /// @param linearZone *m*, above 0
  /// @param end *o* to which the steepness slides, at least 1
  public RectifiedStraightThroughEstimator(double clip, double linearZone, double end) {
    if (!(linearZone > 0 && clip > linearZone)) {
      throw new IllegalArgumentException(
          "clip must be above linearZone, and that above 0, were " + clip + " and " + linearZone);
    }
    if (!(end >= 1)) {
      throw new IllegalArgumentException("end must be at least 1, was " + end);
    }
    this.clip = clip;
    this.linearZone = linearZone;
    this.end = end;
  }

  @Override
  public String name() {
    return "ReSTE";
  }

  /// `1 + (1 - cos(pi/2 e/E)) (end - 1)`: 1 in the first epoch, below `end` in the last.
  @Override
  public double steepness(int epoch, int epochs) {
    return 1 + (1 - Math.cos(Math.PI / 2 * epoch / epochs)) * (end - 1);
  }

  @Override
  public double backwardScale(double z, double steepness) {
    double size = Math.abs(z);
    if (size > clip) {
      return 0;
    }
    if (size <= linearZone) {
      return Math.pow(linearZone, 1 / steepness) / linearZone;
    }
    return Math.pow(size, (1 - steepness) / steepness) / steepness;
  }

  @Override
  public double smooth(double z, double steepness) {
    return Math.copySign(Math.pow(Math.abs(z), 1 / steepness), z);
  }
}
