package io.capsdb.bench.prepare;

import java.util.random.RandomGenerator;

/// A curved surface of 16 dimensions in a space of many, and points near it.
///
/// A place `z` on the surface becomes `A z + B sin(C z)`, and some noise is added: vectors fill few
/// of their dimensions, as those of real data do, and no plane holds them.
final class Surface {
  static final int LATENT = 16;
  private static final int WAVES = 32;

  /// How fast the surface bends: about half a period from one cluster to another.
  private static final double FREQUENCY = 0.35;

  /// Standard deviation of the noise over that of the values.
  private static final double NOISE = 0.02;

  private final float[][] plane;
  private final float[][] bend;
  private final float[][] waves;
  private final int dimension;

  Surface(int dimension, RandomGenerator random) {
    this.dimension = dimension;
    plane = gaussian(LATENT, dimension, 1 / Math.sqrt(LATENT), random);
    bend = gaussian(WAVES, dimension, 1 / Math.sqrt(WAVES), random);
    waves = gaussian(WAVES, LATENT, FREQUENCY, random);
  }

  /// A point near a place of the surface.
  float[] point(double[] place, RandomGenerator random) {
    float[] point = new float[dimension];
    for (int i = 0; i < LATENT; i++) {
      add(point, plane[i], place[i]);
    }
    for (int wave = 0; wave < WAVES; wave++) {
      double phase = 0;
      for (int i = 0; i < LATENT; i++) {
        phase += waves[wave][i] * place[i];
      }
      add(point, bend[wave], Math.sin(phase));
    }
    double squares = 0;
    for (float value : point) {
      squares += value * value;
    }
    double noise = NOISE * Math.sqrt(squares / dimension);
    for (int i = 0; i < dimension; i++) {
      point[i] += (float) (noise * random.nextGaussian());
    }
    return point;
  }

  private static void add(float[] sum, float[] vector, double factor) {
    float scale = (float) factor;
    for (int i = 0; i < sum.length; i++) {
      sum[i] += scale * vector[i];
    }
  }

  private static float[][] gaussian(
      int rows, int columns, double deviation, RandomGenerator random) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) (deviation * random.nextGaussian());
      }
    }
    return matrix;
  }
}
