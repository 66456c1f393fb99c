package io.capsdb.bench.churn;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Filters;
import io.capsdb.Hit;
import io.capsdb.SearchRequest;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.segment.OneSegment;
import io.capsdb.io.LocalDisk;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/// Recall of a collection of which half has changed, kind by kind, against a collection that was
/// made anew of the points that are left. Exact answers are those of the new one.
///
/// Usage: `bench/run churn FOLDER [WORKLOAD,...]`; the launcher adds an empty folder for the data.
/// Ends with status 1 when a bar is missed.
public final class ChurnTable {
  private static final int SEED = 1;
  private static final int K = 10;
  private static final int MOST_QUERIES = 300;
  private static final double BAR = 0.01;
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final DataSet set;
  private final List<String> workloads;
  private final Path folder;

  private ChurnTable(DataSet set, List<String> workloads, Path folder) {
    this.set = set;
    this.workloads = workloads;
    this.folder = folder;
  }

  public static void main(String[] args) throws IOException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: churn FOLDER [WORKLOAD,...] DATA");
      System.exit(2);
    }
    boolean isPassed = true;
    try (Arena arena = Arena.ofShared()) {
      DataSet set = new DataSetFiles(new LocalDisk(), Path.of(args[0])).read(arena);
      List<String> workloads =
          args.length == 3
              ? List.of(args[1].split(",", -1))
              : set.workloads().keySet().stream().sorted().toList();
      ChurnTable table = new ChurnTable(set, workloads, Path.of(args[args.length - 1]));
      System.out.printf(
          Locale.ROOT,
          "%s%s: half of %,d points of %d values changed, k = %d%n%n"
              + "| churn | points | workload | recall made anew | recall churned | |%n"
              + "|---|---|---|---|---|---|%n",
          set.name(),
          set.isGenerated() ? " (generated)" : "",
          set.rowCount() / 3 * 2,
          set.dimension(),
          K);
      for (Churn churn : Churn.values()) {
        isPassed &= table.run(churn);
      }
    }
    System.out.printf(
        Locale.ROOT, "%n%s  within %.2f of the collection made anew%n", verdict(isPassed), BAR);
    if (!isPassed) {
      System.exit(1);
    }
  }

  private static String verdict(boolean isPassed) {
    return isPassed ? "PASS" : "FAIL";
  }

  private boolean run(Churn churn) {
    DatabaseOptions options = DatabaseOptions.defaults().withLog(false).withMeasuredCosts(false);
    ChurnedPoints points = new ChurnedPoints(set, new SplittableRandom(SEED));
    boolean isPassed = true;
    Path place = folder.resolve(churn.name());
    try (Database one = Database.open(place.resolve("churned"), options);
        Database other = Database.open(place.resolve("new"), options)) {
      Collection churned = create(one);
      points.store(churned);
      churned.awaitGreen(PATIENCE);
      points.change(churned, churn, points.begin() / 2);
      churned.awaitGreen(PATIENCE);
      Collection anew = create(other);
      points.store(anew);
      anew.compact();
      if (churned.count(Filters.all()) != points.count()) {
        throw new IllegalStateException(
            churn.text() + " left " + churned.count(Filters.all()) + " of " + points.count());
      }
      for (String workload : workloads) {
        isPassed &= compare(churn, workload, anew, churned, points.count());
      }
    }
    return isPassed;
  }

  private Collection create(Database database) {
    return database.createCollection("c", CollectionConfig.of(set.dimension(), set.metric()));
  }

  private boolean compare(
      Churn churn, String workload, Collection anew, Collection churned, int points) {
    double wanted = 0;
    double ofNew = 0;
    double ofChurned = 0;
    for (int query = 0; query < Math.min(MOST_QUERIES, set.queries().length); query++) {
      SearchRequest request =
          SearchRequest.nearest(set.queries()[query])
              .filter(OneSegment.filter(set, set.ranges(workload), query))
              .limit(K);
      Set<PointId> exact = ids(anew.search(request.exact(true)).hits());
      wanted += exact.size();
      ofNew += found(exact, anew.search(request).hits());
      ofChurned += found(exact, churned.search(request).hits());
    }
    boolean isPassed = (ofNew - ofChurned) / wanted <= BAR;
    System.out.printf(
        Locale.ROOT,
        "| %s | %,d | %s | %.4f | %.4f | %s |%n",
        churn.text(),
        points,
        workload,
        ofNew / wanted,
        ofChurned / wanted,
        verdict(isPassed));
    return isPassed;
  }

  private static Set<PointId> ids(List<Hit> hits) {
    Set<PointId> ids = new HashSet<>();
    hits.forEach(hit -> ids.add(hit.id()));
    return ids;
  }

  private static int found(Set<PointId> exact, List<Hit> hits) {
    Set<PointId> both = ids(hits);
    both.retainAll(exact);
    return both.size();
  }
}
