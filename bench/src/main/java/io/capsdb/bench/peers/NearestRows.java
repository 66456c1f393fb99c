package io.capsdb.bench.peers;

import io.capsdb.index.Hits;
import io.capsdb.index.TopK;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;

/// The nearest of the rows that are offered, scored in batches by our own kernels. For one thread.
public final class NearestRows {
  private static final int BATCH = 256;

  private final Metric metric;
  private final VectorMatrix rows;
  private final float[] query;
  private final TopK nearest;
  private final int[] batch = new int[BATCH];
  private final float[] distances = new float[BATCH];
  private int count;

  public NearestRows(Metric metric, VectorMatrix rows, float[] query, int k) {
    this.metric = metric;
    this.rows = rows;
    this.query = query;
    this.nearest = new TopK(k);
  }

  /// Offers one row.
  public void add(int row) {
    batch[count++] = row;
    if (count == BATCH) {
      flush();
    }
  }

  /// Offers rows that lie one after the other.
  void addAll(int from, int to) {
    for (int start = from; start < to; start += BATCH) {
      int some = Math.min(BATCH, to - start);
      Kernels.best().distances(metric, query, rows, start, some, distances);
      for (int i = 0; i < some; i++) {
        nearest.offer(distances[i], start + i);
      }
    }
  }

  /// The nearest of all that was offered, nearest first.
  public int[] take() {
    flush();
    Hits hits = nearest.drain();
    int[] taken = new int[hits.size()];
    for (int i = 0; i < taken.length; i++) {
      taken[i] = (int) hits.keys()[i];
    }
    return taken;
  }

  private void flush() {
    if (count > 0) {
      Kernels.best().distances(metric, query, rows, batch, count, distances);
      for (int i = 0; i < count; i++) {
        nearest.offer(distances[i], batch[i]);
      }
      count = 0;
    }
  }
}
