package io.capsdb.graph;

import io.capsdb.attribute.Selection;
import io.capsdb.index.Prober;
import io.capsdb.index.RowSink;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.VectorIndex;
import java.util.NoSuchElementException;

/// A search of a graph as a walk of two steps: the rows near the query, and all the others, which
/// are passed over. Where the first step brings fewer hits than it could, it scores all matching
/// rows, and nothing is left.
final class GraphProber implements Prober {
  private final VectorIndex index;
  private final float[] query;
  private final Selection selection;
  private final SearchBudget budget;
  private final Walk walk;
  private int steps;

  /// The first step.
  @FunctionalInterface
  interface Walk {
    /// Offers the nearest rows that a walk found.
    ///
    /// @param wanted hits, at least 1
    /// @return false where all matching rows are to be scored instead; nothing was offered then
    boolean search(int wanted, int width, RowSink sink);
  }

  GraphProber(
      VectorIndex index, float[] query, Selection selection, SearchBudget budget, Walk walk) {
    this.index = index;
    this.query = query;
    this.selection = selection;
    this.budget = budget;
    this.walk = walk;
    this.steps = index.size() == 0 ? 0 : 2;
  }

  @Override
  public float nextDistance() {
    return steps == 0 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
  }

  @Override
  public int partitionCount() {
    return 2;
  }

  @Override
  public void probeNext(RowSink sink) {
    if (steps == 0) {
      throw new NoSuchElementException("nothing is left of the graph");
    }
    if (steps == 1) {
      sink.counters().partitionsPruned++;
      steps = 0;
      return;
    }
    int wanted = Math.min(sink.capacity(), index.size());
    int width = Widths.of(budget, wanted, index.size());
    if (walk.search(wanted, width, sink)) {
      steps = 1;
      return;
    }
    steps = 0;
    Prober list = index.lister(query, selection, budget);
    if (list.nextDistance() < Float.POSITIVE_INFINITY) {
      list.probeNext(sink);
    }
  }
}
