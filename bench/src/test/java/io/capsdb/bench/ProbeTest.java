package io.capsdb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Filters;
import io.capsdb.filter.Filter;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// It is the index that answers: a probe scores few of the rows and finds nearly all of the hits. A
/// scan in its place is found out.
class ProbeTest {
  private static final int ROWS = 64_000;
  private static final int DIMENSION = 16;

  @Test
  void probeScoresFewRowsAndFindsNearlyAllHitsAndScanDoesNot() {
    Seed seed = Seed.next();
    BenchSet set = clustered(seed.random());
    List<Measured> probed = measure(set, DatabaseOptions.defaults());
    assertThat(probed)
        .as("%s", seed)
        .allSatisfy(
            measured -> {
              assertThat(measured.isBroad()).isTrue();
              assertThat(measured.isSound()).isTrue();
              assertThat(measured.hasRecall()).isTrue();
              assertThat(measured.isProbe()).isTrue();
            });
    // The same rows in a segment that is scanned: exact, and no probe.
    List<Measured> scanned =
        measure(set, DatabaseOptions.defaults().withMinIndexRows(Integer.MAX_VALUE));
    assertThat(scanned)
        .as("%s", seed)
        .allSatisfy(
            measured -> {
              assertThat(measured.recall()).isEqualTo(1);
              assertThat(measured.scoredRatio()).isEqualTo(measured.matchRatio());
            });
    assertThat(scanned.stream().filter(measured -> measured.matchRatio() > Measured.MAX_SCORED))
        .as("%s", seed)
        .isNotEmpty()
        .noneMatch(Measured::isProbe);
  }

  private static List<Measured> measure(BenchSet set, DatabaseOptions options) {
    try (Database database =
        Database.open(Path.of("probe"), options.withDisk(new MemoryDisk()).withLog(false))) {
      Measurement measurement = Measurement.load(database, set, 0);
      assertThat(measurement.collection().status().indexedPoints()).isEqualTo(ROWS);
      return set.workloads().stream().map(measurement::run).toList();
    }
  }

  private static BenchSet clustered(RandomGenerator random) {
    List<float[]> centers = new ArrayList<>();
    for (int i = 0; i < ROWS / 100; i++) {
      centers.add(TestData.around(random, new float[DIMENSION], 1));
    }
    List<float[]> vectors = new ArrayList<>();
    List<Payload> payloads = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      vectors.add(TestData.around(random, centers.get(random.nextInt(centers.size())), 0.35));
      payloads.add(
          Payload.of(
              Map.of("label", random.nextInt(8), "price", Math.floor(random.nextDouble() * 100))));
    }
    List<float[]> queries = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      queries.add(TestData.around(random, centers.get(random.nextInt(centers.size())), 0.35));
    }
    return new BenchSet(
        "clustered",
        Metric.EUCLID,
        vectors,
        payloads,
        queries,
        List.of(
            new Workload("none", _ -> Filter.ALL),
            new Workload("label", i -> Filters.eq("label", i % 8)),
            new Workload("price", i -> Filters.between("price", i % 40, i % 40 + 40)),
            new Workload("NOT label", i -> Filters.not(Filters.eq("label", i % 8)))));
  }
}
