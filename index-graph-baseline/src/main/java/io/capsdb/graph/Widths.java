package io.capsdb.graph;

import io.capsdb.index.SearchBudget;

/// How wide the walks of a search are.
final class Widths {
  private Widths() {}

  /// The candidates of a budget; where it asks for a recall, at least so many more than are wanted
  /// as one of them may be missed: 99 more for a recall of 0.99.
  ///
  /// @param wanted hits, at least 1
  /// @param rowCount rows of the graph, at least 1
  static int of(SearchBudget budget, int wanted, int rowCount) {
    double more = budget.recall() < 1 ? Math.rint(1 / (1 - budget.recall())) - 1 : 0;
    return (int) Math.min(rowCount, Math.max(wanted + more, (double) budget.candidates()));
  }
}
