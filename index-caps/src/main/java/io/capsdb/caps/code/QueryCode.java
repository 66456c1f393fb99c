package io.capsdb.caps.code;

import io.capsdb.vector.Kernels;

/// A query in the form in which codes are compared with it: four bit planes of odd numbers.
///
/// @param planes four words for each 64 values
/// @param step between neighbouring numbers, halved: value `i` is about `step * (2 u - 15)`
/// @param fromMean squared distance of the query to the mean
/// @param dimension of the query in this form: bits of a code
/// @param deviation standard deviation of a row's estimate, as a multiple of *f* and the distance
///     of the query to the centroid
/// @param isAroundMean whether estimates begin from the distance of the query to the mean, not from
///     that to the centroid
@SuppressWarnings("ArrayRecordComponent") // made once for a search and read by it alone
record QueryCode(
    long[] planes,
    float step,
    float fromMean,
    int dimension,
    float deviation,
    boolean isAroundMean) {
  /// Deviation of binary codes, as in RaBitQ.
  static final float DEVIATION = 1.2f;

  /// The numbers reach from -15 to 15 steps; half a step more is clamped.
  private static final float REACH = 15.5f;

  /// Above it a bound could overflow.
  static final float MOST_STEP = 1e15f;

  /// A centroid whose squared distance overflows is no farther than this: a bound must be a number.
  private static final float MOST_BASE = 1e37f;

  /// A bound is no further below the estimate, whatever confidence is asked for.
  private static final float MOST_SPREAD = 1e20f;

  /// More standard deviations for bounds by the high planes: what these pass over is lost beside
  /// what all planes pass over, and few rows more cost little.
  private static final float MORE_CONFIDENCE = 0.5f;

  /// Whether bounds can be computed; not of huge values.
  public boolean isUsable() {
    return step < MOST_STEP;
  }

  /// @param rotated the query, rotated, less the rotated mean
  static QueryCode of(float[] rotated, CodeLoops loops) {
    float fromMean = Kernels.best().squaredL2(rotated, new float[rotated.length]);
    return of(rotated, fromMean, DEVIATION, false, loops);
  }

  /// @param projected the query less the mean, projected
  /// @param fromMean squared distance of the query to the mean
  static QueryCode aroundMean(float[] projected, float fromMean, float deviation, CodeLoops loops) {
    return of(projected, fromMean, deviation, true, loops);
  }

  private static QueryCode of(
      float[] values, float fromMean, float deviation, boolean isAroundMean, CodeLoops loops) {
    float max = loops.maxAbs(values);
    float step = max / REACH;
    long[] planes = new long[4 * CodeLayout.words(values.length)];
    loops.planes(values, Math.min(0.5f / step, Float.MAX_VALUE), planes);
    return new QueryCode(planes, step, fromMean, values.length, deviation, isAroundMean);
  }

  /// The terms for the rows of a partition.
  ///
  /// The estimate has two errors, each with a deviation that is a multiple of the row's *f*: that
  /// of the row, of which the code keeps only signs, a share of `|q - c|`, and that of the query,
  /// whose values are rounded to odd steps, `2 step sqrt(d / 3)`. The second counts where the query
  /// is much nearer to the centroid than to the mean of all rows.
  ///
  /// @param centroidDistance squared distance of the query to its centroid
  /// @param confidence standard deviations by which a bound lies below the estimate
  /// @param limit bounds that are not below it are passed over
  ScanTerms terms(float centroidDistance, float confidence, float limit) {
    float toCentroid = centroidDistance < MOST_BASE ? centroidDistance : MOST_BASE;
    float toMean = fromMean < MOST_BASE ? fromMean : MOST_BASE;
    double ofRow = deviation * Math.sqrt(Math.max(0, toCentroid));
    double ofQuery = 2 * step * Math.sqrt(dimension / 3.0);
    // Each bit of the low planes differs or not, with weights 1 and 2.
    double ofLowPlanes = 4 * step * Math.sqrt(dimension * (1 + 4) / 4.0);
    double variance = ofRow * ofRow + ofQuery * ofQuery;
    return new ScanTerms(
        4 * step,
        30 * step * dimension + spread(confidence, variance),
        24 * step * dimension
            + spread(confidence + MORE_CONFIDENCE, variance + ofLowPlanes * ofLowPlanes),
        isAroundMean ? toMean : toCentroid,
        limit);
  }

  private static float spread(float confidence, double variance) {
    return Math.min(confidence * (float) Math.sqrt(variance), MOST_SPREAD);
  }
}
