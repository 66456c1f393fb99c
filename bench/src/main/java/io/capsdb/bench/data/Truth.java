package io.capsdb.bench.data;

import io.capsdb.index.Hits;
import io.capsdb.index.TopK;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.VectorMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The distances of the exact `k` best matches of each query, and how recall is counted by them.
///
/// A distance is squared L2, or one minus the cosine; computed in double, kept as float. A hit
/// counts when it is as near as the last of the best matches, so that rows at equal distance count
/// as the same.
///
/// @param distances by query, ascending; fewer than `k` where fewer rows match
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record Truth(float[][] distances) {
  private static final double RELATIVE = 1e-5;
  private static final double ABSOLUTE = 1e-6;

  /// Nearest rows by float distances that are looked at again in double, beyond `k`: more than can
  /// be out of order by rounding.
  private static final int SLACK = 32;

  private static final int BLOCK = 1024;

  /// Searches all rows, a query on each of the threads; the rows lie in an arena that all may read.
  public static Truth compute(DataSet set, Ranges ranges, int k) {
    float[][] distances = new float[set.queries().length][];
    IntStream.range(0, distances.length)
        .parallel()
        .forEach(query -> distances[query] = best(set, ranges, query, k));
    return new Truth(distances);
  }

  /// The distance that truth is counted by.
  public static double distance(DataSet set, float[] query, int row) {
    VectorMatrix rows = set.rows();
    float[] vector = rows.row(row);
    double squares = 0;
    double dot = 0;
    double left = 0;
    double right = 0;
    for (int i = 0; i < vector.length; i++) {
      double difference = (double) query[i] - vector[i];
      squares += difference * difference;
      dot += (double) query[i] * vector[i];
      left += (double) query[i] * query[i];
      right += (double) vector[i] * vector[i];
    }
    return switch (set.metric()) {
      case COSINE -> 1 - dot / Math.sqrt(left * right);
      case EUCLID -> squares;
      case DOT, MANHATTAN -> throw new IllegalArgumentException("metric " + set.metric());
    };
  }

  /// Whether any row matches a query; those without are left out of recall.
  public boolean hasMatches(int query) {
    return distances[query].length > 0;
  }

  /// The distances of the best `k` alone.
  public Truth first(int k) {
    float[][] first = new float[distances.length][];
    Arrays.setAll(
        first, query -> Arrays.copyOf(distances[query], Math.min(k, distances[query].length)));
    return new Truth(first);
  }

  /// Share of the best matches that were found.
  ///
  /// @param found rows, none twice
  public double recall(DataSet set, int query, int[] found) {
    float[] best = distances[query];
    double limit = best[best.length - 1] * (1 + RELATIVE) + ABSOLUTE;
    int near = 0;
    for (int row : found) {
      near += distance(set, set.queries()[query], row) <= limit ? 1 : 0;
    }
    return Math.min(near, best.length) / (double) best.length;
  }

  private static float[] best(DataSet set, Ranges ranges, int query, int k) {
    float[] vector = set.queries()[query];
    TopK nearest = new TopK(k + SLACK);
    float[] block = new float[BLOCK];
    if (ranges.isFree(query)) {
      for (int from = 0; from < set.rowCount(); from += BLOCK) {
        int count = Math.min(BLOCK, set.rowCount() - from);
        Kernels.best().distances(set.metric(), vector, set.rows(), from, count, block);
        for (int i = 0; i < count; i++) {
          nearest.offer(block[i], from + i);
        }
      }
    } else {
      int[] rows = ranges.rows(query, set.columns(), set.rowCount());
      for (int from = 0; from < rows.length; from += BLOCK) {
        int[] some = Arrays.copyOfRange(rows, from, Math.min(from + BLOCK, rows.length));
        Kernels.best().distances(set.metric(), vector, set.rows(), some, some.length, block);
        for (int i = 0; i < some.length; i++) {
          nearest.offer(block[i], some[i]);
        }
      }
    }
    Hits hits = nearest.drain();
    double[] exact = new double[hits.size()];
    Arrays.setAll(exact, i -> distance(set, vector, (int) hits.keys()[i]));
    Arrays.sort(exact);
    float[] best = new float[Math.min(k, exact.length)];
    for (int i = 0; i < best.length; i++) {
      best[i] = (float) exact[i];
    }
    return best;
  }

  static Truth of(List<float[]> rows) {
    return new Truth(rows.toArray(float[][]::new));
  }
}
