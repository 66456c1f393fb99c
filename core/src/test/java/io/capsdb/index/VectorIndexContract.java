package io.capsdb.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.attribute.Selection;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterText;
import io.capsdb.io.CorruptFileException;
import io.capsdb.point.Payload;
import io.capsdb.testdata.Damage;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

/// What every index does, whatever its structure: it finds what a scan finds when it may visit
/// everything, and never less than it must when it may not.
public abstract class VectorIndexContract {
  private static final int[] DIMENSIONS = {1, 2, 3, 7, 16, 33};

  /// The factory under test.
  protected abstract IndexFactory factory();

  private OpenedIndex opened(
      RandomGenerator random, Metric metric, ElementType type, TestData data) {
    List<Filter> observed =
        random.nextBoolean()
            ? List.of()
            : Stream.generate(() -> filter(random)).limit(1 + random.nextInt(20)).toList();
    return OpenedIndex.of(factory(), metric, type, data, observed, random.nextLong());
  }

  private static TestData data(RandomGenerator random, int rows) {
    return TestData.clustered(random, rows, DIMENSIONS[random.nextInt(DIMENSIONS.length)]);
  }

  private static ElementType type(RandomGenerator random) {
    return List.of(ElementType.values()).get(random.nextInt(ElementType.values().length));
  }

  /// Bytes have no length 1.
  private static List<Metric> metrics(ElementType type) {
    return type == ElementType.UINT8
        ? List.of(Metric.DOT, Metric.EUCLID, Metric.MANHATTAN)
        : List.of(Metric.values());
  }

  private static Metric metric(RandomGenerator random, ElementType type) {
    return metrics(type).get(random.nextInt(metrics(type).size()));
  }

  private static float[] query(RandomGenerator random, TestData data) {
    return data.queries().get(random.nextInt(data.queries().size()));
  }

  /// One in eight filters nothing.
  private static Filter filter(RandomGenerator random) {
    return random.nextInt(8) == 0 ? Filter.ALL : RandomFilters.next(random, 1 + random.nextInt(4));
  }

  private static SearchBudget budget(RandomGenerator random) {
    return new SearchBudget(1 + random.nextInt(50), (long) random.nextInt(3) * random.nextInt(50));
  }

  private static void requireSame(Hits actual, Hits expected, String what, Object... arguments) {
    assertThat(actual.keys()).as(what, arguments).isEqualTo(expected.keys());
    assertThat(actual.distances()).as(what, arguments).isEqualTo(expected.distances());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 15, 100, 3_000})
  void anUnboundedSearchFindsWhatTheOracleFinds(int rows) {
    Seed.repeat(
        rows < 1_000 ? 3 : 1,
        random -> {
          for (ElementType type : ElementType.values()) {
            for (Metric metric : rows < 1_000 ? metrics(type) : List.of(metric(random, type))) {
              TestData data = data(random, rows).as(type);
              OpenedIndex opened = opened(random, metric, type, data);
              for (int i = 0; i < 12; i++) {
                Filter filter = filter(random);
                float[] query = query(random, data);
                int k = 1 + random.nextInt(20);
                ProbeQueue.Outcome outcome =
                    opened.search(query, opened.select(filter), k, SearchBudget.UNBOUNDED);
                requireSame(
                    outcome.hits(),
                    opened.oracle(query, opened.matching(filter), k),
                    "%s, k = %s, %s of %s rows of %s",
                    FilterText.of(filter),
                    k,
                    metric,
                    rows,
                    type);
                assertThat(outcome.isComplete()).isTrue();
              }
            }
          }
        });
  }

  @Test
  void anyBudgetGivesAsManyHitsAsThereAreMatches() {
    Seed.repeat(
        3,
        random -> {
          ElementType type = type(random);
          TestData data = data(random, 800).as(type);
          OpenedIndex opened = opened(random, metric(random, type), type, data);
          for (int i = 0; i < 25; i++) {
            Filter filter = filter(random);
            int k = 1 + random.nextInt(40);
            Hits hits =
                opened.search(query(random, data), opened.select(filter), k, budget(random)).hits();
            requireHonest(hits, opened.matching(filter), k);
          }
        });
  }

  /// As many as can be, each a match, none twice, nearest first.
  private static void requireHonest(Hits hits, List<Integer> matching, int k) {
    assertThat(hits.size()).as("hits").isEqualTo(Math.min(k, matching.size()));
    Set<Long> allowed = new HashSet<>();
    matching.forEach(ordinal -> allowed.add((long) ordinal));
    for (int i = 0; i < hits.size(); i++) {
      assertThat(allowed.remove(hits.keys()[i]))
          .as("hit %s matches and was not there before", hits.keys()[i])
          .isTrue();
      if (i > 0) {
        assertThat(hits.distances()[i]).isGreaterThanOrEqualTo(hits.distances()[i - 1]);
      }
    }
  }

  @Test
  void largerBudgetsFindMoreOnAverage() {
    Seed.repeat(
        2,
        random -> {
          ElementType type = type(random);
          TestData data = TestData.clustered(random, 3_000, 16).as(type);
          OpenedIndex opened = opened(random, Metric.EUCLID, type, data);
          Filter filter =
              new Filter.Range("label", Filter.Bound.none(), Filter.Bound.excluding(5.0));
          List<Integer> matching = opened.matching(filter);
          double before = 0;
          for (SearchBudget budget :
              List.of(
                  new SearchBudget(1, 0),
                  new SearchBudget(100, 0),
                  new SearchBudget(500, 0),
                  new SearchBudget(1_500, 0),
                  SearchBudget.UNBOUNDED)) {
            int found = 0;
            for (float[] query : data.queries()) {
              Hits hits = opened.search(query, opened.select(filter), 10, budget).hits();
              Set<Long> right = new HashSet<>();
              for (long key : opened.oracle(query, matching, 10).keys()) {
                right.add(key);
              }
              for (long key : hits.keys()) {
                found += right.contains(key) ? 1 : 0;
              }
            }
            double recall = found / (10.0 * data.queries().size());
            assertThat(recall).as("recall at %s", budget).isGreaterThanOrEqualTo(before);
            before = recall;
          }
          assertThat(before).isEqualTo(1);
        });
  }

  @Test
  void deletedRowsAreNoHits() {
    Seed.repeat(
        2,
        random -> {
          ElementType type = type(random);
          TestData data = data(random, 600).as(type);
          OpenedIndex opened = opened(random, metric(random, type), type, data);
          RoaringBitmap deleted = new RoaringBitmap();
          int share = 1 + random.nextInt(4);
          IntStream.range(0, 600).filter(_ -> random.nextInt(4) < share).forEach(deleted::add);
          for (int i = 0; i < 15; i++) {
            Filter filter = filter(random);
            float[] query = query(random, data);
            Selection selection = opened.select(filter, deleted);
            List<Integer> left = new ArrayList<>(opened.matching(filter));
            left.removeIf(deleted::contains);
            requireSame(
                opened.search(query, selection, 10, SearchBudget.UNBOUNDED).hits(),
                opened.oracle(query, left, 10),
                "%s, %s deleted",
                FilterText.of(filter),
                deleted.getCardinality());
            requireHonest(opened.search(query, selection, 10, budget(random)).hits(), left, 10);
          }
        });
  }

  @Test
  void logicallyEqualFiltersGiveTheSameHits() {
    Seed.repeat(
        3,
        random -> {
          ElementType type = type(random);
          TestData data = data(random, 500).as(type);
          OpenedIndex opened = opened(random, metric(random, type), type, data);
          for (int i = 0; i < 20; i++) {
            Filter filter = filter(random);
            Filter twin = RandomFilters.twin(random, filter);
            float[] query = query(random, data);
            SearchBudget budget = budget(random);
            requireSame(
                opened.search(query, opened.select(twin), 10, budget).hits(),
                opened.search(query, opened.select(filter), 10, budget).hits(),
                "%s and %s",
                FilterText.of(filter),
                FilterText.of(twin));
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void equalVectorsAreFoundInTheOrderOfTheirKeys(Metric metric) {
    Seed.repeat(
        1,
        random -> {
          TestData other = data(random, 400);
          float[] one = other.vectors().getFirst();
          OpenedIndex opened =
              OpenedIndex.of(factory(), metric, Collections.nCopies(400, one), other.payloads(), 1);
          Filter filter = new Filter.IsEmpty("brand");
          Hits hits = opened.search(one, opened.select(filter), 10, SearchBudget.UNBOUNDED).hits();
          requireSame(hits, opened.oracle(one, opened.matching(filter), 10), "equal vectors");
          requireHonest(
              opened.search(one, opened.select(filter), 10, budget(random)).hits(),
              opened.matching(filter),
              10);
        });
  }

  @Test
  void rowsWithoutAnyAttributeAreFound() {
    Seed.repeat(
        1,
        random -> {
          TestData data = data(random, 400);
          OpenedIndex opened =
              OpenedIndex.of(
                  factory(),
                  Metric.EUCLID,
                  data.vectors(),
                  Collections.nCopies(400, Payload.empty()),
                  1);
          float[] query = query(random, data);
          for (Filter filter :
              List.of(Filter.ALL, new Filter.IsEmpty("a"), new Filter.IsNull("a"))) {
            requireSame(
                opened.search(query, opened.select(filter), 10, SearchBudget.UNBOUNDED).hits(),
                opened.oracle(query, opened.matching(filter), 10),
                FilterText.of(filter));
          }
        });
  }

  /// Distances to such vectors overflow to infinity, or are no numbers. The rows are there all the
  /// same.
  @ParameterizedTest
  @EnumSource
  void vectorsOfHugeValuesAreFound(Metric metric) {
    Seed.repeat(
        1,
        random -> {
          for (double size : new double[] {1e19, 1e25, 1e38}) {
            TestData usual = TestData.clustered(random, 300, 5);
            List<float[]> huge =
                usual.vectors().stream().map(vector -> scaled(vector, size)).toList();
            OpenedIndex opened = OpenedIndex.of(factory(), metric, huge, usual.payloads(), 1);
            Filter filter = new Filter.IsEmpty("brand");
            float[] query = scaled(query(random, usual), size);
            List<Integer> matching = opened.matching(filter);
            requireSame(
                opened.search(query, opened.select(filter), 10, SearchBudget.UNBOUNDED).hits(),
                opened.oracle(query, matching, 10),
                "values of %s",
                size);
            requireHonest(
                opened.search(query, opened.select(filter), 10, budget(random)).hits(),
                matching,
                10);
          }
        });
  }

  private static float[] scaled(float[] vector, double factor) {
    float[] scaled = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      double value = Math.clamp(vector[i] * factor, -Float.MAX_VALUE, Float.MAX_VALUE);
      scaled[i] = (float) value;
    }
    return scaled;
  }

  @Test
  void tinyAndZeroVectorsAreFound() {
    Seed.repeat(
        1,
        random -> {
          List<float[]> vectors = new ArrayList<>();
          TestData data = TestData.clustered(random, 200, 6);
          for (int i = 0; i < 200; i++) {
            vectors.add(i % 2 == 0 ? new float[6] : scaled(data.vectors().get(i), 1e-30));
          }
          for (Metric metric : List.of(Metric.DOT, Metric.EUCLID, Metric.MANHATTAN)) {
            OpenedIndex opened = OpenedIndex.of(factory(), metric, vectors, data.payloads(), 1);
            for (float[] query : List.of(new float[6], scaled(data.queries().getFirst(), 1e-30))) {
              requireSame(
                  opened
                      .search(query, opened.select(Filter.ALL), 10, SearchBudget.UNBOUNDED)
                      .hits(),
                  opened.oracle(query, opened.matching(Filter.ALL), 10),
                  "%s",
                  metric);
            }
          }
        });
  }

  @Test
  void theOrderIsAPermutationAndTheRowsStandInIt() {
    Seed.repeat(
        3,
        random -> {
          int rows = random.nextInt(400);
          ElementType type = type(random);
          Metric metric = metric(random, type);
          TestData data = data(random, rows).as(type);
          OpenedIndex opened = opened(random, metric, type, data);
          assertThat(IntStream.of(opened.order()).sorted())
              .containsExactlyElementsOf(IntStream.range(0, rows).boxed().toList());
          assertThat(opened.index().size()).isEqualTo(rows);
          assertThat(opened.index().metric()).isEqualTo(metric);
          assertThat(opened.index().kind()).isEqualTo(factory().kind());
        });
  }

  @Test
  void buildsAreEqualForEqualSeeds() {
    Seed.repeat(
        2,
        random -> {
          ElementType type = type(random);
          TestData data = data(random, 1_000).as(type);
          Metric metric = metric(random, type);
          long seed = random.nextLong();
          OpenedIndex one = OpenedIndex.of(factory(), metric, type, data, List.of(), seed);
          OpenedIndex other = OpenedIndex.of(factory(), metric, type, data, List.of(), seed);
          assertThat(other.order()).isEqualTo(one.order());
          assertThat(other.parts().names()).isEqualTo(one.parts().names());
          for (String part : one.parts().names()) {
            assertThat(other.parts().bytes(part)).as(part).isEqualTo(one.parts().bytes(part));
          }
        });
  }

  @Test
  void damagedStructuresAreNoticedOrHarmless() {
    Seed.repeat(
        3,
        random -> {
          ElementType type = type(random);
          TestData data = data(random, 300).as(type);
          Metric metric = metric(random, type);
          OpenedIndex opened = opened(random, metric, type, data);
          float[] query = metric.prepare(query(random, data));
          Selection selection = opened.select(filter(random));
          for (int round = 0; round < 100; round++) {
            int i = round;
            List<String> names = opened.parts().names();
            String part = names.get(random.nextInt(names.size()));
            Damage.check(
                random,
                opened.parts().bytes(part),
                damaged -> {
                  VectorIndex index =
                      factory()
                          .open(
                              metric,
                              opened.parts().with(part, damaged),
                              opened.index().vectors(),
                              opened.attributes());
                  return ProbeQueue.search(
                      List.of(new ProbeQueue.Source(index, selection)),
                      query,
                      10,
                      i % 2 == 0 ? SearchBudget.UNBOUNDED : SearchBudget.defaultFor(10),
                      Long::compare);
                });
          }
        });
  }

  @Test
  void truncatedStructuresAreNoticed() {
    Seed.repeat(
        1,
        random -> {
          ElementType type = type(random);
          TestData data = data(random, 100).as(type);
          OpenedIndex opened = opened(random, Metric.DOT, type, data);
          for (int i = 0; i < 200; i++) {
            List<String> names = opened.parts().names();
            String part = names.get(random.nextInt(names.size()));
            byte[] bytes = opened.parts().bytes(part);
            byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
            assertThatExceptionOfType(CorruptFileException.class)
                .as("%s of %s bytes of '%s'", cut.length, bytes.length, part)
                .isThrownBy(
                    () ->
                        factory()
                            .open(
                                Metric.DOT,
                                opened.parts().with(part, cut),
                                opened.index().vectors(),
                                opened.attributes()));
          }
        });
  }

  @Test
  void aStructureOfOtherRowsIsNoticed() {
    TestData data = TestData.clustered(new Seed(1).random(), 50, 4);
    OpenedIndex opened =
        OpenedIndex.of(factory(), Metric.EUCLID, data.vectors(), data.payloads(), 1);
    VectorMatrix fewer = TestData.matrix(data.vectors().subList(0, 49), 4, Arena.ofAuto());
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(
            () -> factory().open(Metric.EUCLID, opened.parts(), fewer, opened.attributes()));
  }

  @Test
  void searchesAtTheSameTimeDoNotDisturbEachOther() {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, 800, 16).as(ElementType.FLOAT16);
          OpenedIndex opened = opened(random, Metric.COSINE, ElementType.FLOAT16, data);
          List<Filter> filters = IntStream.range(0, 8).mapToObj(_ -> filter(random)).toList();
          SearchBudget budget = new SearchBudget(200, 50);
          List<Callable<List<Hits>>> tasks =
              filters.stream()
                  .<Callable<List<Hits>>>map(
                      filter ->
                          () ->
                              data.queries().stream()
                                  .map(
                                      q ->
                                          opened
                                              .search(q, opened.select(filter), 10, budget)
                                              .hits())
                                  .toList())
                  .toList();
          try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<List<Hits>>> together = threads.invokeAll(tasks);
            for (int i = 0; i < tasks.size(); i++) {
              List<Hits> alone = tasks.get(i).call();
              for (int j = 0; j < alone.size(); j++) {
                requireSame(together.get(i).get().get(j), alone.get(j), "search %s of %s", j, i);
              }
            }
          }
        });
  }

  @Test
  void anInterruptedBuildIsCancelled() {
    TestData data = TestData.clustered(new Seed(1).random(), 300, 4);
    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(CancellationException.class)
          .isThrownBy(
              () -> OpenedIndex.of(factory(), Metric.EUCLID, data.vectors(), data.payloads(), 1));
    } finally {
      assertThat(Thread.interrupted()).as("the interrupt was taken").isFalse();
    }
  }
}
