package io.capsdb.caps.code;

/// A query in the form in which codes are compared with it: four bit planes of odd numbers.
///
/// @param planes four words for each 32 values
/// @param step between neighbouring numbers, halved: value `i` is about `step * (2 u - 15)`
/// @param dimension of the query
@SuppressWarnings("ArrayRecordComponent") // made once for a search and read by it alone
public record QueryCode(int[] planes, float step, int dimension) {
  /// How many standard deviations of the estimate's error a bound lies below the estimate, for one
  /// that may lose nothing.
  static final float DEVIATION = 1.2f;

  /// The numbers reach from -15 to 15 steps; half a step more is clamped.
  private static final float REACH = 15.5f;

  /// Above it a bound could overflow.
  static final float MOST_STEP = 1e15f;

  /// Whether bounds can be computed; not of huge values.
  public boolean isUsable() {
    return step < MOST_STEP;
  }

  /// @param rotated the query, rotated, less the rotated mean
  static QueryCode of(float[] rotated, CodeLoops loops) {
    float max = loops.maxAbs(rotated);
    float step = max == 0 ? 1 : max / REACH;
    int[] planes = new int[4 * CodeLayout.words(rotated.length)];
    loops.planes(rotated, 0.5f / step, planes);
    return new QueryCode(planes, step, rotated.length);
  }

  /// The terms for the rows of a partition.
  ///
  /// @param centroidDistance squared distance of the query to its centroid
  /// @param confidence standard deviations by which a bound lies below the estimate
  /// @param limit bounds that are not below it are passed over
  ScanTerms terms(float centroidDistance, float confidence, float limit) {
    float spread = DEVIATION * (float) Math.sqrt(Math.max(0, centroidDistance));
    return new ScanTerms(
        4 * step, 30 * step * dimension + confidence * spread, centroidDistance, limit);
  }
}
