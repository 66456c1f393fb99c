package io.capsdb.embeddings.binary;

import io.capsdb.vector.Kernels;
import java.util.random.RandomGenerator;

/// The little linear algebra that codes need. Matrices are arrays of rows.
final class Matrices {
  private Matrices() {}

  /// `A Bᵀ`: the inner products of all rows of one with all of the other.
  static float[][] products(float[][] a, float[][] b) {
    float[][] products = new float[a.length][b.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b.length; j++) {
        products[i][j] = Kernels.best().dot(a[i], b[j]);
      }
    }
    return products;
  }

  /// `to += factor * what`.
  static void add(float[] to, float factor, float[] what) {
    for (int k = 0; k < to.length; k++) {
      to[k] += factor * what[k];
    }
  }

  static void add(double[] to, double factor, double[] what) {
    for (int k = 0; k < to.length; k++) {
      to[k] += factor * what[k];
    }
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  static double[][] gaussian(int rows, int columns, RandomGenerator random) {
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      for (int k = 0; k < columns; k++) {
        row[k] = random.nextGaussian();
      }
    }
    return matrix;
  }

  /// Makes rows orthonormal, in place; twice, because once leaves rounding.
  static void orthonormalize(double[][] rows) {
    for (int i = 0; i < rows.length; i++) {
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          add(rows[i], -dot(rows[i], rows[j]), rows[j]);
        }
      }
      double length = Math.sqrt(dot(rows[i], rows[i]));
      for (int k = 0; k < rows[i].length; k++) {
        rows[i][k] /= length > 0 ? length : 1;
      }
    }
  }

  /// The orthogonal matrix nearest to a square one: the orthogonal factor of its polar
  /// decomposition, by Newton's iteration (Higham, 1986).
  static double[][] nearestRotation(double[][] matrix) {
    int n = matrix.length;
    double[][] x = new double[n][];
    double size = 0;
    for (double[] row : matrix) {
      size = Math.max(size, Math.sqrt(dot(row, row)));
    }
    for (int i = 0; i < n; i++) {
      x[i] = matrix[i].clone();
      x[i][i] += 1e-9 * size; // an inverse must exist
    }
    for (int round = 0; round < 100; round++) {
      double[][] inverse = inverse(x);
      double scale = Math.sqrt(norm(inverse) / norm(x));
      double change = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          double next = (scale * x[i][j] + inverse[j][i] / scale) / 2;
          change = Math.max(change, Math.abs(next - x[i][j]));
          x[i][j] = next;
        }
      }
      if (change < 1e-10) {
        break;
      }
    }
    return x;
  }

  private static double norm(double[][] matrix) {
    double square = 0;
    for (double[] row : matrix) {
      square += dot(row, row);
    }
    return Math.sqrt(square);
  }

  /// By Gauss and Jordan, with row pivots.
  static double[][] inverse(double[][] matrix) {
    int n = matrix.length;
    double[][] work = new double[n][2 * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(matrix[i], 0, work[i], 0, n);
      work[i][n + i] = 1;
    }
    for (int column = 0; column < n; column++) {
      int pivot = column;
      for (int i = column + 1; i < n; i++) {
        pivot = Math.abs(work[i][column]) > Math.abs(work[pivot][column]) ? i : pivot;
      }
      double[] swapped = work[pivot];
      work[pivot] = work[column];
      work[column] = swapped;
      double divisor = swapped[column];
      if (divisor == 0) {
        throw new IllegalArgumentException("the matrix has no inverse");
      }
      for (int k = 0; k < 2 * n; k++) {
        swapped[k] /= divisor;
      }
      for (int i = 0; i < n; i++) {
        if (i != column && work[i][column] != 0) {
          add(work[i], -work[i][column], swapped);
        }
      }
    }
    double[][] inverse = new double[n][];
    for (int i = 0; i < n; i++) {
      inverse[i] = java.util.Arrays.copyOfRange(work[i], n, 2 * n);
    }
    return inverse;
  }
}
