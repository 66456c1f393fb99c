package io.capsdb.embeddings.averaging;

import java.util.Arrays;

/// A subspace whose directions are shared out over workers, each of which trains the coefficients
/// of its own; memory and time of each are those of its share. Each worker computes the gradient of
/// its own rows of a batch; what travels are sums of weight vectors.
///
/// Training with an optimiser that treats each coefficient by itself (all here do, but clipping
/// does not) gives what one worker with all directions would reach, up to rounding.
public final class ShardedSubspace implements WeightSubspace {
  private final WeightSubspace own;
  private final Collective workers;

  private ShardedSubspace(WeightSubspace own, Collective workers) {
    this.own = own;
    this.workers = workers;
  }

  /// The share of one worker; the last one takes the rest.
  public static ShardedSubspace of(SchmidtSubspace whole, Collective workers) {
    int each = whole.coefficientCount() / workers.size();
    int from = each * workers.rank();
    boolean isLast = workers.rank() == workers.size() - 1;
    return new ShardedSubspace(
        whole.slice(from, isLast ? whole.coefficientCount() : from + each), workers);
  }

  /// The share of one worker; the last one takes the rest.
  public static ShardedSubspace of(CenteredLayerwiseSubspace whole, Collective workers) {
    int each = whole.checkpointCount() / workers.size();
    int from = each * workers.rank();
    boolean isLast = workers.rank() == workers.size() - 1;
    if (each == 0) {
      throw new IllegalArgumentException(
          whole.checkpointCount() + " checkpoints are too few for " + workers.size() + " workers");
    }
    return new ShardedSubspace(
        whole.slice(from, isLast ? whole.checkpointCount() : from + each), workers);
  }

  @Override
  public int dimension() {
    return own.dimension();
  }

  /// Coefficients of this worker.
  @Override
  public int coefficientCount() {
    return own.coefficientCount();
  }

  @Override
  public float[] startAtMean() {
    return own.startAtMean();
  }

  @Override
  public void compose(float[] coefficients, float[] weights) {
    own.compose(coefficients, weights);
    workers.sum(weights);
  }

  /// @param gradient of this worker's rows; the mean over all workers is projected
  @Override
  public void project(float[] gradient, float[] coefficients) {
    float[] mean = Arrays.copyOf(gradient, gradient.length);
    workers.sum(mean);
    own.project(mean, coefficients);
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] /= workers.size();
    }
  }

  /// The same at each worker, so that all decide alike.
  @Override
  public double meanLoss(double loss) {
    float[] sum = {(float) loss};
    workers.sum(sum);
    return sum[0] / workers.size();
  }
}
