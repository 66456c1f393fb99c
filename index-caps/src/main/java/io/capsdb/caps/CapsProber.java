package io.capsdb.caps;

import io.capsdb.attribute.Selection;
import io.capsdb.caps.code.CodedQuery;
import io.capsdb.index.Prober;
import io.capsdb.index.QueryMemo;
import io.capsdb.index.RowSink;
import io.capsdb.index.SearchBudget;
import java.util.Optional;

/// One walk over the partitions of a CAPS index, nearest centroid first (CAPS, section 1.3);
/// partitions without a possible match are passed over.
final class CapsProber implements Prober {
  /// Of the hits that may be lost, the share that is left to partitions: queries are not rows, and
  /// codes lose some too.
  private static final double SHARE = 0.2;

  /// Matching rows by which a share of matching rows is steadied while few were seen.
  private static final double PRIOR = 10;

  private final CapsIndex index;
  private final Selection selection;

  /// All that there is for this walk, where a filter asks for one tenant.
  private final Optional<Tenants.Region> scope;

  private final Optional<ListedRows> listed;
  private final CentroidQueue queue;
  private final PartitionScorer scorer;
  private final SearchBudget budget;
  private final float shift;
  private final float nearest;
  private double share = Double.NaN;
  private long visited;
  private long matching;

  CapsProber(
      CapsIndex index, float[] query, Selection selection, SearchBudget budget, QueryMemo memo) {
    this.index = index;
    this.selection = selection;
    this.budget = budget;
    PartitionSpace space = index.layout().space();
    float[] spaceQuery = space.query(query);
    this.shift = space.shift(query);
    Optional<CodedQuery> code = index.code(spaceQuery, budget, memo);
    this.scope = index.scope(selection);
    this.listed = code.isPresent() && scope.isEmpty() ? index.listed(selection) : Optional.empty();
    this.queue =
        scope.isPresent()
            ? new CentroidQueue(index, spaceQuery, scope.get(), this::mayMatch)
            : new CentroidQueue(index, spaceQuery, code, this::mayMatch, memo.indexCount());
    this.nearest = queue.isEmpty() ? 0 : queue.firstDistance();
    this.scorer =
        code.isPresent()
            ? new CodeScorer(index, query, code.get(), selection, listed)
            : new SlotScorer(index, query, selection);
  }

  @Override
  public float nextDistance() {
    return queue.isEmpty()
        ? Float.POSITIVE_INFINITY
        : index.layout().space().toMetric(queue.firstDistance(), shift);
  }

  @Override
  public int partitionCount() {
    return scope
        .map(region -> region.end() - region.first())
        .orElse(index.layout().partitionCount());
  }

  private int rowCount() {
    return scope.map(index::rowCount).orElse(selection.size());
  }

  @Override
  public void probeNext(RowSink sink) {
    int partition = queue.first();
    float distance = queue.firstDistance();
    if (sink.isSpent(budget) && isBeyond(distance, sink)) {
      sink.counters().partitionsPruned += queue.size();
      queue.clear();
      return;
    }
    queue.removeFirst();
    visited += index.layout().rowCount(partition);
    matching += scorer.score(partition, distance, sink);
  }

  /// Whether partitions as far as this one and farther are not likely to hold enough of what is
  /// within the radius to be missed.
  private boolean isBeyond(float distance, RowSink sink) {
    Reach reach = scope.map(Tenants.Region::reach).orElse(index.layout().reach());
    float radius = sink.radius();
    if (!reach.isKnown() && scope.isPresent()) {
      return false; // few rows, all of which are looked at
    }
    if (!reach.isKnown()) {
      return budget.recall() < 1 && sink.isSpent(SearchBudget.defaultFor(sink.capacity()));
    }
    if (!Float.isFinite(radius)) {
      return false;
    }
    double ball = Math.max(index.layout().space().toSpace(radius, shift), Float.MIN_NORMAL);
    double width = ball / Math.max(nearest, Float.MIN_NORMAL);
    double scarcity = scarcity(distance);
    double lost = SHARE * (1 - budget.recall()) / (scarcity * scarcity);
    return distance - nearest > reach.excess(lost, width) * ball;
  }

  /// How many times rarer matching rows were in the visited partitions than in all: what a filter
  /// leaves out here it has farther out, and so many times more of the hits lie there.
  private double scarcity(float distance) {
    if (selection.isAll()) {
      return 1;
    }
    if (Double.isNaN(share)) {
      share = Math.min(1, (double) selection.estimate().most() / Math.max(1, rowCount()));
    }
    double passed = (double) queue.passedWithin(distance) * rowCount() / partitionCount();
    return Math.max(1, (share * (visited + passed) + PRIOR) / (matching + PRIOR));
  }

  @Override
  public void finish(RowSink sink) {
    scorer.finish(sink);
    queue.close();
  }

  private boolean mayMatch(int partition) {
    if (listed.isPresent()) {
      return listed.get().count(partition) > 0;
    }
    int[] start = index.layout().partitionStart();
    return selection.mayMatch(partition, start[partition], start[partition + 1]);
  }
}
