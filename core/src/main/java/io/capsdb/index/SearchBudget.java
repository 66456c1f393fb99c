package io.capsdb.index;

/// The effort that a probing search may spend; the stop rule of CAPS (section 1.3: a budget of
/// matching candidates, not a number of partitions).
///
/// Probing stops when `candidates` matching rows were scored **and** the last `patience` of them
/// brought no new hit into the top k; where an index knows how likely its partitions hold hits, not
/// before those that are likely enough were visited. It never stops before k hits are held while an
/// unvisited partition can match.
///
/// @param candidates matching rows to score at least, at least 1
/// @param patience matching rows scored in a row without a new hit, at least 0; 0 stops by
///     `candidates` alone
/// @param confidence standard deviations of the error of an estimate by which a row must be too far
///     to be passed over without reading its vector, at least 0; positive infinity reads all
/// @param recall share of the hits that should be found, above 0; below 1, unlikely partitions are
///     passed over once the rows are spent, and all others are visited; at 1 the rows alone decide
public record SearchBudget(long candidates, long patience, float confidence, double recall) {
  /// No stop before everything that can match was visited.
  public static final SearchBudget UNBOUNDED =
      new SearchBudget(Long.MAX_VALUE, 0, Float.POSITIVE_INFINITY, 1);

  /// Passes over about one in a thousand of the rows that lie at the radius.
  private static final float CONFIDENCE = 3;

  /// A number of matching rows, with the default confidence.
  public SearchBudget(long candidates, long patience) {
    this(candidates, patience, CONFIDENCE, 1);
  }

  /// The rows for `k` hits where an index knows nothing of its partitions.
  ///
  /// @param k at least 1
  public static SearchBudget defaultFor(int k) {
    return new SearchBudget(1_000 + 20L * k, 5_000 + 40L * k);
  }

  /// As many partitions as a recall needs for `k` hits, and at least some matching rows: where a
  /// filter and the vectors go together, hits lie farther than the partitions tell. The more hits
  /// may be lost, the fewer rows without a new hit, and the narrower the bounds of estimates.
  ///
  /// @param recall above 0; at 1 everything that can match is visited
  /// @param k at least 1
  public static SearchBudget forRecall(double recall, int k) {
    if (recall >= 1) {
      return UNBOUNDED;
    }
    double lost = 1 - recall;
    double confidence = Math.clamp(0.5 + 1.4 * Math.log10(0.2 / lost), 0.5, CONFIDENCE);
    return new SearchBudget(1, Math.round(0.4 * (20 + k) / lost), (float) confidence, recall);
  }

  public SearchBudget {
    if (candidates < 1) {
      throw new IllegalArgumentException("candidates must be at least 1, was " + candidates);
    }
    if (!(confidence >= 0)) {
      throw new IllegalArgumentException("confidence must be at least 0, was " + confidence);
    }
    if (!(recall > 0 && recall <= 1)) {
      throw new IllegalArgumentException("recall must be above 0 and at most 1, was " + recall);
    }
    if (patience < 0) {
      throw new IllegalArgumentException("patience must be at least 0, was " + patience);
    }
  }
}
