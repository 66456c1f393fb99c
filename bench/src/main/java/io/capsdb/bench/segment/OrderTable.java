package io.capsdb.bench.segment;

import io.capsdb.SearchRequest;
import io.capsdb.SearchResult;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.HitRows;
import io.capsdb.bench.data.Ranges;
import io.capsdb.bench.data.Truth;
import io.capsdb.bench.data.TruthFiles;
import io.capsdb.filter.Filter;
import io.capsdb.index.RowOrder;
import io.capsdb.io.Disk;
import io.capsdb.io.LocalDisk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What the order of the rows inside partitions is worth: the same rows in the same partitions,
/// ordered as they come, by frequency, and by gain after the filters of the workload were seen, and
/// after those of all workloads were.
///
/// Usage: `bench/run order FOLDER [WORKLOAD,...]`; the launcher adds an empty folder for the data.
public final class OrderTable {
  private static final int K = 10;
  private static final double RECALL = 0.95;
  private static final int REPETITIONS = 7;
  private static final int WARM_UP_ROUNDS = 6;

  /// Filters of a workload that are seen before segments are built.
  private static final int SEEN = 48;

  private static final List<String> ALL_WORKLOADS =
      List.of("range10", "uniform10", "near10", "far10", "power3");

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final DataSet set;
  private final TruthFiles truths;
  private final Path data;
  private int folders;

  /// One order of the rows.
  private record Ordered(String name, OneSegment segment) {}

  private OrderTable(DataSet set, TruthFiles truths, Path data) {
    this.set = set;
    this.truths = truths;
    this.data = data;
  }

  public static void main(String[] args) throws IOException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: order FOLDER [WORKLOAD,...] DATA");
      System.exit(2);
    }
    Disk disk = new LocalDisk();
    Path folder = Path.of(args[0]);
    try (Arena arena = Arena.ofShared()) {
      DataSet set = new DataSetFiles(disk, folder).read(arena);
      List<String> workloads = args.length == 3 ? List.of(args[1].split(",")) : ALL_WORKLOADS;
      new OrderTable(set, new TruthFiles(disk, folder), Path.of(args[args.length - 1]))
          .run(workloads);
    }
  }

  private void run(List<String> workloads) throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%s%s: %,d rows x %d, one segment, k = %d, recall asked %.2f, µs of processor time%n%n",
        set.name(),
        set.isGenerated() ? " (generated)" : "",
        set.rowCount(),
        set.dimension(),
        K,
        RECALL);
    System.out.println(
        "| workload | order | recall@10 | partitions | rows matched | µs | against none |");
    System.out.println("|---|---|---|---|---|---|---|");
    List<Filter> mixed = new ArrayList<>();
    for (String workload : workloads) {
      mixed.addAll(filters(workload, SEEN / workloads.size()));
    }
    try (OneSegment none = load(RowOrder.NONE, List.of());
        OneSegment frequency = load(RowOrder.FREQUENCY, List.of());
        OneSegment all = load(RowOrder.GAIN, mixed)) {
      for (String workload : workloads) {
        try (OneSegment own = load(RowOrder.GAIN, filters(workload, SEEN))) {
          compare(
              workload,
              List.of(
                  new Ordered("none", none),
                  new Ordered("frequency", frequency),
                  new Ordered("gain", own),
                  new Ordered("gain, all workloads", all)));
        }
      }
    }
  }

  private OneSegment load(RowOrder order, List<Filter> before) {
    List<Integer> attributes = IntStream.range(0, set.attributes().size()).boxed().toList();
    return OneSegment.load(set, attributes, data.resolve("data-" + folders++), order, before);
  }

  /// From the end of the queries; those that are timed come first.
  private List<Filter> filters(String workload, int count) {
    int last = set.queries().length - 1;
    return IntStream.range(0, count)
        .mapToObj(i -> OneSegment.filter(set, set.ranges(workload), last - i))
        .toList();
  }

  /// Runs of the orders take turns, so that what else the machine does meets all of them.
  private void compare(String workload, List<Ordered> orders) throws IOException {
    Ranges ranges = set.ranges(workload);
    int queries = set.queries().length - SEEN;
    double[][] micros = new double[orders.size()][REPETITIONS];
    for (Ordered ordered : orders) {
      for (int round = 0; round < WARM_UP_ROUNDS; round++) {
        micros(ordered.segment(), ranges, queries);
      }
    }
    for (int repetition = 0; repetition < REPETITIONS; repetition++) {
      for (int i = 0; i < orders.size(); i++) {
        micros[i][repetition] = micros(orders.get(i).segment(), ranges, queries);
      }
    }
    Truth truth = truths.get(set, workload, K);
    double first = 0;
    for (int i = 0; i < orders.size(); i++) {
      Arrays.sort(micros[i]);
      double median = micros[i][REPETITIONS / 2];
      first = i == 0 ? median : first;
      row(workload, orders.get(i), ranges, queries, truth, median, first / median);
    }
  }

  private double micros(OneSegment segment, Ranges ranges, int queries) {
    long begin = threads.getCurrentThreadCpuTime();
    for (int query = 0; query < queries; query++) {
      segment.collection().search(request(ranges, query));
    }
    return (threads.getCurrentThreadCpuTime() - begin) / 1e3 / queries;
  }

  private SearchRequest request(Ranges ranges, int query) {
    return SearchRequest.nearest(set.queries()[query])
        .filter(OneSegment.filter(set, ranges, query))
        .limit(K)
        .recall(RECALL)
        .withPayload(false);
  }

  private void row(
      String workload,
      Ordered ordered,
      Ranges ranges,
      int queries,
      Truth truth,
      double micros,
      double ratio) {
    double recall = 0;
    double partitions = 0;
    double matched = 0;
    int counted = 0;
    for (int query = 0; query < queries; query++) {
      SearchResult result = ordered.segment().collection().search(request(ranges, query));
      partitions += result.plan().partitionsProbed();
      matched += result.plan().rowsScored();
      if (truth.hasMatches(query)) {
        counted++;
        recall += truth.recall(set, query, HitRows.of(result.hits()));
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.4f | %.1f | %,.0f | %.1f | %.2f |%n",
        workload,
        ordered.name(),
        recall / counted,
        partitions / queries,
        matched / queries,
        micros,
        ratio);
  }
}
