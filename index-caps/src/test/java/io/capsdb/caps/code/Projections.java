package io.capsdb.caps.code;

import io.capsdb.testdata.TestData;
import io.capsdb.vector.BinaryProjection;
import java.util.List;
import java.util.random.RandomGenerator;

/// Projections as tests make them.
public final class Projections {
  private Projections() {}

  /// Random orthonormal directions through the mean of rows, from Gram and Schmidt; `bits` is at
  /// most the dimension.
  public static BinaryProjection orthonormal(
      RandomGenerator random, List<float[]> rows, int bits, double scale) {
    return through(rows, directions(random, rows.getFirst().length, bits), scale);
  }

  /// The main directions of rows, turned at random among themselves: as learned codes begin (PCA,
  /// then a rotation).
  public static BinaryProjection principal(RandomGenerator random, List<float[]> rows, int bits) {
    int dimension = rows.getFirst().length;
    double[] mean = mean(rows);
    double[][] basis = directions(random, dimension, bits);
    for (int round = 0; round < 15; round++) {
      double[][] next = new double[bits][dimension];
      for (float[] row : rows) {
        for (int bit = 0; bit < bits; bit++) {
          double along = 0;
          for (int i = 0; i < dimension; i++) {
            along += basis[bit][i] * (row[i] - mean[i]);
          }
          for (int i = 0; i < dimension; i++) {
            next[bit][i] += along * (row[i] - mean[i]);
          }
        }
      }
      orthonormalize(next);
      basis = next;
    }
    double[][] turn = directions(random, bits, bits);
    double[][] turned = new double[bits][dimension];
    for (int bit = 0; bit < bits; bit++) {
      for (int from = 0; from < bits; from++) {
        for (int i = 0; i < dimension; i++) {
          turned[bit][i] += turn[bit][from] * basis[from][i];
        }
      }
    }
    return through(rows, turned, 1);
  }

  private static BinaryProjection through(List<float[]> rows, double[][] basis, double scale) {
    int dimension = rows.getFirst().length;
    double[] mean = mean(rows);
    float[] matrix = new float[basis.length * dimension];
    float[] thresholds = new float[basis.length];
    for (int bit = 0; bit < basis.length; bit++) {
      double threshold = 0;
      for (int i = 0; i < dimension; i++) {
        matrix[bit * dimension + i] = (float) (scale * basis[bit][i]);
        threshold += scale * basis[bit][i] * mean[i];
      }
      thresholds[bit] = (float) threshold;
    }
    return new BinaryProjection(dimension, matrix, thresholds);
  }

  private static double[] mean(List<float[]> rows) {
    double[] mean = new double[rows.getFirst().length];
    for (float[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / (double) rows.size();
      }
    }
    return mean;
  }

  private static double[][] directions(RandomGenerator random, int dimension, int count) {
    double[][] basis = new double[count][dimension];
    for (double[] direction : basis) {
      float[] gaussian = TestData.around(random, new float[dimension], 1);
      for (int i = 0; i < dimension; i++) {
        direction[i] = gaussian[i];
      }
    }
    orthonormalize(basis);
    return basis;
  }

  private static void orthonormalize(double[][] basis) {
    for (int bit = 0; bit < basis.length; bit++) {
      for (int before = 0; before < bit; before++) {
        double along = dot(basis[bit], basis[before]);
        for (int i = 0; i < basis[bit].length; i++) {
          basis[bit][i] -= along * basis[before][i];
        }
      }
      double norm = Math.sqrt(dot(basis[bit], basis[bit]));
      for (int i = 0; i < basis[bit].length; i++) {
        basis[bit][i] /= norm;
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
