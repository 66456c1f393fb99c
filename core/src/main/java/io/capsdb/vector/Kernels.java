package io.capsdb.vector;

import java.util.Objects;

/// The distance kernels: the public face, which checks lengths once and then calls the loops of one
/// implementation.
///
/// Distances are those of [Metric]: smaller is nearer. Safe for use by many threads.
public final class Kernels {
  private static final System.Logger LOG = System.getLogger(Kernels.class.getName());
  private static final Kernels BEST = new Kernels(choose());
  private static final Kernels PLAIN = new Kernels(new ScalarKernels());

  /// Columns come in multiples of the lanes of the widest register.
  public static final int COLUMNS = 16;

  /// So many queries are compared with columns at once.
  public static final int TOGETHER = 4;

  private final KernelLoops loops;

  Kernels(KernelLoops loops) {
    this.loops = loops;
  }

  /// The fastest kernels that this JVM can run; chosen once.
  public static Kernels best() {
    return BEST;
  }

  private static KernelLoops choose() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      LOG.log(
          System.Logger.Level.INFO,
          "plain distance kernels; many times faster ones run with the JVM flag"
              + " --add-modules jdk.incubator.vector");
      return new ScalarKernels();
    }
    KernelLoops loops = PanamaWidths.preferred();
    LOG.log(System.Logger.Level.DEBUG, "distance kernels: {0}", loops.name());
    return loops;
  }

  /// The plain loops, which state the meaning.
  public static Kernels plain() {
    return PLAIN;
  }

  /// Name and width for logs, for example `panama-512`.
  public String name() {
    return loops.name();
  }

  /// Sum of squared differences.
  public float squaredL2(float[] a, float[] b) {
    requireSameLength(a, b);
    return loops.squaredL2(a, b);
  }

  /// Inner product.
  public float dot(float[] a, float[] b) {
    requireSameLength(a, b);
    return loops.dot(a, b);
  }

  /// Sum of absolute differences.
  public float manhattan(float[] a, float[] b) {
    requireSameLength(a, b);
    return loops.manhattan(a, b);
  }

  /// Distance of two vectors of equal length.
  public float distance(Metric metric, float[] a, float[] b) {
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
  public void distances(
      Metric metric, float[] query, VectorMatrix rows, int from, int count, float[] out) {
    requireDimension(query, rows);
    Objects.checkFromIndexSize(from, count, rows.rowCount());
    Objects.checkFromIndexSize(0, count, out.length);
    loops.block(
        metric, query, rows.segment(), rows.type(), rows.offset(from), rows.rowBytes(), count, out);
  }

  /// Distances from `query` to the rows `ordinals[0 .. count - 1]`, written to `out[0 .. count -
  /// 1]`.
  ///
  /// The rows may be anywhere; the loop has no branch on a result, so that the misses of many rows
  /// overlap.
  ///
  /// @throws IndexOutOfBoundsException if a row is not there or an array is too short
  public void distances(
      Metric metric, float[] query, VectorMatrix rows, int[] ordinals, int count, float[] out) {
    requireDimension(query, rows);
    Objects.checkFromIndexSize(0, count, ordinals.length);
    Objects.checkFromIndexSize(0, count, out.length);
    for (int i = 0; i < count; i++) {
      Objects.checkIndex(ordinals[i], rows.rowCount());
    }
    loops.gather(metric, query, rows.segment(), rows.type(), rows.rowBytes(), ordinals, count, out);
  }

  /// Distances from `query` to `stride` columns: value `j` of column `i` is `columns[j * stride +
  /// i]`. A few times as fast as rows where many vectors are compared with the same few, because
  /// each lane of a register is a column and sums up by itself.
  ///
  /// @param stride a multiple of [#COLUMNS]
  /// @param out receives a distance for each column
  /// @throws IndexOutOfBoundsException if an array is too short
  public void columns(Metric metric, float[] query, float[] columns, int stride, float[] out) {
    requireColumns(query, columns, stride, out);
    loops.columns(metric, query, columns, stride, out);
  }

  /// The same from [#TOGETHER] queries of one length, with the same bits and in less time: columns
  /// are loaded once for all.
  ///
  /// @param out receives for each query a distance for each column
  /// @throws IndexOutOfBoundsException if an array is too short
  public void columns(
      Metric metric, float[][] queries, float[] columns, int stride, float[][] out) {
    Objects.checkFromIndexSize(0, TOGETHER, Math.min(queries.length, out.length));
    for (int i = 0; i < TOGETHER; i++) {
      requireSameLength(queries[0], queries[i]);
      requireColumns(queries[i], columns, stride, out[i]);
    }
    loops.columns(metric, queries, columns, stride, out);
  }

  private static void requireColumns(float[] query, float[] columns, int stride, float[] out) {
    if (stride % COLUMNS != 0) {
      throw new IllegalArgumentException(
          "stride must be a multiple of " + COLUMNS + ", was " + stride);
    }
    Objects.checkFromIndexSize(0, Math.multiplyExact(stride, query.length), columns.length);
    Objects.checkFromIndexSize(0, stride, out.length);
  }

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
