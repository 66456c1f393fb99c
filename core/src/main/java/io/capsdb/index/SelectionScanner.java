package io.capsdb.index;

import io.capsdb.attribute.Selection;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import org.roaringbitmap.PeekableIntIterator;

/// Scores the selected rows of ranges of ordinals, for one search in one index: gathers ordinals
/// into batches, computes their distances without a branch on a result, offers them to the sink.
///
/// Ranges may come in any order; ascending ones cost least. Not for more than one thread.
public final class SelectionScanner {
  private static final int BATCH = 256;

  private final Kernels kernels = Kernels.best();
  private final Metric metric;
  private final VectorMatrix vectors;
  private final float[] query;
  private final Selection selection;
  private final boolean isExact;
  private final boolean isAll;
  private final int[] ordinals = new int[BATCH];
  private final float[] distances = new float[BATCH];

  /// @param query prepared by [Metric#prepare]
  public SelectionScanner(Metric metric, VectorMatrix vectors, float[] query, Selection selection) {
    this.metric = metric;
    this.vectors = vectors;
    this.query = query;
    this.selection = selection;
    this.isExact = selection.isExact();
    this.isAll = selection.isAll();
  }

  /// Scores the selected ordinals in `from .. to - 1`.
  public void scan(int from, int to, RowSink sink) {
    if (isAll) {
      scanWhole(from, to, sink);
      return;
    }
    PeekableIntIterator possible = selection.possible().getIntIterator();
    possible.advanceIfNeeded(from);
    int count = 0;
    while (possible.hasNext()) {
      int ordinal = possible.next();
      if (ordinal >= to) {
        break;
      }
      if (isExact || selection.certain().contains(ordinal) || verify(ordinal, sink)) {
        ordinals[count++] = ordinal;
        if (count == BATCH) {
          score(count, sink);
          count = 0;
        }
      }
    }
    score(count, sink);
  }

  /// Scores all of `from .. to - 1`, which the caller knows to be selected.
  public void scanWhole(int from, int to, RowSink sink) {
    for (int start = from; start < to; start += BATCH) {
      int count = Math.min(BATCH, to - start);
      kernels.distances(metric, query, vectors, start, count, distances);
      sink.scored(count);
      sink.offerRange(start, distances, count);
    }
  }

  private boolean verify(int ordinal, RowSink sink) {
    sink.counters().documentsVerified++;
    return selection.verify().test(ordinal);
  }

  private void score(int count, RowSink sink) {
    if (count > 0) {
      kernels.distances(metric, query, vectors, ordinals, count, distances);
      sink.scored(count);
      sink.offer(ordinals, distances, count);
    }
  }
}
