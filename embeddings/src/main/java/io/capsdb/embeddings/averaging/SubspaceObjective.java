package io.capsdb.embeddings.averaging;

import io.capsdb.embeddings.training.Objective;

/// An objective of weights, seen through the coefficients of a subspace.
final class SubspaceObjective implements Objective {
  private final Objective ofWeights;
  private final WeightSubspace subspace;
  private final float[] weights;
  private final float[] gradientOfWeights;

  SubspaceObjective(Objective ofWeights, WeightSubspace subspace) {
    if (ofWeights.dimension() != subspace.dimension()) {
      throw new IllegalArgumentException(
          "the model has "
              + ofWeights.dimension()
              + " weights, the checkpoints have "
              + subspace.dimension());
    }
    this.ofWeights = ofWeights;
    this.subspace = subspace;
    this.weights = new float[subspace.dimension()];
    this.gradientOfWeights = new float[subspace.dimension()];
  }

  @Override
  public int dimension() {
    return subspace.coefficientCount();
  }

  @Override
  public int rowCount() {
    return ofWeights.rowCount();
  }

  @Override
  public double gradient(float[] coefficients, int[] rows, float[] gradient) {
    subspace.compose(coefficients, weights);
    double loss = ofWeights.gradient(weights, rows, gradientOfWeights);
    subspace.project(gradientOfWeights, gradient);
    return subspace.meanLoss(loss);
  }
}
