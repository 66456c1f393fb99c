package io.capsdb.index;

import io.capsdb.attribute.Selection;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// One search over many indexes: one queue of partitions, one top k, one budget.
///
/// Planning each index by itself would multiply the effort by their number; here the nearest
/// partition of all of them comes next, whichever index it belongs to.
public final class ProbeQueue {
  private ProbeQueue() {}

  /// One index that takes part, with the ordinals that may be hits.
  ///
  /// @param isListed whether all of these are scored instead of partition after partition
  /// @param ranked how many of these are scored in full after their codes have put them in order;
  ///     empty where bounds decide
  public record Source(
      VectorIndex index, Selection selection, boolean isListed, OptionalInt ranked) {
    /// A source that is probed.
    public Source(VectorIndex index, Selection selection) {
      this(index, selection, false);
    }

    public Source(VectorIndex index, Selection selection, boolean isListed) {
      this(index, selection, isListed, OptionalInt.empty());
    }

    Prober prober(float[] query, SearchBudget budget, QueryMemo memo) {
      if (ranked.isPresent()) {
        return index.ranker(query, selection, ranked.getAsInt(), memo);
      }
      return isListed
          ? index.lister(query, selection, budget, memo)
          : index.prober(query, selection, budget, memo);
    }
  }

  /// What a search found.
  ///
  /// @param hits keys are `(number of the source) << 32 | ordinal`
  /// @param isComplete whether every partition that can match was visited; the hits are exact then,
  ///     unless rows were passed over by estimates
  /// @param isCut whether it ended because it was told to
  public record Outcome(Hits hits, SearchCounters counters, boolean isComplete, boolean isCut) {}

  /// Visits partitions nearest first until the budget is spent.
  ///
  /// @param query prepared by [io.capsdb.vector.Metric#prepare]; all sources share its metric and
  ///     dimension
  /// @param ties order of rows at equal distance, by key
  public static Outcome search(
      List<Source> sources, float[] query, int k, SearchBudget budget, TopK.TieOrder ties) {
    return search(sources, query, k, budget, ties, () -> false, _ -> false);
  }

  /// The same, given up where nobody waits for it any more.
  public static Outcome search(
      List<Source> sources,
      float[] query,
      int k,
      SearchBudget budget,
      TopK.TieOrder ties,
      BooleanSupplier isCancelled) {
    return search(sources, query, k, budget, ties, isCancelled, _ -> false);
  }

  /// The same, given up where nobody waits for it any more, and ended where it took too much.
  ///
  /// @param isCancelled asked between partitions
  /// @param isEnough asked after each partition whether to end with what was found
  /// @throws CancellationException when it was cancelled
  public static Outcome search(
      List<Source> sources,
      float[] query,
      int k,
      SearchBudget budget,
      TopK.TieOrder ties,
      BooleanSupplier isCancelled,
      Predicate<SearchCounters> isEnough) {
    TopK top = new TopK(k, ties);
    SearchCounters counters = new SearchCounters();
    RowSink.Progress progress = new RowSink.Progress();
    QueryMemo memo = new QueryMemo(sources.size());
    Prober[] probers = new Prober[sources.size()];
    RowSink[] sinks = new RowSink[sources.size()];
    float[] next = new float[sources.size()];
    for (int i = 0; i < probers.length; i++) {
      Source source = sources.get(i);
      probers[i] = source.prober(query, budget, memo);
      sinks[i] = new RowSink(top, counters, i, progress);
      next[i] = probers[i].nextDistance();
      counters.partitions += probers[i].partitionCount();
    }
    boolean isCut = false;
    while (true) {
      if (isCancelled.getAsBoolean()) {
        throw new CancellationException("the search was cancelled");
      }
      int nearest = nearest(next);
      boolean isComplete = nearest < 0;
      boolean isSpent = budget.recall() == 1 && top.isFull() && progress.isSpent(budget);
      if (isComplete || isSpent || isCut) {
        for (int i = 0; i < probers.length; i++) {
          probers[i].finish(sinks[i]);
        }
        return new Outcome(
            top.drain(),
            counters,
            isComplete && counters.partitionsPruned == 0,
            isCut && !isComplete);
      }
      long pruned = counters.partitionsPruned;
      probers[nearest].probeNext(sinks[nearest]);
      counters.partitionsProbed += pruned == counters.partitionsPruned ? 1 : 0;
      next[nearest] = probers[nearest].nextDistance();
      isCut = isEnough.test(counters);
    }
  }

  /// The source with the nearest partition, or -1 when none is left. Sources are few, so a scan
  /// beats a heap.
  private static int nearest(float[] next) {
    int best = -1;
    float distance = Float.POSITIVE_INFINITY;
    for (int i = 0; i < next.length; i++) {
      if (next[i] < distance) {
        distance = next[i];
        best = i;
      }
    }
    return best;
  }
}
