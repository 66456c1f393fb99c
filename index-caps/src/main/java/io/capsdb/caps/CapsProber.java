package io.capsdb.caps;

import io.capsdb.attribute.Selection;
import io.capsdb.index.Prober;
import io.capsdb.index.RowSink;
import io.capsdb.index.SearchBudget;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;

/// One walk over the partitions of a CAPS index, nearest centroid first (CAPS, section 1.3);
/// partitions without a possible match are passed over.
final class CapsProber implements Prober {
  private final CapsIndex index;
  private final Selection selection;
  private final CentroidQueue queue;
  private final PartitionScorer scorer;
  private final SearchBudget budget;
  private final float shift;
  private final float ratio;
  private final int nearest;
  private final float[] nearestCentroid;
  private final float[] apart = new float[1];

  CapsProber(CapsIndex index, float[] query, Selection selection, SearchBudget budget) {
    this.index = index;
    this.selection = selection;
    this.budget = budget;
    PartitionSpace space = index.layout().space();
    float[] spaceQuery = space.query(query);
    this.shift = space.shift(query);
    this.queue = new CentroidQueue(index, spaceQuery);
    this.nearest = queue.isEmpty() ? -1 : queue.first();
    this.nearestCentroid = queue.isEmpty() ? spaceQuery : index.centroids().row(nearest);
    this.ratio = index.layout().reach().ratio(budget.recall());
    this.scorer =
        index
            .codeScorer(query, spaceQuery, selection, budget)
            .<PartitionScorer>map(coded -> coded)
            .orElseGet(() -> new SlotScorer(index, query, selection));
    dropEmpty();
  }

  @Override
  public float nextDistance() {
    return queue.isEmpty()
        ? Float.POSITIVE_INFINITY
        : index.layout().space().toMetric(queue.distance(queue.first()), shift);
  }

  @Override
  public int partitionCount() {
    return index.layout().partitionCount();
  }

  @Override
  public void probeNext(RowSink sink) {
    int partition = queue.first();
    queue.removeFirst();
    dropEmpty();
    if (sink.isSpent(budget) && isBeyond(partition, sink.radius())) {
      sink.counters().partitionsPruned++;
      if (isAllBeyond(partition, sink.radius())) {
        sink.counters().partitionsPruned += queue.size();
        queue.clear();
      }
      return;
    }
    scorer.score(partition, queue.distance(partition), sink);
  }

  /// Whether a partition is not likely to hold a row within the radius.
  private boolean isBeyond(int partition, float radius) {
    if (partition == nearest || ratio == Float.POSITIVE_INFINITY || !Float.isFinite(radius)) {
      return false;
    }
    Kernels.best()
        .distances(Metric.EUCLID, nearestCentroid, index.centroids(), partition, 1, apart);
    float height =
        ReachMeasurement.height(queue.distance(partition), queue.distance(nearest), apart[0]);
    float reach = index.layout().space().toSpace(radius, shift);
    return height > 0 && height * height > ratio * ratio * Math.max(0, reach);
  }

  /// Whether no partition as far as this one or farther is likely to hold a row within the radius:
  /// centroids are no farther from each other than the query is from both together.
  private boolean isAllBeyond(int partition, float radius) {
    double far = Math.sqrt(queue.distance(partition));
    double near = Math.sqrt(queue.distance(nearest));
    double reach = Math.sqrt(Math.max(0, index.layout().space().toSpace(radius, shift)));
    return (far - near) / 2 > ratio * reach;
  }

  @Override
  public void finish(RowSink sink) {
    scorer.finish(sink);
  }

  private void dropEmpty() {
    int[] start = index.layout().partitionStart();
    while (!queue.isEmpty()
        && !selection.mayMatch(start[queue.first()], start[queue.first() + 1])) {
      queue.removeFirst();
    }
  }
}
