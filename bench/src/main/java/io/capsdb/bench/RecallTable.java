package io.capsdb.bench;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.Hit;
import io.capsdb.Point;
import io.capsdb.SearchRequest;
import io.capsdb.SearchResult;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.io.LocalDisk;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Recall, rows scored and rate of the default setting on real data, through the public library
/// API, with exact search in the same run as oracle and baseline.
///
/// Usage: `bench/run recall (fashion|products) FOLDER [QUERIES]`.
public final class RecallTable {
  private static final int K = 10;
  private static final int BATCH = 1_000;
  private static final int WARM_UP_ROUNDS = 3;

  private final BenchSet set;
  private final PrintStream out;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private boolean isPassed = true;

  private RecallTable(BenchSet set, PrintStream out) {
    this.set = set;
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    int queries = args.length > 2 ? Integer.parseInt(args[2]) : 500;
    Path folder = Path.of(args[1]);
    BenchSet set =
        switch (args[0]) {
          case "fashion" -> FashionSet.read(new LocalDisk(), folder, queries);
          case "products" -> ProductsSet.read(new LocalDisk(), folder, queries);
          default -> throw new IllegalArgumentException("unknown data set: " + args[0]);
        };
    if (!new RecallTable(set, System.out).run()) {
      System.exit(1);
    }
  }

  private boolean run() {
    try (Database database = Database.inMemory()) {
      Collection collection =
          database.createCollection(
              "bench", CollectionConfig.of(set.vectors().getFirst().length, set.metric()));
      for (int from = 0; from < set.vectors().size(); from += BATCH) {
        List<Point> batch = new ArrayList<>();
        for (int i = from; i < Math.min(from + BATCH, set.vectors().size()); i++) {
          batch.add(Point.of(i, set.vectors().get(i), set.payloads().get(i)));
        }
        collection.upsert(batch);
      }
      collection.seal();
      out.printf(
          Locale.ROOT,
          "%s: %,d rows x %d, %s, %d queries, k = %d, %s%n%n",
          set.name(),
          set.vectors().size(),
          set.vectors().getFirst().length,
          set.metric(),
          set.queries().size(),
          K,
          collection.status());
      out.println(
          "| workload | matches | recall@10 | plan | rows scored | partitions | µs | exact µs | ratio |");
      out.println("|---|---|---|---|---|---|---|---|---|");
      for (Workload workload : set.workloads()) {
        row(collection, workload);
      }
    }
    out.println(isPassed ? "\nPASS" : "\nFAIL");
    return isPassed;
  }

  private void row(Collection collection, Workload workload) {
    int count = set.queries().size();
    List<SearchResult> found = new ArrayList<>();
    List<SearchResult> exact = new ArrayList<>();
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      for (int i = 0; i < count; i++) {
        collection.search(request(workload, i));
      }
    }
    long begin = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < count; i++) {
      found.add(collection.search(request(workload, i)));
    }
    long probeNanos = threads.getCurrentThreadCpuTime() - begin;
    begin = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < count; i++) {
      exact.add(collection.search(request(workload, i).exact(true)));
    }
    long exactNanos = threads.getCurrentThreadCpuTime() - begin;
    double recall = 0;
    double matches = 0;
    double scored = 0;
    double partitions = 0;
    int probes = 0;
    for (int i = 0; i < count; i++) {
      SearchResult result = found.get(i);
      recall += recall(result.hits(), exact.get(i).hits());
      matches += result.plan().estimatedMatches();
      scored += result.plan().rowsScored();
      partitions += result.plan().partitionsProbed();
      probes += result.plan().name().equals("probe") ? 1 : 0;
      check(workload, i, result);
    }
    recall /= count;
    isPassed &= recall >= 0.99;
    out.printf(
        Locale.ROOT,
        "| %s | %,.0f | %.4f | %d %% probe | %,.0f (%.1f %%) | %.0f | %.0f | %.0f | %.1f |%n",
        workload.name(),
        matches / count,
        recall,
        100 * probes / count,
        scored / count,
        100 * scored / count / set.vectors().size(),
        partitions / count,
        probeNanos / 1e3 / count,
        exactNanos / 1e3 / count,
        (double) exactNanos / probeNanos);
  }

  private SearchRequest request(Workload workload, int query) {
    return SearchRequest.nearest(set.queries().get(query))
        .filter(workload.filterOf().apply(query))
        .limit(K);
  }

  /// Share of the exact hits that are as near as the found ones; by score, because rows can be
  /// equal.
  private static double recall(List<Hit> found, List<Hit> exact) {
    if (exact.isEmpty()) {
      return 1;
    }
    int agreeing = 0;
    for (int i = 0, j = 0; i < exact.size() && j < found.size(); i++) {
      if (found.get(j).score() == exact.get(i).score()) {
        agreeing++;
        j++;
      }
    }
    return (double) agreeing / exact.size();
  }

  /// Every hit satisfies the filter, and there are min(k, matches) of them.
  private void check(Workload workload, int query, SearchResult result) {
    Filter filter = workload.filterOf().apply(query);
    FilterEvaluator evaluator = FilterEvaluator.of(filter);
    for (Hit hit : result.hits()) {
      if (!(hit.id() instanceof PointId.Numeric(long row))
          || !evaluator.matches(set.payloads().get((int) row))) {
        out.println("FAIL: query " + query + " of '" + workload.name() + "' found " + hit.id());
        isPassed = false;
      }
    }
    if (result.hits().size() < Math.min(K, result.plan().minMatches())) {
      out.println("FAIL: query " + query + " of '" + workload.name() + "' found too few");
      isPassed = false;
    }
  }
}
