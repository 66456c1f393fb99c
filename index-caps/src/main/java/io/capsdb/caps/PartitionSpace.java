package io.capsdb.caps;

import io.capsdb.vector.ElementType;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.util.Arrays;

/// The space in which rows are partitioned. For `DOT` it has one dimension more than the rows: with
/// `sqrt(maxNorm^2 - |x|^2)` appended, the largest inner product is the smallest L2 distance.
///
/// @param metric of the index
/// @param dimension of the rows
/// @param maxNorm largest L2 norm of a row; 0 except for `DOT`
record PartitionSpace(Metric metric, int dimension, float maxNorm) {

  static PartitionSpace of(Metric metric, VectorMatrix rows) {
    return new PartitionSpace(metric, rows.dimension(), metric == Metric.DOT ? maxNorm(rows) : 0);
  }

  /// Values per centroid.
  int width() {
    return metric == Metric.DOT ? dimension + 1 : dimension;
  }

  /// The metric between rows, queries and centroids in this space.
  Metric spaceMetric() {
    return metric == Metric.MANHATTAN ? Metric.MANHATTAN : Metric.EUCLID;
  }

  /// The rows in this space: themselves, or a completed copy in the arena.
  VectorMatrix complete(VectorMatrix rows, Arena arena) {
    if (metric != Metric.DOT) {
      return rows;
    }
    VectorMatrix completed =
        VectorMatrix.allocate(arena, rows.rowCount(), width(), ElementType.FLOAT32);
    for (int row = 0; row < rows.rowCount(); row++) {
      completed.setRow(row, complete(rows.row(row)));
    }
    return completed;
  }

  /// A row in this space.
  float[] complete(float[] row) {
    if (metric != Metric.DOT) {
      return row;
    }
    double norm = norm(row);
    float[] longer = Arrays.copyOf(row, width());
    longer[dimension] = (float) Math.sqrt(Math.max(0, (double) maxNorm * maxNorm - norm * norm));
    return longer;
  }

  /// Whether both are spaces of the same rows; where a row stands in them may differ.
  boolean isLike(PartitionSpace other) {
    return metric == other.metric && dimension == other.dimension;
  }

  /// Moves the mean of some rows from another space like this one to about where it stands here.
  void moveFrom(PartitionSpace other, float[] mean) {
    if (metric == Metric.DOT) {
      double completing = mean[dimension];
      double more = (double) maxNorm * maxNorm - (double) other.maxNorm * other.maxNorm;
      mean[dimension] = (float) Math.sqrt(Math.max(0, completing * completing + more));
    }
  }

  /// The query in this space.
  float[] query(float[] query) {
    return metric == Metric.DOT ? Arrays.copyOf(query, width()) : query;
  }

  /// What distances of a query in this space have more than twice its distances by the metric of
  /// the index; 0 where they are the same.
  float shift(float[] query) {
    if (metric != Metric.DOT) {
      return 0;
    }
    double norm = norm(query);
    return (float) (norm * norm + (double) maxNorm * maxNorm);
  }

  /// A distance in this space as one of the metric of the index, so that walks over several
  /// segments, each with a norm of its own, agree on what is near.
  float toMetric(float distance, float shift) {
    return metric == Metric.DOT ? (distance - shift) / 2 : distance;
  }

  /// A distance of the metric of the index as one in this space.
  float toSpace(float distance, float shift) {
    return metric == Metric.DOT ? 2 * distance + shift : distance;
  }

  private static float maxNorm(VectorMatrix rows) {
    double largest = 0;
    for (int row = 0; row < rows.rowCount(); row++) {
      largest = Math.max(largest, norm(rows.row(row)));
    }
    return (float) largest;
  }

  private static double norm(float[] vector) {
    double squares = 0; // float32 would overflow where the norm itself does not
    for (float value : vector) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}
