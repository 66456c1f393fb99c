package io.capsdb.caps;

import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;

/// Some rows of a matrix at a time, [Kernels#TOGETHER] at the most, on their way to a block of
/// centroids, which is read once for all of them. Not for more than one thread.
final class RowsTogether {
  private final Metric metric;
  private final VectorMatrix rows;
  private final float[][] vectors;
  private final float[][] distances = new float[Kernels.TOGETHER][0];
  private int centroids;

  RowsTogether(Metric metric, VectorMatrix rows) {
    this.metric = metric;
    this.rows = rows;
    this.vectors = new float[Kernels.TOGETHER][rows.dimension()];
  }

  /// Compares the first of the rows `members[from .. to - 1]` with the centroids of a block.
  ///
  /// @return how many were compared
  int compare(int[] members, int from, int to, CentroidBlock block) {
    int count = Math.min(Kernels.TOGETHER, to - from);
    for (int i = 0; i < Kernels.TOGETHER; i++) {
      if (distances[i].length < CentroidBlock.roomFor(block.count())) {
        distances[i] = block.room();
      }
      if (i < count) {
        rows.copyRow(members[from + i], vectors[i]);
      }
    }
    centroids = block.count();
    if (count == 1) {
      block.distances(metric, vectors[0], distances[0]);
    } else {
      block.distances(metric, vectors, distances);
    }
    return count;
  }

  /// The values of one of the rows that were compared.
  float[] vector(int place) {
    return vectors[place];
  }

  /// Distances of one of them to all centroids; may be changed.
  float[] distances(int place) {
    return distances[place];
  }

  /// The place of the centroid that is nearest to one of them; of equally near ones the first.
  int nearest(int place) {
    return KMeans.smallest(distances[place], centroids);
  }
}
