package io.capsdb.embeddings.averaging;

import java.util.SplittableRandom;

/// As many random directions around the mean as there are checkpoints: the control that shows
/// whether the checkpoints' own directions matter.
public final class RandomSubspace implements WeightSubspace {
  private final float[] center;
  private final SchmidtSubspace directions;

  private RandomSubspace(float[] center, SchmidtSubspace directions) {
    this.center = center;
    this.directions = directions;
  }

  public static RandomSubspace like(CheckpointBank bank, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    CheckpointBank noise = new CheckpointBank();
    for (int i = 0; i < bank.size(); i++) {
      float[] direction = new float[bank.dimension()];
      for (int k = 0; k < direction.length; k++) {
        direction[k] = (float) random.nextGaussian();
      }
      noise.add(direction);
    }
    return new RandomSubspace(bank.mean(), SchmidtSubspace.of(noise));
  }

  @Override
  public int dimension() {
    return directions.dimension();
  }

  @Override
  public int coefficientCount() {
    return directions.coefficientCount();
  }

  @Override
  public float[] startAtMean() {
    return new float[coefficientCount()];
  }

  @Override
  public void compose(float[] coefficients, float[] weights) {
    directions.compose(coefficients, weights);
    for (int k = 0; k < weights.length; k++) {
      weights[k] += center[k];
    }
  }

  @Override
  public void project(float[] gradient, float[] coefficients) {
    directions.project(gradient, coefficients);
  }
}
