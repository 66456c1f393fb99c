package io.capsdb.bench.tenants;

import io.capsdb.Collection;
import io.capsdb.Filters;
import io.capsdb.SearchRequest;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.HitRows;
import io.capsdb.bench.peers.NearestRows;
import io.capsdb.filter.Filter;
import io.capsdb.io.LocalDisk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/// What is asked inside one tenant of each size class, where tenants come first in the layout,
/// against the same collection without that, and against sorted lists: the rows of each tenant,
/// scored exactly, which is what a careful program does by itself.
///
/// Usage: `bench/run tenants FOLDER`; the launcher adds an empty folder for the data.
public final class TenantsTable {
  private static final int K = 10;
  private static final int REPETITIONS = 9;
  private static final int WARM_UP_ROUNDS = 5;
  private static final double BAR = 5;

  /// Slow sides do fewer of the queries in a round ...
  private static final double MOST_ROUND_MICROS = 300_000;

  /// ... but no fewer than these.
  private static final int LEAST = 10;

  /// Least and most rows of each size class.
  private static final int[][] CLASSES = {
    {1, 9}, {10, 99}, {100, 511}, {512, 999}, {1_000, 9_999}, {10_000, 99_999}, {100_000, 1 << 30}
  };

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final DataSet set;
  private final TenantRows tenants;
  private final Map<String, int[]> lists = new HashMap<>();
  private final Collection first;
  private final Collection plain;

  private TenantsTable(DataSet set, TenantRows tenants, Collection first, Collection plain) {
    this.set = set;
    this.tenants = tenants;
    this.first = first;
    this.plain = plain;
    for (int tenant = 0; tenant < TenantRows.COUNT; tenant++) {
      lists.put(TenantRows.name(tenant), tenants.rowsOf()[tenant]);
    }
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: tenants FOLDER DATA");
      System.exit(2);
    }
    Path data = Path.of(args[1]);
    boolean isPassed;
    try (Arena arena = Arena.ofShared()) {
      DataSet set = new DataSetFiles(new LocalDisk(), Path.of(args[0])).read(arena);
      TenantRows tenants = TenantRows.draw(set.rowCount());
      try (TenantSide first = TenantSide.load(set, tenants, true, data.resolve("first"));
          TenantSide plain = TenantSide.load(set, tenants, false, data.resolve("plain"))) {
        System.out.printf(
            Locale.ROOT,
            "%s%s: %,d rows x %d, %,d tenants of Zipf-like sizes, k = %d, processor time%n%n",
            set.name(),
            set.isGenerated() ? " (generated)" : "",
            set.rowCount(),
            set.dimension(),
            TenantRows.COUNT,
            K);
        TenantsTable table = new TenantsTable(set, tenants, first.collection(), plain.collection());
        table.inside(false); // all ways are compiled then, whichever class they are for
        isPassed = table.inside(true);
        table.insideWithMore();
        table.across();
        table.others();
      }
    }
    if (!isPassed) {
      System.exit(1);
    }
  }

  /// Which tenant each query asks.
  private int[] askedOf(int[] some) {
    SplittableRandom random = new SplittableRandom(some.length);
    return random.ints(set.queries().length, 0, some.length).map(i -> some[i]).toArray();
  }

  private boolean inside(boolean isPrinted) {
    if (isPrinted) {
      System.out.println(
          "| rows of the tenant | tenants | recall@10 | tenants first, µs | as before, µs |"
              + " sorted lists, µs | against sorted lists |");
      System.out.println("|---|---|---|---|---|---|---|");
    }
    boolean isPassed = true;
    for (int[] size : CLASSES) {
      int[] some = tenants.ofSize(size[0], size[1]);
      if (some.length == 0) {
        continue;
      }
      int[] asked = askedOf(some);
      String[] names = Arrays.stream(asked).mapToObj(TenantRows::name).toArray(String[]::new);
      Filter[] filters = new Filter[asked.length];
      Arrays.setAll(filters, i -> Filters.eq(TenantSide.TENANT, names[i]));
      double[] micros =
          micros(
              List.of(
                  query -> search(first, filters[query], query),
                  query -> search(plain, filters[query], query),
                  query -> byList(names[query], query)));
      if (!isPrinted) {
        continue;
      }
      double recall = 0;
      for (int query = 0; query < asked.length; query++) {
        recall += recall(byList(names[query], query), search(first, filters[query], query));
      }
      double ratio = micros[2] / micros[0];
      isPassed &= ratio >= BAR;
      System.out.printf(
          Locale.ROOT,
          "| %,d to %,d | %,d | %.4f | %.1f | %.1f | %.1f | %.1f x %s |%n",
          size[0],
          Math.min(size[1], set.rowCount()),
          some.length,
          recall / asked.length,
          micros[0],
          micros[1],
          micros[2],
          ratio,
          ratio >= BAR ? "PASS" : "FAIL");
    }
    return isPassed;
  }

  /// A tenth of a tenant's rows.
  private void insideWithMore() {
    System.out.printf(
        "%n| rows of the tenant, a tenth of which match | recall@10 | tenants first, µs |"
            + " as before, µs |%n|---|---|---|---|%n");
    for (int[] size : CLASSES) {
      int[] some = tenants.ofSize(size[0], size[1]);
      if (some.length > 0) {
        int[] asked = askedOf(some);
        Filter[] filters = new Filter[asked.length];
        Arrays.setAll(
            filters,
            i ->
                Filters.all(
                    Filters.eq(TenantSide.TENANT, TenantRows.name(asked[i])),
                    Filters.eq("uniform", i % 10)));
        row(size[0] + " to " + Math.min(size[1], set.rowCount()), filters);
      }
    }
  }

  /// What those pay who do not ask for a tenant.
  private void across() {
    System.out.printf(
        "%n| across tenants | recall@10 | tenants first, µs | as before, µs |%n|---|---|---|---|%n");
    Filter[] none = new Filter[set.queries().length];
    Arrays.fill(none, Filter.ALL);
    row("no filter", none);
    Filter[] tenth = new Filter[none.length];
    Arrays.setAll(tenth, i -> Filters.eq("uniform", i % 10));
    row("uniform, 10 %", tenth);
    Filter[] label = new Filter[none.length];
    Arrays.setAll(label, i -> Filters.eq("label", i % 10));
    row("label, 10 %", label);
  }

  private void row(String name, Filter[] filters) {
    double[] micros =
        micros(
            List.of(
                query -> search(first, filters[query], query),
                query -> search(plain, filters[query], query)));
    double recall = 0;
    int counted = 0;
    for (int query = 0; query < filters.length; query += 5) {
      int[] exact = HitRows.of(first.search(request(filters[query], query).exact(true)).hits());
      recall += recall(exact, search(first, filters[query], query));
      counted++;
    }
    System.out.printf(
        Locale.ROOT, "| %s | %.4f | %.1f | %.1f |%n", name, recall / counted, micros[0], micros[1]);
  }

  /// Counting, facets and pages inside a tenant.
  private void others() {
    System.out.printf(
        "%n| rows of the tenant | count, µs | as before | count of a tenth | as before | facet |"
            + " as before | page of 100 | as before |%n|---|---|---|---|---|---|---|---|---|%n");
    for (int[] size : CLASSES) {
      int[] some = tenants.ofSize(size[0], size[1]);
      if (some.length == 0 || size[0] >= 100_000) {
        continue;
      }
      int[] asked = Arrays.copyOf(askedOf(some), 20);
      Filter[] filters = new Filter[asked.length];
      Arrays.setAll(filters, i -> Filters.eq(TenantSide.TENANT, TenantRows.name(asked[i])));
      Filter[] both = new Filter[asked.length];
      Arrays.setAll(both, i -> Filters.all(filters[i], Filters.eq("uniform", i % 10)));
      List<IntConsumer> ways = new ArrayList<>();
      for (Collection side : List.of(first, plain)) {
        ways.add(i -> side.count(filters[i]));
        ways.add(i -> side.count(both[i]));
        ways.add(i -> side.facet("label", filters[i], 10));
        ways.add(i -> side.scroll(filters[i], Optional.empty(), 100));
      }
      double[] micros = micros(ways, asked.length);
      System.out.printf(Locale.ROOT, "| %d to %d |", size[0], size[1]);
      for (int way = 0; way < 4; way++) {
        System.out.printf(Locale.ROOT, " %.1f | %.1f |", micros[way], micros[way + 4]);
      }
      System.out.println();
    }
  }

  private double[] micros(List<IntConsumer> sides) {
    return micros(sides, set.queries().length);
  }

  /// The median of some rounds; sides take turns, so that what else the machine does meets all.
  private double[] micros(List<IntConsumer> sides, int count) {
    double[][] micros = new double[sides.size()][REPETITIONS];
    int[] counts = new int[sides.size()];
    Arrays.fill(counts, count);
    for (int round = -WARM_UP_ROUNDS; round < REPETITIONS; round++) {
      for (int side = 0; side < sides.size(); side++) {
        IntConsumer own = sides.get(side);
        long begin = threads.getCurrentThreadCpuTime();
        for (int query = 0; query < counts[side]; query++) {
          own.accept(query);
        }
        double each = (threads.getCurrentThreadCpuTime() - begin) / 1e3 / counts[side];
        if (round >= 0) {
          micros[side][round] = each;
        } else {
          counts[side] = (int) Math.clamp(MOST_ROUND_MICROS / each, Math.min(LEAST, count), count);
        }
      }
    }
    double[] medians = new double[sides.size()];
    for (int side = 0; side < medians.length; side++) {
      Arrays.sort(micros[side]);
      medians[side] = micros[side][REPETITIONS / 2];
    }
    return medians;
  }

  private SearchRequest request(Filter filter, int query) {
    return SearchRequest.nearest(set.queries()[query]).filter(filter).limit(K).withPayload(false);
  }

  private int[] search(Collection collection, Filter filter, int query) {
    return HitRows.of(collection.search(request(filter, query)).hits());
  }

  private int[] byList(String name, int query) {
    NearestRows nearest = new NearestRows(set.metric(), set.rows(), set.queries()[query], K);
    for (int row : Objects.requireNonNull(lists.get(name))) {
      nearest.add(row);
    }
    return nearest.take();
  }

  private static double recall(int[] exact, int[] found) {
    if (exact.length == 0) {
      return 1;
    }
    Set<Integer> wanted = new HashSet<>();
    for (int row : exact) {
      wanted.add(row);
    }
    long hit = Arrays.stream(found).filter(wanted::contains).count();
    return (double) hit / exact.length;
  }
}
