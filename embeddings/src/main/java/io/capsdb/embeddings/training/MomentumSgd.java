package io.capsdb.embeddings.training;

import java.util.List;

/// Stochastic gradient descent with momentum: `v = m v + (g + d w)`, `w = w - lr v`.
public final class MomentumSgd implements Optimizer {
  private final float momentum;
  private final float weightDecay;
  private float[] velocity = new float[0];

  /// @param momentum 0 up to, but without, 1
  /// @param weightDecay factor of the weights that is added to the gradient, at least 0
  public MomentumSgd(double momentum, double weightDecay) {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum must be from 0 to below 1, was " + momentum);
    }
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException("weightDecay must be at least 0, was " + weightDecay);
    }
    this.momentum = (float) momentum;
    this.weightDecay = (float) weightDecay;
  }

  @Override
  public void step(float[] weights, float[] gradient, double learningRate) {
    if (velocity.length != weights.length) {
      velocity = new float[weights.length];
    }
    float[] v = velocity;
    float rate = (float) learningRate;
    for (int i = 0; i < weights.length; i++) {
      v[i] = momentum * v[i] + gradient[i] + weightDecay * weights[i];
      weights[i] -= rate * v[i];
    }
  }

  @Override
  public List<float[]> state() {
    return List.of(velocity.clone());
  }

  @Override
  public void restore(List<float[]> state) {
    if (state.size() != 1) {
      throw new IllegalArgumentException(
          "the state has " + state.size() + " arrays, that of SGD has 1");
    }
    velocity = state.getFirst().clone();
  }
}
