package io.capsdb.caps.code;

import io.capsdb.vector.Kernels;

/// The mean of all rows, from those of the partitions.
final class Means {
  private Means() {}

  /// @param partitionStart first ordinal of each partition, then the number of ordinals
  static float[] of(int[] partitionStart, float[][] centroids) {
    double[] sum = new double[centroids[0].length];
    for (int p = 0; p < centroids.length; p++) {
      int rows = partitionStart[p + 1] - partitionStart[p];
      for (int i = 0; i < sum.length; i++) {
        sum[i] += (double) rows * centroids[p][i];
      }
    }
    float[] mean = new float[sum.length];
    int total = Math.max(1, partitionStart[centroids.length]);
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / total);
    }
    return mean;
  }

  /// Mean squared distance of the rows' centroids to their mean.
  static double spread(int[] partitionStart, float[][] centroids, float[] mean) {
    double sum = 0;
    for (int p = 0; p < centroids.length; p++) {
      int rows = partitionStart[p + 1] - partitionStart[p];
      sum += (double) rows * Kernels.best().squaredL2(centroids[p], mean);
    }
    return sum / Math.max(1, partitionStart[centroids.length]);
  }
}
