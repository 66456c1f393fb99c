package io.capsdb.caps;

import io.capsdb.vector.Floats;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
    MemorySegment wide = arena.allocate((long) rows.rowCount() * width() * Float.BYTES, 64);
    VectorMatrix completed = new VectorMatrix(wide, rows.rowCount(), width());
    for (int row = 0; row < rows.rowCount(); row++) {
      float[] values = rows.row(row);
      double norm = norm(values);
      float[] longer = Arrays.copyOf(values, width());
      longer[dimension] = (float) Math.sqrt(Math.max(0, (double) maxNorm * maxNorm - norm * norm));
      MemorySegment.copy(
          longer, 0, wide, Floats.LITTLE_ENDIAN, completed.offset(row), longer.length);
    }
    return completed;
  }

  /// The query in this space.
  float[] query(float[] query) {
    return metric == Metric.DOT ? Arrays.copyOf(query, width()) : query;
  }

  /// Brings distances in this space to distances of the index's metric, so that walks over several
  /// segments, each with a norm of its own, agree on what is near.
  void toMetric(float[] query, float[] distances, int count) {
    if (metric == Metric.DOT) {
      double norm = norm(query);
      float shift = (float) (norm * norm + (double) maxNorm * maxNorm);
      for (int i = 0; i < count; i++) {
        distances[i] = (distances[i] - shift) / 2;
      }
    }
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
