package io.capsdb.embeddings.binary;

import java.util.SplittableRandom;

/// Codes that are not trained by gradients: the baselines of learned ones. All are matrices of
/// `bits` rows, for centred rows.
public final class BaselineCodes {
  private static final int ROUNDS = 30;

  private BaselineCodes() {}

  /// Signs of random projections (Charikar, 2002).
  public static float[][] signRandomProjection(int dimension, int bits, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] matrix = new float[bits][dimension];
    for (float[] row : matrix) {
      for (int k = 0; k < dimension; k++) {
        row[k] = (float) random.nextGaussian();
      }
    }
    return matrix;
  }

  /// Iterative quantization (Gong and Lazebnik, 2011): principal axes, rotated so that the values
  /// lie near the corners of a cube; 30 alternations from a random rotation.
  static float[][] rotate(CentredRows rows, float[][] axes, long seed) {
    int bits = axes.length;
    float[][] values = Matrices.products(rows.rows(), axes);
    double[][] rotation = Matrices.gaussian(bits, bits, new SplittableRandom(seed));
    Matrices.orthonormalize(rotation);
    for (int round = 0; round < ROUNDS; round++) {
      double[][] products = new double[bits][bits];
      double[] rotated = new double[bits];
      for (float[] value : values) {
        for (int b = 0; b < bits; b++) {
          double sum = 0;
          for (int k = 0; k < bits; k++) {
            sum += rotation[b][k] * value[k];
          }
          rotated[b] = sum >= 0 ? 1 : -1;
        }
        for (int b = 0; b < bits; b++) {
          double sign = rotated[b];
          for (int k = 0; k < bits; k++) {
            products[b][k] += sign * value[k];
          }
        }
      }
      rotation = Matrices.nearestRotation(products);
    }
    float[][] matrix = new float[bits][rows.dimension()];
    for (int b = 0; b < bits; b++) {
      for (int k = 0; k < bits; k++) {
        Matrices.add(matrix[b], (float) rotation[b][k], axes[k]);
      }
    }
    return matrix;
  }
}
