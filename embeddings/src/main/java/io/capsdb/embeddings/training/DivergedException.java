package io.capsdb.embeddings.training;

/// The loss is no number any more, or beyond all bounds: the run cannot go on.
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long step;

  public DivergedException(double loss, int epoch, long step) {
    super(
        "the loss is "
            + loss
            + " at step "
            + step
            + " (epoch "
            + (epoch + 1)
            + "); try a smaller learning rate");
    this.step = step;
  }

  /// The step, from 0, at which it was noticed.
  public long step() {
    return step;
  }
}
