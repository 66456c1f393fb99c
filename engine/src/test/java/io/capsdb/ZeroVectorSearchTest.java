package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.capsdb.filter.Filter;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Zero vectors among others where the distance is Cosine.
class ZeroVectorSearchTest {
  private static final int ROWS = 2_000;
  private static final int DIMENSION = 64;

  /// One point of so many is zero.
  private static final int ZEROS = 10;

  private record Scored(PointId id, double score) {}

  private static float[] vector(int id, RandomGenerator random) {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < vector.length && id % ZEROS != 0; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  /// All matching points, from the vectors that are stored: a score as the unit vectors have it.
  private static List<Scored> all(Collection collection, float[] query, long group) {
    List<Scored> all = new ArrayList<>();
    for (int id = 0; id < ROWS; id++) {
      if (group >= 0 && id % 7 != group) {
        continue;
      }
      float[] stored =
          Objects.requireNonNull(collection.get(PointId.of(id)).orElseThrow().vectors().get(""));
      double squares = 0;
      for (int i = 0; i < DIMENSION; i++) {
        squares += Math.pow(query[i] - (double) stored[i], 2);
      }
      all.add(new Scored(PointId.of(id), id % ZEROS == 0 ? 0 : 1 - squares / 2));
    }
    all.sort(Comparator.comparingDouble((Scored each) -> -each.score()).thenComparing(Scored::id));
    return all;
  }

  private static void requireAll(Collection collection, RandomGenerator random) {
    for (int round = 0; round < 4; round++) {
      float[] query = Metric.COSINE.prepare(vector(1, random));
      for (long group : new long[] {-1, 3}) {
        List<Scored> all = all(collection, query, group);
        // So many that zeros are among them: half of the others have a score below theirs.
        int wanted = all.size() * 6 / 10;
        SearchRequest request =
            SearchRequest.nearest(query)
                .limit(wanted)
                .filter(group < 0 ? Filter.ALL : Filters.eq("group", group));
        requireEqual(collection, request.exact(true), all);
        for (PlanChoice plan : new PlanChoice[] {PlanChoice.PROBE, PlanChoice.LIST}) {
          requireEqual(collection, request.plan(plan).recall(1), all);
          requireMost(collection, request.plan(plan).recall(0.95), all);
        }
        requireEqual(collection, request.limit(5).plan(PlanChoice.PROBE).recall(1), all);
      }
    }
  }

  /// By codes, too.
  private static void requireMost(Collection collection, SearchRequest request, List<Scored> all) {
    List<Hit> hits = collection.search(request).hits();
    requireOwnScores(hits, all);
    List<PointId> nearest = all.subList(0, request.limit()).stream().map(Scored::id).toList();
    assertThat(hits.stream().map(Hit::id).filter(nearest::contains).count())
        .isGreaterThan(request.limit() * 9 / 10);
  }

  /// Scores that are equal but for rounding may change places; zeros come by their ids.
  private static void requireEqual(Collection collection, SearchRequest request, List<Scored> all) {
    List<Hit> hits = collection.search(request).hits();
    List<Scored> nearest = all.subList(0, request.limit());
    assertThat(hits).hasSize(request.limit()).extracting(Hit::id).doesNotHaveDuplicates();
    requireOwnScores(hits, all);
    for (int i = 0; i < hits.size(); i++) {
      assertThat((double) hits.get(i).score()).isCloseTo(nearest.get(i).score(), within(1e-5));
    }
    assertThat(hits)
        .filteredOn(hit -> hit.score() == 0)
        .extracting(Hit::id)
        .containsExactlyElementsOf(
            nearest.stream().filter(each -> each.score() == 0).map(Scored::id).toList());
  }

  private static void requireOwnScores(List<Hit> hits, List<Scored> all) {
    Map<PointId, Double> scores = all.stream().collect(Collectors.toMap(Scored::id, Scored::score));
    for (Hit hit : hits) {
      assertThat((double) hit.score())
          .isCloseTo(Objects.requireNonNull(scores.get(hit.id())), within(1e-5));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT16"})
  void zerosHaveAScoreOfZeroInEveryPlan(ElementType type) {
    Seed seed = new Seed(11);
    RandomGenerator random = seed.random();
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .withDisk(new MemoryDisk())
            .withIdleMillis(1_000_000)
            .withMinIndexRows(64);
    try (Database database = Database.open(Path.of("memory"), options)) {
      Collection collection =
          database.createCollection(
              "angles",
              new CollectionConfig(Map.of("", new VectorConfig(DIMENSION, Metric.COSINE, type))));
      List<Point> points = new ArrayList<>();
      for (int id = 0; id < ROWS; id++) {
        points.add(Point.of(id, vector(id, random), Map.of("group", id % 7)));
      }
      collection.upsert(points);
      requireAll(collection, random);
      collection.seal();
      requireAll(collection, random);
      requireFarFromZero(collection);
    }
  }

  /// Everything has a score of 0 with a zero query: the smaller ids come first.
  private static void requireFarFromZero(Collection collection) {
    SearchRequest given = SearchRequest.nearest(new float[DIMENSION]).limit(20);
    List<PointId> first = LongStream.range(0, 20).mapToObj(PointId::of).toList();
    requireZeros(collection.search(given.exact(true)).hits(), first);
    requireZeros(collection.search(given.recall(1)).hits(), first);
    List<PointId> others = LongStream.range(1, 21).mapToObj(PointId::of).toList();
    SearchRequest stored = SearchRequest.nearestTo(PointId.of(0)).limit(20);
    requireZeros(collection.search(stored.recall(1)).hits(), others);
    assertThat(collection.search(given).hits())
        .hasSize(20)
        .allSatisfy(hit -> assertThat(hit.score()).isZero());
  }

  private static void requireZeros(List<Hit> hits, List<PointId> ids) {
    assertThat(hits).extracting(Hit::id).containsExactlyElementsOf(ids);
    assertThat(hits).allSatisfy(hit -> assertThat(hit.score()).isZero());
  }
}
