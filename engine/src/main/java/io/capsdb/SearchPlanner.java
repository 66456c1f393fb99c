package io.capsdb;

import io.capsdb.index.SearchBudget;
import io.capsdb.index.VectorIndex;

/// Chooses how a search is done: over a list of all matching rows, or by probing partitions.
///
/// It sees only numbers that depend on the set of matching rows, and constants: equal filters get
/// equal plans.
///
/// @param rows rows of all parts
/// @param matches about how many of them match
/// @param listNanos cost of the list
/// @param probeNanos cost of probing
record SearchPlanner(long rows, long matches, double listNanos, double probeNanos) {
  /// So few matching rows are always scored all, and in full: the hits are exact.
  static final long ALWAYS_LISTED = 128;

  /// Testing the rows of a partition as one mask, for each row.
  private static final double MASK_ROW_NANOS = 0.2;

  /// Reaching a partition, whatever is in it.
  private static final double PARTITION_NANOS = 150;

  private static final int PARTITION_ROWS = 512;

  /// Finding a matching row.
  private static final double FIND_ROW_NANOS = 3;

  /// Rows that share a group of codes: one match has all of them scored.
  private static final int GROUP_ROWS = 16;

  /// Vectors that are read after codes were scored, beyond the hits.
  private static final int RERANKED = 60;

  /// @param index of the largest part
  static SearchPlanner of(
      VectorIndex index, long rows, long matches, int wanted, SearchBudget budget) {
    double vectorNanos = VectorIndex.vectorNanos(index.vectors().dimension());
    double reranked = (RERANKED + 1.5 * wanted) * vectorNanos;
    double list = matches * (index.listRowNanos() + FIND_ROW_NANOS);
    if (index.listRowNanos() < vectorNanos) {
      list = Math.min(matches * vectorNanos, list + reranked);
    }
    double share = matches == 0 ? 1 : Math.min(1, (double) matches / rows);
    double byRows = (budget.candidates() + 0.5 * budget.patience()) / share;
    double byReach =
        budget.recall() < 1
            ? index.visitedRows(wanted / share) * rows / Math.max(1, index.size())
            : 0;
    double visited = Math.min((double) rows, Math.max(byRows, byReach));
    boolean isCoded = index.probeRowNanos() < vectorNanos;
    double scored = isCoded ? 1 - Math.pow(1 - share, GROUP_ROWS) : share;
    double probe =
        visited * (MASK_ROW_NANOS + scored * index.probeRowNanos())
            + visited / PARTITION_ROWS * PARTITION_NANOS
            + reranked;
    return new SearchPlanner(rows, matches, list, probe);
  }

  boolean isListed() {
    return matches <= ALWAYS_LISTED || listNanos <= probeNanos;
  }
}
