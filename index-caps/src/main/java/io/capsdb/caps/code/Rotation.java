package io.capsdb.caps.code;

import java.util.SplittableRandom;

/// A fixed random rotation of vectors: it spreads what a vector holds evenly over all values, so
/// that the sign of each carries the same share.
///
/// Rounds of sign flips and a fast Hadamard transform, `O(d log d)`; where the dimension is no
/// power of two, over two overlapping windows of the largest power of two, with flips before each:
/// without flips between them, windows that overlap nearly everywhere would undo each other.
/// Depends on the dimension alone, so that all segments of a collection share it. Immutable and
/// safe for use by many threads.
public final class Rotation {
  private static final long SEED = 0x63617073L;
  private static final int ROUNDS = 3;

  private final int dimension;
  private final int window;
  private final float scale;
  private final float[][] signs;
  private final CodeLoops loops;

  public Rotation(int dimension) {
    this(dimension, CodeKernels.LOOPS);
  }

  Rotation(int dimension, CodeLoops loops) {
    if (dimension < 1) {
      throw new IllegalArgumentException("dimension must be at least 1, was " + dimension);
    }
    this.dimension = dimension;
    this.window = Integer.highestOneBit(dimension);
    this.loops = loops;
    this.scale = (float) (1 / Math.sqrt(window));
    this.signs = new float[window == dimension ? ROUNDS : 2 * ROUNDS][dimension];
    SplittableRandom random = new SplittableRandom(SEED);
    // The transform of a window multiplies lengths by the root of its size. Signs of a window that
    // is everything undo it.
    for (float[] round : signs) {
      for (int i = 0; i < dimension; i++) {
        round[i] = (random.nextBoolean() ? 1 : -1) * (window == dimension ? scale : 1);
      }
    }
  }

  /// Rotates a vector in place.
  ///
  /// @param vector of the rotation's dimension
  public void rotate(float[] vector) {
    if (vector.length != dimension) {
      throw new IllegalArgumentException(
          "vector has " + vector.length + " values, the rotation " + dimension);
    }
    for (int step = 0; step < signs.length; step++) {
      loops.multiply(vector, signs[step]);
      int from = step % 2 == 0 ? 0 : dimension - window;
      loops.hadamard(vector, from, window);
      if (window < dimension) {
        loops.scale(vector, from, window, scale);
      }
    }
  }
}
