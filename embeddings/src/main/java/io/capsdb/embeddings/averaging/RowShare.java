package io.capsdb.embeddings.averaging;

import io.capsdb.embeddings.training.Objective;
import java.util.Arrays;

/// One worker's share of the rows of each batch. The mean over all workers is the loss and the
/// gradient of the whole batch.
public final class RowShare implements Objective {
  private final Objective whole;
  private final int rank;
  private final int size;

  public RowShare(Objective whole, Collective workers) {
    this.whole = whole;
    this.rank = workers.rank();
    this.size = workers.size();
  }

  @Override
  public int dimension() {
    return whole.dimension();
  }

  @Override
  public int rowCount() {
    return whole.rowCount();
  }

  @Override
  public double gradient(float[] weights, int[] rows, float[] gradient) {
    int count = (rows.length - rank + size - 1) / size;
    if (count <= 0) {
      Arrays.fill(gradient, 0);
      return 0;
    }
    int[] own = new int[count];
    Arrays.setAll(own, i -> rows[rank + i * size]);
    double share = (double) count * size / rows.length;
    double loss = whole.gradient(weights, own, gradient);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= (float) share;
    }
    return loss * share;
  }
}
