package io.capsdb.caps;

import io.capsdb.attribute.Selection;
import io.capsdb.index.Prober;
import io.capsdb.index.RowSink;
import io.capsdb.index.SearchBudget;

/// One walk over the partitions of a CAPS index, nearest centroid first (CAPS, section 1.3);
/// partitions without a possible match are passed over.
final class CapsProber implements Prober {
  private final CapsIndex index;
  private final Selection selection;
  private final CentroidQueue queue;
  private final PartitionScorer scorer;
  private final float shift;

  CapsProber(CapsIndex index, float[] query, Selection selection, SearchBudget budget) {
    this.index = index;
    this.selection = selection;
    PartitionSpace space = index.layout().space();
    float[] spaceQuery = space.query(query);
    this.shift = space.shift(query);
    this.queue = new CentroidQueue(index, spaceQuery);
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
    scorer.score(partition, queue.distance(partition), sink);
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
