package io.capsdb.embeddings.binary;

import io.capsdb.vector.BinaryProjection;
import io.capsdb.vector.Kernels;

/// Codes as the index takes them.
public final class Projections {
  private Projections() {}

  /// The code of rows as they are, not centred: since only signs count, the length to which centred
  /// rows are brought does not matter, and the mean goes into the thresholds.
  ///
  /// @param matrix bits x dimension, for centred rows
  /// @param mean of the training set
  public static BinaryProjection of(float[][] matrix, float[] mean) {
    float[] flat = new float[matrix.length * mean.length];
    float[] thresholds = new float[matrix.length];
    for (int b = 0; b < matrix.length; b++) {
      System.arraycopy(matrix[b], 0, flat, b * mean.length, mean.length);
      thresholds[b] = Kernels.best().dot(matrix[b], mean);
    }
    return new BinaryProjection(mean.length, flat, thresholds);
  }
}
