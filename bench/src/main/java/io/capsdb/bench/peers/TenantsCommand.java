package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.Ranges;
import io.capsdb.bench.data.Truth;
import io.capsdb.bench.prepare.Zipf;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Searches inside one tenant: ten thousand tenants, Zipf with exponent 1, among the rows of a data
/// set. CapsDB against sorted lists of rows, which score all rows of the tenant, for tenants of
/// each
/// size. Both take turns; processor time of the searching thread.
///
/// Usage: `bench/run tenants FOLDER`. Ends with status 1 if a bar is missed.
public final class TenantsCommand {
  private static final int TENANTS = 10_000;
  private static final int K = 10;
  private static final int QUERIES = 200;
  private static final int LEAST_PASSES = 3;
  private static final int MOST_PASSES = 10_000;
  private static final long WARM_NANOS = 2_000_000_000L;
  private static final long ENOUGH_NANOS = 6_000_000_000L;
  private static final double BAR = 5;
  private static final double[] RECALLS = {0.95, 0.99};

  /// Rows of a tenant of each class, as shares of all rows; of the data set's largest tenants the
  /// last ones are.
  private static final double[] SIZES = {1e-5, 3e-5, 1e-4, 1e-3, 1e-2, 1e-1};

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final DataSet set;
  private final int[] rowsOf = new int[TENANTS];

  private TenantsCommand(DataSet set) {
    this.set = set;
    for (int tenant : set.columns()[0]) {
      rowsOf[tenant]++;
    }
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: tenants FOLDER");
      System.exit(2);
    }
    Disk disk = Disk.local();
    Path folder = Path.of(args[0]);
    boolean isPassed;
    try (Arena arena = Arena.ofShared();
        Engine ours = new CapsDbEngine();
        Engine lists = new ExactListsEngine()) {
      DataSet set = withTenants(new DataSetFiles(disk, folder).read(arena));
      System.out.printf(
          Locale.ROOT,
          "%s: %,d rows x %d, %,d tenants, k = %d; µs of a query%n%n",
          set.name(),
          set.rowCount(),
          set.dimension(),
          TENANTS,
          K);
      Progress progress = new Progress(System.err, System::nanoTime);
      progress.begin("loading " + set.name());
      BuiltFolder built = BuiltFolder.of(disk, folder, set);
      ours.build(set, built, progress);
      lists.build(set, built, progress);
      isPassed = new TenantsCommand(set).run(ours, lists);
    }
    if (!isPassed) {
      System.exit(1);
    }
  }

  private static DataSet withTenants(DataSet set) {
    SplittableRandom random = new SplittableRandom(7);
    Zipf zipf = new Zipf(TENANTS, 1);
    int[] tenants = IntStream.range(0, set.rowCount()).map(_ -> zipf.draw(random)).toArray();
    return new DataSet(
        set.name(),
        set.metric(),
        set.isGenerated(),
        set.about(),
        List.of("tenant"),
        new int[][] {tenants},
        set.rows(),
        set.queries(),
        Map.of());
  }

  private boolean run(Engine ours, Engine lists) throws IOException {
    System.out.println(
        "| rows of a tenant | recall asked for | found | capsdb | lists | ratio | |");
    System.out.println("|---|---|---|---|---|---|---|");
    boolean isPassed = true;
    for (double size : SIZES) {
      Ranges ranges = ranges((int) Math.round(size * set.rowCount()));
      Truth truth = Truth.compute(set, ranges, K);
      for (double recall : RECALLS) {
        Setting setting = reaching(ours, ranges, truth, recall);
        double ratio =
            compare(
                ranges,
                truth,
                setting,
                ours.search(ranges, setting, K),
                lists.search(ranges, lists.sweep(K).getFirst(), K));
        isPassed &= ratio >= BAR;
      }
    }
    return isPassed;
  }

  private int queryCount() {
    return Math.min(QUERIES, set.queries().length);
  }

  /// Asks for tenants of about a size, each query for another one where there are enough.
  private Ranges ranges(int rows) {
    List<Integer> alike = new ArrayList<>();
    for (double tolerance = 1.1; alike.isEmpty(); tolerance *= 1.1) {
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        if (rowsOf[tenant] <= rows * tolerance && rowsOf[tenant] >= rows / tolerance) {
          alike.add(tenant);
        }
      }
    }
    SplittableRandom random = new SplittableRandom(rows);
    Ranges ranges = Ranges.free(set.queries().length, 1);
    for (int query = 0; query < set.queries().length; query++) {
      int tenant = alike.get(random.nextInt(alike.size()));
      ranges.set(query, 0, tenant, tenant);
    }
    return ranges;
  }

  private double recall(Search search, Truth truth) throws IOException {
    double sum = 0;
    for (int query = 0; query < queryCount(); query++) {
      sum += truth.recall(set, query, search.find(query));
    }
    return sum / queryCount();
  }

  private Setting reaching(Engine ours, Ranges ranges, Truth truth, double recall)
      throws IOException {
    List<Setting> sweep = ours.sweep(K);
    for (Setting setting : sweep) {
      if (recall(ours.search(ranges, setting, K), truth) >= recall) {
        return setting;
      }
    }
    return sweep.getLast();
  }

  private double compare(Ranges ranges, Truth truth, Setting setting, Search ours, Search lists)
      throws IOException {
    List<double[]> passes = new ArrayList<>();
    long begin = System.nanoTime();
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      double[] micros = {pass(ours), pass(lists)};
      long nanos = System.nanoTime() - begin;
      if (nanos > WARM_NANOS) {
        passes.add(micros);
      }
      if (nanos > ENOUGH_NANOS && passes.size() >= LEAST_PASSES) {
        break;
      }
    }
    double ownMedian = median(passes, 0);
    double otherMedian = median(passes, 1);
    double rows =
        IntStream.range(0, queryCount()).map(q -> rowsOf[ranges.low(q, 0)]).average().orElse(0);
    System.out.printf(
        Locale.ROOT,
        "| %,.0f | %s | %.3f | %.1f | %.1f | %.1f | %s |%n",
        rows,
        setting.effort(),
        recall(ours, truth),
        ownMedian,
        otherMedian,
        otherMedian / ownMedian,
        otherMedian >= BAR * ownMedian ? "PASS" : "FAIL");
    return otherMedian / ownMedian;
  }

  private static double median(List<double[]> passes, int side) {
    double[] sorted = passes.stream().mapToDouble(pass -> pass[side]).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private double pass(Search search) throws IOException {
    long begin = threads.getCurrentThreadCpuTime();
    for (int query = 0; query < queryCount(); query++) {
      search.find(query);
    }
    return (threads.getCurrentThreadCpuTime() - begin) / 1e3 / queryCount();
  }
}
