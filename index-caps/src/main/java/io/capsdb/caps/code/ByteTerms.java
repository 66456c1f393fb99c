package io.capsdb.caps.code;

/// How the sum of a row of a partition becomes a lower bound of its distance; `S` is the sum of
/// squared or of absolute differences of codes.
///
/// Squared L2: `t |t| + base` with `t = step sqrt(S - bias) - shift`. L1: `step S - shift + base`.
///
/// @param isManhattan whether distances are L1
/// @param step between neighbouring codes
/// @param bias what rounding adds to a sum of squares on average
/// @param shift deviation of the estimate (of the root of a squared distance), times the confidence
/// @param base distance of the query to what can be coded
/// @param limit rows whose bound is not below it are passed over
record ByteTerms(
    boolean isManhattan, float step, float bias, float shift, float base, float limit) {
  /// A bound is no larger, so that it is a number whatever is coded.
  static final float MOST = 1e37f;

  private static final float MOST_SHIFT = 1e20f;

  /// Query and row are each rounded to the nearest step; the difference of a value is then off by a
  /// share of a step with the variance `p (1 - p)`, a sixth on average over all fractions `p`, and
  /// its square is larger by as much.
  private static final double VARIANCE = 1.0 / 6;

  /// @param confidence standard deviations by which a bound lies below the estimate
  static ByteTerms of(
      boolean isManhattan, int dimension, float step, float base, float confidence, float limit) {
    double deviation = step * Math.sqrt(isManhattan ? dimension * VARIANCE : VARIANCE);
    return new ByteTerms(
        isManhattan,
        step,
        isManhattan ? 0 : (float) (dimension * VARIANCE),
        (float) Math.min(confidence * deviation, MOST_SHIFT),
        base < MOST ? base : MOST,
        limit);
  }

  /// Whether no row can have a bound below the limit.
  boolean isEmpty() {
    float root = Math.abs(shift);
    return base - (isManhattan ? root : root * root) >= limit;
  }

  /// The bound without the base.
  float estimate(int sum) {
    if (isManhattan) {
      return Math.min(Math.fma(sum, step, -shift), MOST);
    }
    float root = Math.fma((float) Math.sqrt(Math.max(sum - bias, 0)), step, -shift);
    return Math.min(root * Math.abs(root), MOST);
  }
}
