package io.capsdb.vector;

import java.lang.foreign.ValueLayout;

/// Zero vectors where the metric is the cosine: they have no direction, and a score of 0 with
/// everything, with one another too.
///
/// They are stored as they are, so that kernels compute squared L2 distances of 1 to unit vectors,
/// which would be scores of ½. Whoever takes distances from kernels has them corrected here. What
/// was not corrected is too small, never too large: bounds for stored rows hold for zeros as well,
/// and indexes need to know nothing of them.
///
/// @param rows that distances are of
/// @param isCosine whether there is something to correct
/// @param isQueryZero whether the query is such a vector itself
public record ZeroVectors(VectorMatrix rows, boolean isCosine, boolean isQueryZero) {
  /// That of a score of 0.
  private static final float DISTANCE = Metric.COSINE.toDistance(0);

  /// Unit vectors are rounded: no more than this, their squared length differs from 1.
  private static final float SLACK = 0.01f;

  /// @param query prepared by [Metric#prepare]
  public static ZeroVectors of(Metric metric, VectorMatrix rows, float[] query) {
    boolean isCosine = metric == Metric.COSINE;
    return new ZeroVectors(rows, isCosine, isCosine && isZero(query));
  }

  /// The distance of two vectors, prepared by [Metric#prepare].
  public static float distance(Metric metric, float[] a, float[] b) {
    return metric == Metric.COSINE && (isZero(a) || isZero(b))
        ? DISTANCE
        : Kernels.best().distance(metric, a, b);
  }

  /// The distance of a row to the query.
  ///
  /// @param computed by a kernel
  public float distance(int row, float computed) {
    if (!isCosine) {
      return computed;
    }
    // Few rows are that far by chance, and the first value tells nearly all of these apart.
    boolean isZero = isQueryZero || (Math.abs(computed - 1) < SLACK && isZero(row));
    return isZero ? DISTANCE : computed;
  }

  private boolean isZero(int row) {
    long end = rows.offset(row + 1);
    for (long at = rows.offset(row); at < end; at++) {
      if (rows.segment().get(ValueLayout.JAVA_BYTE, at) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(float[] vector) {
    for (float value : vector) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
