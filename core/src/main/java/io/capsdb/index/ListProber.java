package io.capsdb.index;

import io.capsdb.attribute.Selection;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.NoSuchElementException;

/// Scores the vectors of all selected ordinals in one step.
///
/// Not for more than one thread.
public final class ListProber implements Prober {
  private static final int BATCH = 256;

  private final Metric metric;
  private final VectorMatrix vectors;
  private final float[] query;
  private final Selection selection;
  private final int[] ordinals;
  private boolean isDone;

  /// @param query prepared by [Metric#prepare]
  /// @param ordinals what [Selection#list] answered; changed by this object
  public ListProber(
      Metric metric, VectorMatrix vectors, float[] query, Selection selection, int[] ordinals) {
    this.metric = metric;
    this.vectors = vectors;
    this.query = query;
    this.selection = selection;
    this.ordinals = ordinals;
    this.isDone = ordinals.length == 0;
  }

  @Override
  public float nextDistance() {
    return isDone ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
  }

  @Override
  public void probeNext(RowSink sink) {
    if (isDone) {
      throw new NoSuchElementException("the list is scored already");
    }
    isDone = true;
    int count = selection.isExact() ? ordinals.length : verify(sink);
    int[] batch = new int[BATCH];
    float[] distances = new float[BATCH];
    for (int from = 0; from < count; from += BATCH) {
      int length = Math.min(BATCH, count - from);
      System.arraycopy(ordinals, from, batch, 0, length);
      Kernels.best().distances(metric, query, vectors, batch, length, distances);
      sink.scored(length);
      sink.offer(batch, distances, length);
    }
  }

  private int verify(RowSink sink) {
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
    return kept;
  }

  @Override
  public int partitionCount() {
    return 1;
  }
}
