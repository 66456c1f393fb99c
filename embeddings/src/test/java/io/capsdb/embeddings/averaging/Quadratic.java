package io.capsdb.embeddings.averaging;

import io.capsdb.embeddings.training.Objective;
import java.util.SplittableRandom;

/// Least squares over random rows: an objective whose gradient is known, without a network.
final class Quadratic implements Objective {
  private final float[][] rows;
  private final float[] wanted;

  Quadratic(int rowCount, int dimension, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    rows = new float[rowCount][dimension];
    wanted = new float[rowCount];
    for (int i = 0; i < rowCount; i++) {
      for (int k = 0; k < dimension; k++) {
        rows[i][k] = (float) random.nextGaussian();
      }
      wanted[i] = (float) random.nextGaussian();
    }
  }

  @Override
  public int dimension() {
    return rows[0].length;
  }

  @Override
  public int rowCount() {
    return rows.length;
  }

  @Override
  public double gradient(float[] weights, int[] chosen, float[] gradient) {
    double loss = 0;
    double[] sum = new double[gradient.length];
    for (int i : chosen) {
      double error = -wanted[i];
      for (int k = 0; k < weights.length; k++) {
        error += (double) rows[i][k] * weights[k];
      }
      loss += error * error / 2;
      for (int k = 0; k < weights.length; k++) {
        sum[k] += error * rows[i][k];
      }
    }
    for (int k = 0; k < gradient.length; k++) {
      gradient[k] = (float) (sum[k] / chosen.length);
    }
    return loss / chosen.length;
  }
}
