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
public record SearchBudget(long candidates, long patience) {
  /// No stop before everything that can match was visited.
  public static final SearchBudget UNBOUNDED = new SearchBudget(Long.MAX_VALUE, 0);

  /// The budget of a search that asks for none, for `k` hits. Measured at recall@10 of 0.99 on
  /// sentence embeddings (20,480 x 384), which need far more patience than images do: there half of
  /// it is enough.
  ///
  /// @param k at least 1
  public static SearchBudget defaultFor(int k) {
    return new SearchBudget(1_000 + 20L * k, 5_000 + 40L * k);
  }

  public SearchBudget {
    if (candidates < 1) {
      throw new IllegalArgumentException("candidates must be at least 1, was " + candidates);
    }
    if (patience < 0) {
      throw new IllegalArgumentException("patience must be at least 0, was " + patience);
    }
  }
}
