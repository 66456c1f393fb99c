package io.capsdb.embeddings.binary;

import java.util.List;

/// Vectors less the mean of a training set, brought to length 1: what codes are learned on, so that
/// inner products are what neighbours are told by.
@SuppressWarnings("ArrayRecordComponent") // read only
public record CentredRows(float[] mean, float[][] rows) {
  /// The rows of a training set, around their own mean.
  public static CentredRows of(List<float[]> vectors) {
    if (vectors.isEmpty()) {
      throw new IllegalArgumentException("there is no vector");
    }
    int dimension = vectors.getFirst().length;
    double[] sum = new double[dimension];
    for (float[] vector : vectors) {
      if (vector.length != dimension) {
        throw new IllegalArgumentException(
            "a vector has " + vector.length + " values, the first has " + dimension);
      }
      for (int k = 0; k < dimension; k++) {
        sum[k] += vector[k];
      }
    }
    float[] mean = new float[dimension];
    for (int k = 0; k < dimension; k++) {
      mean[k] = (float) (sum[k] / vectors.size());
    }
    return around(mean, vectors);
  }

  /// Other rows around the mean of a training set.
  public static CentredRows around(float[] mean, List<float[]> vectors) {
    float[][] rows = new float[vectors.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = centred(mean, vectors.get(i));
    }
    return new CentredRows(mean, rows);
  }

  private static float[] centred(float[] mean, float[] vector) {
    float[] row = new float[mean.length];
    double square = 0;
    for (int k = 0; k < row.length; k++) {
      row[k] = vector[k] - mean[k];
      square += (double) row[k] * row[k];
    }
    float factor = square > 0 ? (float) (1 / Math.sqrt(square)) : 0;
    for (int k = 0; k < row.length; k++) {
      row[k] *= factor;
    }
    return row;
  }

  int dimension() {
    return mean.length;
  }
}
