package io.capsdb.index;

import io.capsdb.attribute.Selection;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;

/// An index over the vectors of one segment under one vector name.
///
/// Rows are known by **ordinal**: their place in the order that the index chose, in which vectors
/// and attributes are stored too. Immutable and safe for use by many threads; what it was opened on
/// stays open as long as it is used.
public interface VectorIndex {
  /// What kind of index this is, as `explain` shows it: `caps`, `exact`.
  String kind();

  Metric metric();

  /// The vectors in ordinal order.
  VectorMatrix vectors();

  default int size() {
    return vectors().rowCount();
  }

  /// The first ordinal of each partition, which is probed as a whole, then the number of ordinals;
  /// nothing where there are no partitions. Not to be changed.
  default int[] partitionStarts() {
    return new int[0];
  }

  /// Begins a walk over the partitions.
  ///
  /// @param query prepared by [Metric#prepare], of the index's dimension
  /// @param selection the ordinals that may be hits
  /// @param budget how exact estimates have to be; the queue of the walk keeps to its rows
  Prober prober(float[] query, Selection selection, SearchBudget budget);

  /// Begins a walk of one step that scores all selected ordinals: what is cheapest where they are
  /// few.
  ///
  /// @param query prepared by [Metric#prepare], of the index's dimension
  /// @param selection the ordinals that may be hits; they are listed
  /// @param budget how exact estimates have to be
  default Prober lister(float[] query, Selection selection, SearchBudget budget) {
    return new ListProber(metric(), vectors(), query, selection, selection.list());
  }

  /// The same as part of a search in several indexes.
  ///
  /// @param memo of the search, which is for this query alone
  default Prober prober(float[] query, Selection selection, SearchBudget budget, QueryMemo memo) {
    return prober(query, selection, budget);
  }

  /// The same as part of a search in several indexes.
  ///
  /// @param memo of the search, which is for this query alone
  default Prober lister(float[] query, Selection selection, SearchBudget budget, QueryMemo memo) {
    return lister(query, selection, budget);
  }

  /// Begins a walk of one step that puts all selected ordinals in order by their codes alone, and
  /// scores the first of them in full; all of them, where there are no codes.
  ///
  /// @param query prepared by [Metric#prepare], of the index's dimension
  /// @param selection the ordinals that may be hits
  /// @param count how many are scored in full, at least 1
  /// @param memo of the search, which is for this query alone
  default Prober ranker(float[] query, Selection selection, int count, QueryMemo memo) {
    return lister(query, selection, SearchBudget.UNBOUNDED, memo);
  }

  /// The same index, searched in one of several ways that it has, for measuring them.
  ///
  /// @throws IllegalArgumentException if it has no such way
  default VectorIndex searchedBy(String way) {
    throw new IllegalArgumentException(
        "an index of kind '" + kind() + "' is not searched by '" + way + "'");
  }

  /// About how many rows stand in the partitions that [#prober] visits at the default recall,
  /// matching or not.
  ///
  /// @param nearest hits wanted, divided by the share of the rows that match
  default double visitedRows(double nearest) {
    return size();
  }

  /// The rows among which [#prober] looks for those of a selection: fewer than all where the
  /// selection lies in a part of its own, such as the rows of a tenant.
  default long rowsAround(Selection selection) {
    return size();
  }

  /// About how many nanoseconds [#lister] needs for a row.
  default double listRowNanos(CostModel costs) {
    return costs.vectorNanos(vectors().dimension());
  }

  /// About how many nanoseconds [#prober] needs for a row of a partition that it visits.
  default double probeRowNanos(CostModel costs) {
    return costs.vectorNanos(vectors().dimension());
  }
}
