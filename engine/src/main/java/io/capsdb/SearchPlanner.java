package io.capsdb;

import io.capsdb.index.CostModel;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.VectorIndex;

/// Chooses how a search is done: over a list of all matching rows, or by probing partitions.
///
/// It sees only numbers that depend on the set of matching rows, and constants: equal filters get
/// equal plans.
///
/// @param rows rows of all parts among which those that match are looked for
/// @param matches about how many of them match
/// @param listNanos cost of the list
/// @param probeNanos cost of probing
/// @param isInFull whether a list costs less when all its vectors are read at once, without codes:
///     where nearly all of them would be read anyway
record SearchPlanner(
    long rows, long matches, double listNanos, double probeNanos, boolean isInFull) {
  /// So few matching rows are always scored all, and in full: the hits are exact.
  static final long ALWAYS_LISTED = 128;

  private static final int PARTITION_ROWS = 512;

  /// Rows that share a group of codes: one match has all of them scored.
  private static final int GROUP_ROWS = 16;

  /// Vectors that are read after codes were scored: some in any case, and some for each hit.
  private static final int READ = 30;

  private static final int READ_FOR_HIT = 4;

  /// In a part of an index, as that of a tenant, no partitions have to be put in order: to begin
  /// takes so many times less.
  private static final double WITHIN = 2;

  /// Rows that are looked at for each that matches, where few match.
  private static final int LOOKED_AT = 10;

  /// Times a row is found, when all are listed and put to their partitions.
  private static final int LISTED = 3;

  /// The more hits are wanted, the longer rows bring new ones, and the later patience begins to
  /// run: at one hit not at all, at very many by that share of it.
  private static final double LATE = 0.9;

  private static final double LATE_HITS = 100;

  /// @param costs of this machine
  /// @param index of the largest part
  static SearchPlanner of(
      CostModel costs,
      VectorIndex index,
      long rows,
      long matches,
      int wanted,
      SearchBudget budget) {
    double vectorNanos = costs.vectorNanos(index.vectors().dimension());
    double readNanos =
        Math.min((double) matches, READ + (double) READ_FOR_HIT * wanted) * vectorNanos;
    double hitNanos = Math.min(matches, wanted) * costs.hit();
    double inFullNanos = matches * vectorNanos;
    double codedNanos = codedListNanos(costs, index, matches, readNanos);
    return new SearchPlanner(
        rows,
        matches,
        hitNanos + findNanos(costs, rows, matches) + Math.min(inFullNanos, codedNanos),
        hitNanos + readNanos + probeNanos(costs, index, rows, matches, wanted, budget),
        inFullNanos <= codedNanos);
  }

  /// How fast matching rows are found depends on how a filter is written, and a plan must not. So
  /// some more rows than match are thought to be looked at one by one, as where the rarest part of
  /// a conjunction is listed; at most, the filter is tested on all rows.
  private static double findNanos(CostModel costs, long rows, long matches) {
    double looked = Math.min(rows * costs.maskRow(), LOOKED_AT * matches * costs.findRow());
    return looked + matches * costs.findRow();
  }

  /// Infinite where rows of a list have no codes of their own.
  private static double codedListNanos(
      CostModel costs, VectorIndex index, long matches, double readNanos) {
    double rowNanos = index.listRowNanos(costs);
    return rowNanos < costs.vectorNanos(index.vectors().dimension())
        ? costs.start() + matches * rowNanos + readNanos
        : Double.POSITIVE_INFINITY;
  }

  private static double probeNanos(
      CostModel costs,
      VectorIndex index,
      long rows,
      long matches,
      int wanted,
      SearchBudget budget) {
    double share = matches == 0 ? 1 : Math.min(1, (double) matches / rows);
    double patience = budget.patience() * (1 + LATE * wanted / (wanted + LATE_HITS));
    double byRows = (budget.candidates() + patience) / share;
    double byReach =
        budget.recall() < 1
            ? index.visitedRows(wanted / share) * Math.max(1, (double) rows / index.size())
            : 0;
    double visited = Math.min((double) rows, Math.max(byRows, byReach));
    double rowNanos = index.probeRowNanos(costs);
    double vectorNanos = costs.vectorNanos(index.vectors().dimension());
    double partitions = (double) rows / PARTITION_ROWS;
    // In both ways of finding the matching rows of a partition: by masks, or from a list of all.
    double maskNanos = share < 1 ? visited * costs.maskRow() : 0;
    double findNanos =
        matches < partitions ? Math.min(maskNanos, LISTED * matches * costs.findRow()) : maskNanos;
    double scoredNanos = share * vectorNanos;
    if (rowNanos < vectorNanos) {
      double reached = reached(share, GROUP_ROWS);
      scoredNanos =
          Math.min(scoredNanos, reached * (rowNanos + (1 - reached) * costs.group() / GROUP_ROWS));
    }
    double start = rows < index.size() ? costs.start() / WITHIN : costs.start();
    return start
        + partitions * rowNanos
        + findNanos
        + visited * scoredNanos
        + visited / PARTITION_ROWS * reached(share, PARTITION_ROWS) * costs.partition();
  }

  /// The share of groups of rows that hold a match, where matches are spread evenly.
  private static double reached(double share, int groupRows) {
    return 1 - Math.pow(1 - share, groupRows);
  }

  boolean isListed() {
    return matches <= ALWAYS_LISTED || listNanos <= probeNanos;
  }
}
