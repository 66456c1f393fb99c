package io.capsdb.vector;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// The distance kernels: the public face, which checks lengths once and then calls the loops of one
/// implementation.
///
/// Distances are those of [Metric]: smaller is nearer. Safe for use by many threads.
public abstract sealed class Kernels permits ScalarKernels {
  private static final Kernels BEST = new ScalarKernels();
  private static final Kernels PLAIN = new ScalarKernels();

  Kernels() {}

  /// The fastest kernels that this JVM can run; chosen once.
  public static Kernels best() {
    return BEST;
  }

  /// The plain loops, which state the meaning.
  public static Kernels plain() {
    return PLAIN;
  }

  /// Name and width for logs, for example `panama-512`.
  public abstract String name();

  /// Sum of squared differences.
  public final float squaredL2(float[] a, float[] b) {
    requireSameLength(a, b);
    return squaredL2Of(a, b);
  }

  /// Inner product.
  public final float dot(float[] a, float[] b) {
    requireSameLength(a, b);
    return dotOf(a, b);
  }

  /// Sum of absolute differences.
  public final float manhattan(float[] a, float[] b) {
    requireSameLength(a, b);
    return manhattanOf(a, b);
  }

  /// Distance of two vectors of equal length.
  public final float distance(Metric metric, float[] a, float[] b) {
    return switch (metric) {
      case COSINE, EUCLID -> squaredL2(a, b);
      case DOT -> -dot(a, b);
      case MANHATTAN -> manhattan(a, b);
    };
  }

  /// Distances from `query` to the rows `from .. from + count - 1`, written to `out[0 .. count -
  /// 1]`.
  ///
  /// @throws IndexOutOfBoundsException if the rows are not all there or `out` is too short
  public final void distances(
      Metric metric, float[] query, VectorMatrix rows, int from, int count, float[] out) {
    requireDimension(query, rows);
    Objects.checkFromIndexSize(from, count, rows.rowCount());
    Objects.checkFromIndexSize(0, count, out.length);
    blockOf(metric, query, rows.segment(), rows.offset(from), rows.rowBytes(), count, out);
  }

  /// Distances from `query` to the rows `ordinals[0 .. count - 1]`, written to `out[0 .. count -
  /// 1]`.
  ///
  /// The rows may be anywhere; the loop has no branch on a result, so that the misses of many rows
  /// overlap.
  ///
  /// @throws IndexOutOfBoundsException if a row is not there or an array is too short
  public final void distances(
      Metric metric, float[] query, VectorMatrix rows, int[] ordinals, int count, float[] out) {
    requireDimension(query, rows);
    Objects.checkFromIndexSize(0, count, ordinals.length);
    Objects.checkFromIndexSize(0, count, out.length);
    for (int i = 0; i < count; i++) {
      Objects.checkIndex(ordinals[i], rows.rowCount());
    }
    gatherOf(metric, query, rows.segment(), rows.rowBytes(), ordinals, count, out);
  }

  abstract float squaredL2Of(float[] a, float[] b);

  abstract float dotOf(float[] a, float[] b);

  abstract float manhattanOf(float[] a, float[] b);

  abstract void blockOf(
      Metric metric,
      float[] query,
      MemorySegment rows,
      long offset,
      long rowBytes,
      int count,
      float[] out);

  abstract void gatherOf(
      Metric metric,
      float[] query,
      MemorySegment rows,
      long rowBytes,
      int[] ordinals,
      int count,
      float[] out);

  private static void requireSameLength(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "vectors have " + a.length + " and " + b.length + " values");
    }
  }

  private static void requireDimension(float[] query, VectorMatrix rows) {
    if (query.length != rows.dimension()) {
      throw new IllegalArgumentException(
          "query has " + query.length + " values, the rows have " + rows.dimension());
    }
  }
}
