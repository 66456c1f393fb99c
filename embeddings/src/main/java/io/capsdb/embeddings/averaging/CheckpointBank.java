package io.capsdb.embeddings.averaging;

import java.util.ArrayList;
import java.util.List;

/// The saved weights of one run, or of several that began at the same weights, in their order.
/// Weights are flat, all trainable parameters in a fixed order.
///
/// Memory: all of them, 4 bytes a weight.
public final class CheckpointBank {
  private final List<float[]> checkpoints = new ArrayList<>();

  /// Adds weights, which are not copied and must not change any more.
  ///
  /// @throws IllegalArgumentException if they are not as many as those before, or not all finite
  public void add(float[] weights) {
    if (!checkpoints.isEmpty() && weights.length != dimension()) {
      throw new IllegalArgumentException(
          "checkpoint "
              + checkpoints.size()
              + " has "
              + weights.length
              + " weights, those before have "
              + dimension());
    }
    for (int i = 0; i < weights.length; i++) {
      if (!Float.isFinite(weights[i])) {
        throw new IllegalArgumentException(
            "checkpoint " + checkpoints.size() + ": weight " + i + " is " + weights[i]);
      }
    }
    checkpoints.add(weights);
  }

  public int size() {
    return checkpoints.size();
  }

  /// Weights of each checkpoint.
  ///
  /// @throws IllegalArgumentException if there is no checkpoint
  public int dimension() {
    requireSome();
    return checkpoints.getFirst().length;
  }

  public float[] get(int index) {
    return checkpoints.get(index);
  }

  public float[] last() {
    requireSome();
    return checkpoints.getLast();
  }

  /// The plain mean.
  public float[] mean() {
    return mean(0, checkpoints.size());
  }

  /// The plain mean of the checkpoints `from .. to - 1`: stochastic weight averaging (Izmailov et
  /// al., 2018) where they are of one run, a uniform soup (Wortsman et al., 2022) where they are of
  /// several.
  public float[] mean(int from, int to) {
    List<float[]> chosen = checkpoints.subList(from, to);
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException("there is no checkpoint to average");
    }
    double[] sum = new double[dimension()];
    for (float[] weights : chosen) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += weights[i];
      }
    }
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / chosen.size());
    }
    return mean;
  }

  private void requireSome() {
    if (checkpoints.isEmpty()) {
      throw new IllegalArgumentException("there is no checkpoint");
    }
  }
}
