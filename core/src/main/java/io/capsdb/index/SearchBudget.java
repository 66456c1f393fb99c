package io.capsdb.index;

/// The effort that a probing search may spend; the stop rule of CAPS (section 1.3: a budget of
/// matching candidates, not a number of partitions).
///
/// Probing stops when `candidates` matching rows were scored **and** the last `patience` of them
/// brought no new hit into the top k. It never stops before k hits are held while an unvisited
/// partition can match.
///
/// @param candidates matching rows to score at least, at least 1
/// @param patience matching rows scored in a row without a new hit, at least 0; 0 stops by
///     `candidates` alone
/// @param confidence standard deviations of the error of an estimate by which a row must be too far
///     to be passed over without reading its vector, at least 0; positive infinity reads all
public record SearchBudget(long candidates, long patience, float confidence) {
  /// No stop before everything that can match was visited.
  public static final SearchBudget UNBOUNDED =
      new SearchBudget(Long.MAX_VALUE, 0, Float.POSITIVE_INFINITY);

  /// Loses about one hit in a thousand to codes.
  private static final float CONFIDENCE = 2;

  /// With the default confidence.
  public SearchBudget(long candidates, long patience) {
    this(candidates, patience, CONFIDENCE);
  }

  /// The budget of a search that asks for none, for `k` hits.
  ///
  /// @param k at least 1
  public static SearchBudget defaultFor(int k) {
    return new SearchBudget(1_000 + 20L * k, 2_000 + 40L * k, CONFIDENCE);
  }

  public SearchBudget {
    if (candidates < 1) {
      throw new IllegalArgumentException("candidates must be at least 1, was " + candidates);
    }
    if (!(confidence >= 0)) {
      throw new IllegalArgumentException("confidence must be at least 0, was " + confidence);
    }
    if (patience < 0) {
      throw new IllegalArgumentException("patience must be at least 0, was " + patience);
    }
  }
}
