package io.capsdb.caps;

import io.capsdb.attribute.Selection;
import io.capsdb.caps.code.RowRanking;
import io.capsdb.index.Hits;
import io.capsdb.index.Prober;
import io.capsdb.index.RowSink;
import io.capsdb.index.TopK;
import io.capsdb.vector.Kernels;
import java.util.Arrays;
import java.util.NoSuchElementException;

/// Puts all selected ordinals in order by their codes alone, and scores the first of them in full,
/// in one step; of equal codes the smaller ordinals come first. Not for more than one thread.
final class CodeRanker implements Prober {
  private final CapsIndex index;
  private final float[] query;
  private final RowRanking ranking;
  private final float[] centroidDistances;
  private final Selection selection;
  private final int count;
  private boolean isDone;

  /// @param query prepared by the metric
  /// @param centroidDistances in the space of the partitions
  /// @param count ordinals that are scored in full
  CodeRanker(
      CapsIndex index,
      float[] query,
      RowRanking ranking,
      float[] centroidDistances,
      Selection selection,
      int count) {
    this.index = index;
    this.query = query;
    this.ranking = ranking;
    this.centroidDistances = centroidDistances;
    this.selection = selection;
    this.count = count;
  }

  @Override
  public float nextDistance() {
    return isDone ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
  }

  @Override
  public void probeNext(RowSink sink) {
    if (isDone) {
      throw new NoSuchElementException("the rows are ranked already");
    }
    isDone = true;
    int[] ordinals = matching(sink);
    sink.scored(ordinals.length);
    int[] first = ordinals.length > count ? first(ordinals) : ordinals;
    float[] distances = new float[first.length];
    Kernels.best()
        .distances(index.metric(), query, index.vectors(), first, first.length, distances);
    sink.offer(first, distances, first.length);
  }

  private int[] matching(RowSink sink) {
    int[] ordinals = selection.list();
    if (selection.isExact()) {
      return ordinals;
    }
    int kept = 0;
    for (int ordinal : ordinals) {
      if (!selection.certain().contains(ordinal)) {
        sink.counters().documentsVerified++;
        if (!selection.verify().test(ordinal)) {
          continue;
        }
      }
      ordinals[kept++] = ordinal;
    }
    return Arrays.copyOf(ordinals, kept);
  }

  private int[] first(int[] ordinals) {
    ListedRows rows = new ListedRows(ordinals, index.finder());
    TopK top = new TopK(count);
    for (int partition = 0; partition < centroidDistances.length; partition++) {
      if (rows.count(partition) > 0) {
        long[] mask = new long[(index.layout().rowCount(partition) + 63) >>> 6];
        rows.fill(partition, index.layout().partitionStart()[partition], mask);
        ranking.offer(partition, centroidDistances[partition], mask, top);
      }
    }
    Hits best = top.drain();
    int[] first = new int[best.size()];
    for (int i = 0; i < first.length; i++) {
      first[i] = (int) best.keys()[i];
    }
    return first;
  }

  @Override
  public void finish(RowSink sink) {
    // Nothing is put aside.
  }

  @Override
  public int partitionCount() {
    return 1;
  }
}
