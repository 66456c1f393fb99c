package io.capsdb.caps;

import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;

/// Some centroids, value by value, with which many vectors are compared. Safe for use by many
/// threads.
final class CentroidBlock {
  private final float[] columns;
  private final int stride;
  private final int count;

  private CentroidBlock(float[] columns, int stride, int count) {
    this.columns = columns;
    this.stride = stride;
    this.count = count;
  }

  /// A copy of some rows of a matrix.
  static CentroidBlock of(VectorMatrix centroids, int[] which) {
    CentroidBlock block = empty(which.length, centroids.dimension());
    float[] centroid = new float[centroids.dimension()];
    for (int i = 0; i < which.length; i++) {
      centroids.copyRow(which[i], centroid);
      block.set(i, centroid);
    }
    return block;
  }

  /// @param centroids at least one
  static CentroidBlock of(float[][] centroids) {
    CentroidBlock block = empty(centroids.length, centroids[0].length);
    for (int i = 0; i < centroids.length; i++) {
      block.set(i, centroids[i]);
    }
    return block;
  }

  /// Centroids at the origin.
  static CentroidBlock empty(int count, int dimension) {
    int stride = (count + Kernels.COLUMNS - 1) / Kernels.COLUMNS * Kernels.COLUMNS;
    return new CentroidBlock(new float[stride * dimension], stride, count);
  }

  /// Moves a centroid.
  void set(int place, float[] centroid) {
    for (int j = 0; j < centroid.length; j++) {
      columns[j * stride + place] = centroid[j];
    }
  }

  /// Room for the distances to all centroids.
  float[] room() {
    return new float[stride];
  }

  int count() {
    return count;
  }

  /// Distances to all centroids.
  ///
  /// @param distances of length [#roomFor] of the count at least
  void distances(Metric metric, float[] vector, float[] distances) {
    Kernels.best().columns(metric, vector, columns, stride, distances);
  }

  /// The same from [Kernels#TOGETHER] vectors at once, with the same bits.
  void distances(Metric metric, float[][] vectors, float[][] distances) {
    Kernels.best().columns(metric, vectors, columns, stride, distances);
  }

  /// Room for the distances to that many centroids.
  static int roomFor(int count) {
    return (count + Kernels.COLUMNS - 1) / Kernels.COLUMNS * Kernels.COLUMNS;
  }
}
