package io.capsdb.embeddings.averaging;

import io.capsdb.vector.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The span of the checkpoints themselves, through an orthonormal basis (method A of trainable
/// weight averaging, Li et al., ICLR 2023). Nothing is centred, so decay towards 0 stays inside.
///
/// Checkpoints of one run are nearly collinear: the basis is computed in double precision, with a
/// second pass of orthogonalisation, and a checkpoint that adds no direction of its own is left
/// out. Cost: O(n² D) to build and O(n D) for each step, memory 4 n D bytes.
public final class SchmidtSubspace implements WeightSubspace {
  /// Shorter remainders of a checkpoint, relative to it, are rounding.
  private static final double LEAST_REMAINDER = 1e-6;

  private final float[][] basis;
  private final double[][] ofCheckpoints;
  private final float[] start;
  private final int dimension;

  private SchmidtSubspace(float[][] basis, double[][] ofCheckpoints, float[] start, int dimension) {
    this.basis = basis;
    this.ofCheckpoints = ofCheckpoints;
    this.start = start;
    this.dimension = dimension;
  }

  /// @throws IllegalArgumentException if there is no checkpoint, or none but zeros
  public static SchmidtSubspace of(CheckpointBank bank) {
    List<double[]> vectors = new ArrayList<>();
    List<double[]> mixes = new ArrayList<>();
    for (int i = 0; i < bank.size(); i++) {
      double[] rest = widen(bank.get(i));
      double[] mix = new double[bank.size()];
      mix[i] = 1;
      double whole = length(rest);
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < vectors.size(); j++) {
          double share = dot(vectors.get(j), rest);
          subtract(rest, share, vectors.get(j));
          subtract(mix, share, mixes.get(j));
        }
      }
      double length = length(rest);
      if (length > LEAST_REMAINDER * whole) {
        scale(rest, 1 / length);
        scale(mix, 1 / length);
        vectors.add(rest);
        mixes.add(mix);
      }
    }
    if (vectors.isEmpty()) {
      throw new IllegalArgumentException("all checkpoints are zero");
    }
    float[] mean = bank.mean();
    float[][] basis = vectors.stream().map(SchmidtSubspace::narrow).toArray(float[][]::new);
    return new SchmidtSubspace(
        basis, mixes.toArray(double[][]::new), products(basis, mean), mean.length);
  }

  /// A slice of the directions, for one worker of several; the slices of all are the whole, because
  /// blocks of an orthonormal basis are orthogonal to each other.
  SchmidtSubspace slice(int from, int to) {
    return new SchmidtSubspace(
        Arrays.copyOfRange(basis, from, to),
        Arrays.copyOfRange(ofCheckpoints, from, to),
        Arrays.copyOfRange(start, from, to),
        dimension);
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public int coefficientCount() {
    return basis.length;
  }

  @Override
  public float[] startAtMean() {
    return start.clone();
  }

  @Override
  public void compose(float[] coefficients, float[] weights) {
    Arrays.fill(weights, 0);
    for (int i = 0; i < basis.length; i++) {
      float factor = coefficients[i];
      float[] direction = basis[i];
      for (int k = 0; k < weights.length; k++) {
        weights[k] += factor * direction[k];
      }
    }
  }

  @Override
  public void project(float[] gradient, float[] coefficients) {
    System.arraycopy(products(basis, gradient), 0, coefficients, 0, basis.length);
  }

  /// The same weights as a sum of checkpoints: the factor of each checkpoint.
  public double[] ofCheckpoints(float[] coefficients) {
    double[] factors = new double[ofCheckpoints[0].length];
    for (int i = 0; i < coefficients.length; i++) {
      subtract(factors, -coefficients[i], ofCheckpoints[i]);
    }
    return factors;
  }

  /// Largest absolute value of `P Pᵀ - I`.
  public double orthogonalityError() {
    double worst = 0;
    for (int i = 0; i < basis.length; i++) {
      for (int j = 0; j <= i; j++) {
        double product = dot(widen(basis[i]), widen(basis[j]));
        worst = Math.max(worst, Math.abs(product - (i == j ? 1 : 0)));
      }
    }
    return worst;
  }

  private static float[] products(float[][] rows, float[] vector) {
    float[] products = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      products[i] = Kernels.best().dot(rows[i], vector);
    }
    return products;
  }

  private static double[] widen(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static float[] narrow(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  private static double dot(double[] a, double[] b) {
    // Four sums, so that one addition need not wait for the one before.
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < a.length; i += 4) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      s0 += a[i] * b[i];
    }
    return s0 + s1 + s2 + s3;
  }

  private static double length(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  private static void subtract(double[] from, double factor, double[] what) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= factor * what[i];
    }
  }

  private static void scale(double[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }
}
