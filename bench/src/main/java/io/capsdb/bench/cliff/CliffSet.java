package io.capsdb.bench.cliff;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Gives the rows of a data set the two attributes of the grid, and its queries a workload for each
/// correlation and selectivity.
///
/// | attribute | values |
/// |---|---|
/// | `independent` | a permutation of the row numbers |
/// | `place` | the place of the row in [BallOrder] |
///
/// Each filter is a window of one of them. Equal settings give equal workloads.
final class CliffSet {
  /// Shares of the rows that match, in half decades; the first is no filter.
  static final List<Double> SHARES =
      List.of(
          1.0,
          Math.pow(10, -0.5),
          0.1,
          Math.pow(10, -1.5),
          0.01,
          Math.pow(10, -2.5),
          0.001,
          Math.pow(10, -3.5));

  private static final int INDEPENDENT = 0;
  private static final int PLACE = 1;
  private static final int BLOCK = 4_096;

  private final DataSet base;
  private final int[] rowAt;
  private final int[][] columns;
  private final RandomGenerator random = new SplittableRandom(43);

  private CliffSet(DataSet base) {
    this.base = base;
    this.rowAt = BallOrder.of(base.rows(), random);
    this.columns = new int[2][base.rowCount()];
    for (int place = 0; place < rowAt.length; place++) {
      columns[PLACE][rowAt[place]] = place;
    }
    int[] shuffled = columns[INDEPENDENT];
    Arrays.setAll(shuffled, row -> row);
    for (int i = shuffled.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int value = shuffled[i];
      shuffled[i] = shuffled[other];
      shuffled[other] = value;
    }
  }

  /// @param queryCount most queries; the first ones of the set are taken
  static DataSet of(DataSet base, int queryCount) {
    return new CliffSet(base).make(Math.min(queryCount, base.queries().length));
  }

  static String workload(Correlation correlation, int share) {
    return share == 0 ? DataSet.NONE : correlation.label() + share;
  }

  private DataSet make(int queryCount) {
    Map<String, Ranges> workloads = new TreeMap<>();
    workloads.put(DataSet.NONE, Ranges.free(queryCount, columns.length));
    for (Correlation correlation : Correlation.values()) {
      for (int share = 1; share < SHARES.size(); share++) {
        workloads.put(workload(correlation, share), Ranges.free(queryCount, columns.length));
      }
    }
    for (int query = 0; query < queryCount; query++) {
      double[] sums = distanceSums(base.queries()[query]);
      for (int share = 1; share < SHARES.size(); share++) {
        int width = (int) Math.max(1, Math.round(SHARES.get(share) * rowAt.length));
        int anywhere = random.nextInt(rowAt.length - width + 1);
        set(workloads, Correlation.INDEPENDENT, share, query, INDEPENDENT, anywhere, width);
        set(workloads, Correlation.OWN, share, query, PLACE, window(sums, width, 1), width);
        set(workloads, Correlation.OPPOSED, share, query, PLACE, window(sums, width, -1), width);
      }
    }
    return new DataSet(
        base.name(),
        base.metric(),
        base.isGenerated(),
        base.about(),
        List.of("independent", "place"),
        columns,
        base.rows(),
        Arrays.copyOf(base.queries(), queryCount),
        workloads);
  }

  private static void set(
      Map<String, Ranges> workloads,
      Correlation correlation,
      int share,
      int query,
      int attribute,
      int from,
      int width) {
    Ranges ranges = workloads.get(workload(correlation, share));
    if (ranges == null) {
      throw new IllegalStateException("no workload for " + correlation + " and share " + share);
    }
    ranges.set(query, attribute, from, from + width - 1);
  }

  /// Squared distances of the rows before each place, summed.
  private double[] distanceSums(float[] query) {
    double[] sums = new double[rowAt.length + 1];
    float[] distances = new float[BLOCK];
    for (int from = 0; from < rowAt.length; from += BLOCK) {
      int[] some = Arrays.copyOfRange(rowAt, from, Math.min(rowAt.length, from + BLOCK));
      Kernels.best().distances(Metric.EUCLID, query, base.rows(), some, some.length, distances);
      for (int i = 0; i < some.length; i++) {
        sums[from + i + 1] = sums[from + i] + distances[i];
      }
    }
    return sums;
  }

  /// Where the window begins whose rows are nearest on average, or farthest.
  ///
  /// @param sign 1 for the nearest, -1 for the farthest
  private static int window(double[] sums, int width, int sign) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int from = 0; from + width < sums.length; from++) {
      double sum = sign * (sums[from + width] - sums[from]);
      if (sum < least) {
        least = sum;
        best = from;
      }
    }
    return best;
  }
}
