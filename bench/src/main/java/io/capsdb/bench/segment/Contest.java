package io.capsdb.bench.segment;

import io.capsdb.Collection;
import io.capsdb.SearchPlan;
import io.capsdb.SearchRequest;
import io.capsdb.SearchResult;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.HitRows;
import io.capsdb.bench.data.Ranges;
import io.capsdb.bench.data.Truth;
import io.capsdb.bench.data.TruthFiles;
import io.capsdb.filter.Filter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Two collections of the same rows, asked the same: processor time and recall at several recalls
/// asked for, and how the second does at the recall that the first reaches.
final class Contest {
  static final int K = 10;

  private static final double[] ASKED = {0.9, 0.95, 0.98, 0.99};

  /// The place in [#ASKED] at which both are compared.
  private static final int COMPARED = 1;

  private static final int REPETITIONS = 7;
  private static final int WARM_UP_ROUNDS = 4;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final DataSet set;
  private final TruthFiles truths;
  private final List<String> names;
  private final List<Collection> sides;

  /// @param names of the sides
  /// @param sides two
  Contest(DataSet set, TruthFiles truths, List<String> names, List<Collection> sides) {
    this.set = set;
    this.truths = truths;
    this.names = names;
    this.sides = sides;
  }

  /// What one side does for one recall asked for, on average.
  private record Reached(
      double recall, double micros, double partitions, double rows, double vectors) {}

  /// @param ratio rate of the second side by that of the first, where it reaches the recall of the
  ///     first at the recall that is compared
  /// @param recall of the second less that of the first, at the same recall asked for
  record Outcome(double ratio, double recall) {}

  static void printHead() {
    System.out.println(
        "| workload | asked | side | recall@10 | partitions | rows scored | vectors read | µs |");
    System.out.println("|---|---|---|---|---|---|---|---|");
  }

  /// Runs of the sides take turns, so that what else the machine does meets both.
  Outcome run(String workload) throws IOException {
    Ranges ranges = set.ranges(workload);
    Truth truth = truths.get(set, workload, K);
    List<Filter> filters = new ArrayList<>();
    for (int query = 0; query < set.queries().length; query++) {
      filters.add(OneSegment.filter(set, ranges, query));
    }
    Reached[][] reached = new Reached[sides.size()][ASKED.length];
    for (int asked = 0; asked < ASKED.length; asked++) {
      double[][] micros = new double[sides.size()][REPETITIONS];
      for (int round = -WARM_UP_ROUNDS; round < REPETITIONS; round++) {
        for (int side = 0; side < sides.size(); side++) {
          double taken = micros(sides.get(side), filters, ASKED[asked]);
          if (round >= 0) {
            micros[side][round] = taken;
          }
        }
      }
      for (int side = 0; side < sides.size(); side++) {
        Arrays.sort(micros[side]);
        reached[side][asked] =
            reached(sides.get(side), filters, ASKED[asked], truth, micros[side][REPETITIONS / 2]);
        row(workload, ASKED[asked], names.get(side), reached[side][asked]);
      }
    }
    Reached first = reached[0][COMPARED];
    Reached second = reached[1][COMPARED];
    return new Outcome(
        first.micros() / microsAt(reached[1], first.recall()), second.recall() - first.recall());
  }

  /// Between the recalls that were reached, straight over the logarithm of what is lost.
  private static double microsAt(Reached[] reached, double recall) {
    int above = 1;
    while (above < reached.length - 1 && reached[above].recall() < recall) {
      above++;
    }
    double low = loss(reached[above - 1].recall());
    double high = loss(reached[above].recall());
    double from = reached[above - 1].micros();
    double to = reached[above].micros();
    if (!(high < low)) {
      return to;
    }
    double part = Math.clamp((low - loss(recall)) / (low - high), 0.0, 1.0);
    return from + part * (to - from);
  }

  private static double loss(double recall) {
    return Math.log(Math.max(1e-4, 1 - recall));
  }

  private double micros(Collection collection, List<Filter> filters, double recall) {
    long begin = threads.getCurrentThreadCpuTime();
    for (int query = 0; query < filters.size(); query++) {
      collection.search(request(filters, query, recall));
    }
    return (threads.getCurrentThreadCpuTime() - begin) / 1e3 / filters.size();
  }

  private SearchRequest request(List<Filter> filters, int query, double recall) {
    return SearchRequest.nearest(set.queries()[query])
        .filter(filters.get(query))
        .limit(K)
        .recall(recall)
        .withPayload(false);
  }

  private Reached reached(
      Collection collection, List<Filter> filters, double asked, Truth truth, double micros) {
    double recall = 0;
    double partitions = 0;
    double rows = 0;
    double vectors = 0;
    int counted = 0;
    for (int query = 0; query < filters.size(); query++) {
      SearchResult result = collection.search(request(filters, query, asked));
      SearchPlan plan = result.plan();
      partitions += plan.partitionsProbed();
      rows += plan.rowsScored();
      vectors += plan.vectorsRead();
      if (truth.hasMatches(query)) {
        counted++;
        recall += truth.recall(set, query, HitRows.of(result.hits()));
      }
    }
    int count = filters.size();
    return new Reached(recall / counted, micros, partitions / count, rows / count, vectors / count);
  }

  private static void row(String workload, double asked, String name, Reached reached) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %s | %.4f | %.1f | %,.0f | %,.0f | %.1f |%n",
        workload,
        asked,
        name,
        reached.recall(),
        reached.partitions(),
        reached.rows(),
        reached.vectors(),
        reached.micros());
  }
}
