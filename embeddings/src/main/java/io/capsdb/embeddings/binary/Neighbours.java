package io.capsdb.embeddings.binary;

import io.capsdb.vector.Kernels;
import java.util.stream.IntStream;

/// Exact nearest rows by inner product; equal ones by the smaller number. On all processors.
public final class Neighbours {
  private Neighbours() {}

  /// The nearest rows of each row, itself left out.
  public static int[][] within(float[][] rows, int count) {
    return IntStream.range(0, rows.length)
        .parallel()
        .mapToObj(i -> nearest(rows[i], rows, i, count))
        .toArray(int[][]::new);
  }

  /// The nearest rows of each query.
  public static int[][] of(float[][] queries, float[][] rows, int count) {
    return IntStream.range(0, queries.length)
        .parallel()
        .mapToObj(i -> nearest(queries[i], rows, -1, count))
        .toArray(int[][]::new);
  }

  private static int[] nearest(float[] query, float[][] rows, int except, int count) {
    int[] best = new int[Math.min(count, rows.length - (except >= 0 ? 1 : 0))];
    float[] scores = new float[best.length];
    int found = 0;
    for (int row = 0; row < rows.length; row++) {
      if (row == except) {
        continue;
      }
      float score = Kernels.best().dot(query, rows[row]);
      if (found == best.length && score <= scores[found - 1]) {
        continue;
      }
      int at = found < best.length ? found++ : found - 1;
      while (at > 0 && scores[at - 1] < score) {
        scores[at] = scores[at - 1];
        best[at] = best[at - 1];
        at--;
      }
      scores[at] = score;
      best[at] = row;
    }
    return best;
  }
}
