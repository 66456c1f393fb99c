package io.capsdb.embeddings.binary;

import io.capsdb.vector.Kernels;
import java.util.Arrays;

/// Search by codes alone, offline: the rows with the nearest codes, ranked again by their vectors.
/// What codes are measured by.
public final class CodeSearch {
  private final float[][] matrix;
  private final float[][] rows;
  private final long[][] codes;

  /// @param matrix of the codes, bits x dimension
  /// @param rows centred rows
  public CodeSearch(float[][] matrix, float[][] rows) {
    this.matrix = matrix;
    this.rows = rows;
    this.codes = new long[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      codes[i] = code(project(rows[i]));
    }
  }

  private float[] project(float[] row) {
    float[] z = new float[matrix.length];
    for (int b = 0; b < z.length; b++) {
      z[b] = Kernels.best().dot(matrix[b], row);
    }
    return z;
  }

  private static long[] code(float[] z) {
    long[] code = new long[(z.length + 63) >>> 6];
    for (int b = 0; b < z.length; b++) {
      code[b >> 6] |= z[b] >= 0 ? 1L << b : 0;
    }
    return code;
  }

  /// The nearest `count` of the `candidates` rows whose codes differ least; of equal codes those of
  /// smaller number.
  public int[] search(float[] query, int candidates, int count) {
    long[] code = code(project(query));
    int[] distances = new int[rows.length];
    int[] withDistance = new int[matrix.length + 2];
    for (int i = 0; i < rows.length; i++) {
      for (int w = 0; w < code.length; w++) {
        distances[i] += Long.bitCount(code[w] ^ codes[i][w]);
      }
      withDistance[distances[i] + 1]++;
    }
    int most = Math.min(candidates, rows.length);
    int[] chosen = new int[most];
    int taken = 0;
    int nearer = 0;
    int limit = 0; // the distance at which not all rows are candidates any more
    while (nearer + withDistance[limit + 1] <= most && limit < matrix.length) {
      nearer += withDistance[++limit];
    }
    int atLimit = most - nearer;
    for (int i = 0; i < rows.length && taken < most; i++) {
      if (distances[i] < limit || (distances[i] == limit && atLimit-- > 0)) {
        chosen[taken++] = i;
      }
    }
    return rerank(query, chosen, count);
  }

  /// The same with the query's own values against the codes: `<z, c>`.
  public int[] searchAsymmetric(float[] query, int candidates, int count) {
    float[] z = project(query);
    long[] order = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      float score = 0;
      for (int b = 0; b < z.length; b++) {
        score += (codes[i][b >> 6] >>> b & 1) != 0 ? z[b] : -z[b];
      }
      order[i] = sortable(-score) << 32 | i;
    }
    Arrays.sort(order);
    int[] chosen = new int[Math.min(candidates, order.length)];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = (int) order[i];
    }
    return rerank(query, chosen, count);
  }

  /// Bits that sort as the float does.
  private static long sortable(float value) {
    int bits = Float.floatToIntBits(value);
    return bits ^ (bits >> 31 & 0x7fffffff);
  }

  private int[] rerank(float[] query, int[] chosen, int count) {
    Arrays.sort(chosen); // equal scores go by the smaller number
    float[][] candidates = new float[chosen.length][];
    for (int i = 0; i < chosen.length; i++) {
      candidates[i] = rows[chosen[i]];
    }
    int[] best = Neighbours.of(new float[][] {query}, candidates, count)[0];
    for (int i = 0; i < best.length; i++) {
      best[i] = chosen[best[i]];
    }
    return best;
  }

  /// Mean share, in %, of the true nearest rows that are found.
  public double recall(float[][] queries, int[][] truth, int candidates, boolean isAsymmetric) {
    double sum = 0;
    for (int q = 0; q < queries.length; q++) {
      int count = truth[q].length;
      int[] found =
          isAsymmetric
              ? searchAsymmetric(queries[q], candidates, count)
              : search(queries[q], candidates, count);
      int right = 0;
      for (int wanted : truth[q]) {
        for (int row : found) {
          right += row == wanted ? 1 : 0;
        }
      }
      sum += (double) right / count;
    }
    return 100 * sum / queries.length;
  }
}
