package io.capsdb.embeddings.training;

import java.util.List;

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019); betas 0.9 and 0.999.
public final class AdamW implements Optimizer {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final float EPSILON = 1e-8f;

  private final double weightDecay;
  private float[] mean = new float[0];
  private float[] square = new float[0];
  private int stepCount;

  /// @param weightDecay share of the weights that is taken away at a learning rate of 1
  public AdamW(double weightDecay) {
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException("weightDecay must be at least 0, was " + weightDecay);
    }
    this.weightDecay = weightDecay;
  }

  @Override
  public void step(float[] weights, float[] gradient, double learningRate) {
    if (mean.length != weights.length) {
      mean = new float[weights.length];
      square = new float[weights.length];
    }
    stepCount++;
    float[] m = mean;
    float[] s = square;
    float keep = (float) (1 - learningRate * weightDecay);
    float rate = (float) (learningRate / (1 - Math.pow(BETA1, stepCount)));
    float correction = (float) (1 / Math.sqrt(1 - Math.pow(BETA2, stepCount)));
    float b1 = (float) BETA1;
    float b2 = (float) BETA2;
    for (int i = 0; i < weights.length; i++) {
      float g = gradient[i];
      m[i] = b1 * m[i] + (1 - b1) * g;
      s[i] = b2 * s[i] + (1 - b2) * g * g;
      float root = (float) Math.sqrt(s[i]) * correction + EPSILON;
      weights[i] = keep * weights[i] - rate * m[i] / root;
    }
  }

  @Override
  public List<float[]> state() {
    // A count of steps is exact in a float up to 16 million.
    return List.of(mean.clone(), square.clone(), new float[] {stepCount});
  }

  @Override
  public void restore(List<float[]> state) {
    if (state.size() != 3 || state.get(2).length != 1) {
      throw new IllegalArgumentException(
          "the state has " + state.size() + " arrays, that of AdamW has 3");
    }
    mean = state.get(0).clone();
    square = state.get(1).clone();
    stepCount = (int) state.get(2)[0];
  }
}
