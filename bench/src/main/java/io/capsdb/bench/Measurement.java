package io.capsdb.bench;

import io.capsdb.Collection;
import io.capsdb.Database;
import io.capsdb.Hit;
import io.capsdb.Point;
import io.capsdb.SearchRequest;
import io.capsdb.SearchResult;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.point.PointId;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/// Runs the workloads of a data set at the default setting, through the public library API, with
/// exact search as oracle in the same run.
final class Measurement {
  static final int K = 10;
  private static final int BATCH = 1_000;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final BenchSet set;
  private final Collection collection;
  private final int warmUpRounds;

  private Measurement(BenchSet set, Collection collection, int warmUpRounds) {
    this.set = set;
    this.collection = collection;
    this.warmUpRounds = warmUpRounds;
  }

  /// Loads and seals a data set.
  ///
  /// @param warmUpRounds runs of all queries before those that are timed
  static Measurement load(Database database, BenchSet set, int warmUpRounds) {
    Collection collection =
        database.createCollection(
            "bench", io.capsdb.CollectionConfig.of(set.vectors().getFirst().length, set.metric()));
    for (int from = 0; from < set.vectors().size(); from += BATCH) {
      List<Point> batch = new ArrayList<>();
      for (int i = from; i < Math.min(from + BATCH, set.vectors().size()); i++) {
        batch.add(Point.of(i, set.vectors().get(i), set.payloads().get(i)));
      }
      collection.upsert(batch);
    }
    collection.seal();
    return new Measurement(set, collection, warmUpRounds);
  }

  Collection collection() {
    return collection;
  }

  Measured run(Workload workload) {
    int count = set.queries().size();
    for (int round = 0; round < warmUpRounds; round++) {
      for (int i = 0; i < count; i++) {
        collection.search(request(workload, i));
      }
    }
    List<SearchResult> found = new ArrayList<>();
    List<SearchResult> exact = new ArrayList<>();
    long begin = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < count; i++) {
      found.add(collection.search(request(workload, i)));
    }
    long nanos = threads.getCurrentThreadCpuTime() - begin;
    begin = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < count; i++) {
      exact.add(collection.search(request(workload, i).exact(true)));
    }
    long exactNanos = threads.getCurrentThreadCpuTime() - begin;
    return sum(workload, found, exact, nanos / 1e3 / count, exactNanos / 1e3 / count);
  }

  private Measured sum(
      Workload workload,
      List<SearchResult> found,
      List<SearchResult> exact,
      double micros,
      double exactMicros) {
    double recall = 0;
    long matches = 0;
    long scored = 0;
    long partitions = 0;
    int probes = 0;
    int foreign = 0;
    int tooFew = 0;
    int count = found.size();
    for (int i = 0; i < count; i++) {
      SearchResult result = found.get(i);
      recall += recall(result.hits(), exact.get(i).hits());
      matches += exact.get(i).plan().rowsScored();
      scored += result.plan().rowsScored();
      partitions += result.plan().partitionsProbed();
      probes += result.plan().name().equals("probe") ? 1 : 0;
      foreign += foreign(workload, i, result);
      tooFew += result.hits().size() < exact.get(i).hits().size() ? 1 : 0;
    }
    double rows = set.vectors().size();
    return new Measured(
        workload.name(),
        count,
        matches / rows / count,
        recall / count,
        (double) probes / count,
        scored / rows / count,
        (double) partitions / count,
        foreign,
        tooFew,
        micros,
        exactMicros);
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

  private int foreign(Workload workload, int query, SearchResult result) {
    FilterEvaluator evaluator = FilterEvaluator.of(workload.filterOf().apply(query));
    int foreign = 0;
    for (Hit hit : result.hits()) {
      boolean isMatch =
          hit.id() instanceof PointId.Numeric(long row)
              && evaluator.matches(set.payloads().get((int) row));
      foreign += isMatch ? 0 : 1;
    }
    return foreign;
  }
}
