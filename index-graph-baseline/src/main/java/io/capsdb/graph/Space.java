package io.capsdb.graph;

import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;

/// What near means in a graph: the distances between rows, and from a query to rows. Immutable and
/// safe for use by many threads.
interface Space {
  int rowCount();

  /// A point from which distances are measured.
  ///
  /// @param vector prepared by [Metric#prepare]
  /// @param codes what is wanted of the attributes; empty where they do not count
  @SuppressWarnings("ArrayRecordComponent") // a bundle for one call
  record Origin(float[] vector, int[] codes) {}

  /// Copies a row, to measure from it.
  void copy(int ordinal, Origin into);

  /// An origin that [#copy] can fill.
  Origin newOrigin();

  /// Distances to `ordinals[0 .. count - 1]`.
  void distances(Origin origin, int[] ordinals, int count, float[] out);

  /// Distances of vectors alone.
  record OfVectors(Metric metric, VectorMatrix rows) implements Space {
    private static final int[] NO_CODES = {};

    @Override
    public int rowCount() {
      return rows.rowCount();
    }

    @Override
    public Origin newOrigin() {
      return new Origin(new float[rows.dimension()], NO_CODES);
    }

    @Override
    public void copy(int ordinal, Origin into) {
      rows.copyRow(ordinal, into.vector());
    }

    @Override
    public void distances(Origin origin, int[] ordinals, int count, float[] out) {
      Kernels.best().distances(metric, origin.vector(), rows, ordinals, count, out);
    }
  }
}
