package io.capsdb.embeddings.binary;

import java.util.Arrays;
import java.util.SplittableRandom;

/// The directions of largest variance of rows, by orthogonal iteration on their covariance.
final class PrincipalAxes {
  private static final int ROUNDS = 40;

  /// More directions than asked for make those that are asked for converge faster.
  private static final int SPARE = 16;

  private PrincipalAxes() {}

  /// @param count at most the number of values of a row
  /// @return orthonormal rows; the space that they span is that of the first `count` axes, they
  ///     themselves come near to them, in order
  static float[][] of(CentredRows rows, int count) {
    int dimension = rows.dimension();
    if (count > dimension) {
      throw new IllegalArgumentException(
          "there are at most " + dimension + " axes, " + count + " were asked for");
    }
    float[][] covariance = covariance(rows);
    int kept = Math.min(dimension, count + SPARE);
    double[][] axes = Matrices.gaussian(kept, dimension, new SplittableRandom(count));
    Matrices.orthonormalize(axes);
    for (int round = 0; round < ROUNDS; round++) {
      float[][] products = Matrices.products(narrow(axes), covariance);
      for (int i = 0; i < kept; i++) {
        for (int k = 0; k < dimension; k++) {
          axes[i][k] = products[i][k];
        }
      }
      Matrices.orthonormalize(axes);
    }
    return Arrays.copyOf(narrow(axes), count);
  }

  private static float[][] covariance(CentredRows rows) {
    int dimension = rows.dimension();
    float[][] covariance = new float[dimension][dimension];
    for (float[] row : rows.rows()) {
      for (int i = 0; i < dimension; i++) {
        if (row[i] != 0) {
          Matrices.add(covariance[i], row[i], row);
        }
      }
    }
    return covariance;
  }

  private static float[][] narrow(double[][] matrix) {
    float[][] narrow = new float[matrix.length][matrix[0].length];
    for (int i = 0; i < matrix.length; i++) {
      for (int k = 0; k < matrix[i].length; k++) {
        narrow[i][k] = (float) matrix[i][k];
      }
    }
    return narrow;
  }
}
