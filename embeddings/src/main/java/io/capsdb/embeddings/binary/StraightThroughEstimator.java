package io.capsdb.embeddings.binary;

/// The straight-through estimator (Bengio et al., 2013): the derivative of the identity, everywhere
/// or within a window.
public final class StraightThroughEstimator implements SignEstimator {
  /// Where the gradient passes.
  public enum Window {
    /// Everywhere: the older, weaker form.
    NONE,
    /// Where `|z| <= 1`.
    HARD_TANH
  }

  private final Window window;

  public StraightThroughEstimator(Window window) {
    this.window = window;
  }

  @Override
  public String name() {
    return window == Window.NONE ? "identity STE" : "windowed STE";
  }

  @Override
  public double steepness(int epoch, int epochs) {
    return 1;
  }

  @Override
  public double backwardScale(double z, double steepness) {
    return window == Window.NONE || Math.abs(z) <= 1 ? 1 : 0;
  }

  @Override
  public double smooth(double z, double steepness) {
    return z;
  }
}
