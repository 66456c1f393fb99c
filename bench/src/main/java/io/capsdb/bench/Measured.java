package io.capsdb.bench;

/// What one workload of a data set came to.
///
/// @param name of the workload
/// @param queries that were run
/// @param matchRatio share of the rows that satisfy the filter, on average
/// @param recall share of the exact hits that were found
/// @param probeRatio share of the queries whose plan was a probe
/// @param scoredRatio rows whose distance was computed, as a share of all rows
/// @param partitions visited by a query
/// @param foreign hits that do not satisfy the filter
/// @param tooFew queries with fewer than min(k, matches) hits
/// @param micros processor time of a query
/// @param exactMicros processor time of the exact search for the same
record Measured(
    String name,
    int queries,
    double matchRatio,
    double recall,
    double probeRatio,
    double scoredRatio,
    double partitions,
    int foreign,
    int tooFew,
    double micros,
    double exactMicros) {
  static final double MIN_RECALL = 0.99;
  static final double MAX_SCORED = 0.15;

  /// From this share of matching rows on an index must spare most of them; a little below 10 %, as
  /// a tenth of the labels is when rows are held out.
  static final double BROAD = 0.095;

  boolean hasRecall() {
    return recall >= MIN_RECALL;
  }

  /// Every hit satisfies the filter, and there are never too few.
  boolean isSound() {
    return foreign == 0 && tooFew == 0;
  }

  boolean isBroad() {
    return matchRatio >= BROAD;
  }

  /// Whether it was the index that found the hits: every query probed, and scored few of the rows.
  boolean isProbe() {
    return probeRatio == 1 && scoredRatio <= MAX_SCORED;
  }
}
