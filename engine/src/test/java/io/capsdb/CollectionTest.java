package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.filter.Filter;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CollectionTest {
  private final Database database =
      Database.open(
          Path.of("memory"),
          DatabaseOptions.defaults()
              .withDisk(new io.capsdb.io.MemoryDisk())
              .withMinIndexRows(64)
              .withIdleMillis(20));
  private final Collection collection =
      database.createCollection(
          "films",
          new CollectionConfig(
              Map.of(
                  "", new VectorConfig(2, Metric.EUCLID),
                  "plot", new VectorConfig(3, Metric.COSINE))));

  @AfterEach
  void close() {
    database.close();
  }

  private static Point point(long id, float x) {
    return Point.of(id, new float[] {x, 0}, Map.of("n", id));
  }

  private static List<Point> points(int count) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(point(i, i));
    }
    return points;
  }

  @SuppressWarnings("ArrayRecordComponent") // a row of a table, read once
  record Bad(String name, String vector, float[] values, String... message) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Bad> bad() {
    return List.of(
        new Bad("too short", "", new float[1], "dimension 1", "expects dimension 2", "'films'"),
        new Bad("too long", "plot", new float[4], "'plot'", "dimension 4", "expects dimension 3"),
        new Bad("empty", "", new float[0], "dimension 0"),
        new Bad("unknown name", "plots", new float[3], "'plots'", "plot"),
        new Bad("NaN", "", new float[] {0, Float.NaN}, "vector[1] is NaN"),
        new Bad("infinite", "", new float[] {Float.NEGATIVE_INFINITY, 0}, "vector[0] is -Infinity"),
        new Bad("out of range", "", new float[] {(float) 1e39, 0}, "vector[0] is Infinity"),
        new Bad("too far", "", new float[] {1e30f, 0}, "length 1.00e+30", "at most 4.61e+18"),
        new Bad("together", "", new float[] {4e18f, 4e18f}, "length 5.66e+18", "at most 4.61e+18"),
        new Bad("zero", "plot", new float[3], "zero", "cosine"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void batchWithOneBadPointIsRefusedAsAWhole(Bad bad) {
    collection.upsert(List.of(point(1, 1)));
    long sequence = collection.status().sequence();
    assertThatThrownBy(
            () ->
                collection.upsert(
                    List.of(
                        point(1, 5),
                        point(2, 2),
                        new Point(
                            PointId.of(3), Map.of(bad.vector(), bad.values()), Payload.empty()))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("points[2] (id 3)")
        .hasMessageContainingAll(bad.message());
    assertThat(collection.status().points()).isEqualTo(1);
    assertThat(collection.status().sequence()).isEqualTo(sequence);
    assertThat(get(1).vectors().get("")).containsExactly(1, 0);
    SearchRequest request = SearchRequest.nearest(bad.values()).using(bad.vector());
    assertThatThrownBy(() -> collection.search(request))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private StoredPoint get(long id) {
    return collection.get(PointId.of(id)).orElseThrow();
  }

  @Test
  void ofEqualIdsInOneBatchTheLastOneCounts() {
    collection.upsert(List.of(point(1, 1), point(2, 2), point(1, 3)));
    assertThat(collection.count(Filter.ALL)).isEqualTo(2);
    assertThat(get(1).vectors().get("")).containsExactly(3, 0);
  }

  @Test
  void sequenceGrowsByOneAndIsTheVersionOfItsPoints() {
    assertThat(collection.upsert(List.of(point(1, 1)))).isEqualTo(1);
    assertThat(collection.upsert(List.of(point(2, 1)))).isEqualTo(2);
    assertThat(collection.delete(List.of(PointId.of(7)))).isEqualTo(3);
    assertThat(collection.upsert(List.of())).isEqualTo(4);
    assertThat(get(1).version()).isEqualTo(1);
    assertThat(get(2).version()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void arraysAreCopiedOnTheirWayInAndOut(boolean isSealed) {
    float[] mine = {1, 2};
    collection.upsert(List.of(Point.of(1, mine, Map.of("n", 1))));
    if (isSealed) {
      collection.seal();
    }
    mine[0] = 100;
    Objects.requireNonNull(get(1).vectors().get(""))[1] = 100;
    SearchRequest near = SearchRequest.nearest(new float[] {1, 2}).withVectors(true);
    Hit hit = collection.search(near).hits().getFirst();
    Objects.requireNonNull(hit.vectors().get(""))[0] = -5;
    assertThat(hit.score()).isZero();
    assertThat(get(1).vectors().get("")).containsExactly(1, 2);
    assertThat(collection.search(near).hits().getFirst().vectors().get("")).containsExactly(1, 2);
  }

  @Test
  void cosineStoresUnitVectorsAndLeavesTheCallersAlone() {
    float[] mine = {0, 3, 4};
    collection.upsert(List.of(new Point(PointId.of(1), Map.of("plot", mine), Payload.empty())));
    assertThat(mine).containsExactly(0, 3, 4);
    assertThat(get(1).vectors().get("plot")).containsExactly(0, 0.6f, 0.8f);
    assertThat(get(1).vectors()).doesNotContainKey("");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pointsWithoutTheVectorAreNoHits(boolean isSealed) {
    collection.upsert(points(100));
    collection.upsert(
        List.of(
            new Point(PointId.of(500), Map.of("plot", new float[] {1, 0, 0}), Payload.empty()),
            new Point(PointId.of(501), Map.of(), Payload.empty())));
    if (isSealed) {
      collection.seal();
    }
    SearchResult all = collection.search(SearchRequest.nearest(new float[] {0, 0}).limit(1_000));
    assertThat(all.hits()).hasSize(100);
    assertThat(all.plan().points()).isEqualTo(100);
    SearchRequest byPlot = SearchRequest.nearest(new float[] {1, 1, 0}).using("plot");
    assertThat(collection.search(byPlot).hits()).hasSize(1);
    assertThat(collection.count(Filter.ALL)).isEqualTo(102);
    assertThatThrownBy(
            () -> collection.search(SearchRequest.nearestTo(PointId.of(5)).using("plot")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no vector named 'plot'");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void searchNearAStoredPointLeavesItOut(boolean isSealed) {
    collection.upsert(points(100));
    if (isSealed) {
      collection.seal();
      collection.upsert(List.of(point(7, 50.2f)));
    }
    List<Hit> hits = collection.search(SearchRequest.nearestTo(PointId.of(50)).limit(2)).hits();
    assertThat(hits.stream().map(Hit::id))
        .containsExactly(
            isSealed ? PointId.of(7) : PointId.of(49), isSealed ? PointId.of(49) : PointId.of(51));
    assertThatThrownBy(() -> collection.search(SearchRequest.nearestTo(PointId.of(1_000))))
        .isInstanceOf(PointNotFoundException.class)
        .hasMessageContaining("1000");
  }

  @Test
  void payloadsOfPointsByIdAreChangedForAllOrNone() {
    collection.upsert(points(10));
    List<StoredPoint> before = collection.get(List.of(PointId.of(1)));
    PointSelector some = new PointSelector.ByIds(List.of(PointId.of(1), PointId.of(1_000)));
    assertThatThrownBy(() -> collection.changePayload(some, new PayloadChange.Clear()))
        .isInstanceOf(PointNotFoundException.class)
        .hasMessageContaining("1000");
    List<StoredPoint> after = collection.get(List.of(PointId.of(1)));
    assertThat(after.getFirst().payload()).isEqualTo(before.getFirst().payload());
    assertThat(after.getFirst().payload()).isNotEqualTo(Payload.empty());
    assertThat(after.getFirst().version()).isEqualTo(before.getFirst().version());
  }

  @Test
  void limitsAreChecked() {
    SearchRequest request = SearchRequest.nearest(new float[] {1, 1});
    assertThatThrownBy(() -> request.limit(0))
        .hasMessageContaining("limit must be in 1..10000, was 0");
    assertThatThrownBy(() -> request.limit(10_001)).hasMessageContaining("was 10001");
    assertThatThrownBy(() -> request.offset(-1)).hasMessageContaining("was -1");
    assertThatThrownBy(() -> request.limit(9_000).offset(1_001))
        .hasMessageContaining("offset must be in 0..1000 with limit 9000, was 1001");
    assertThatThrownBy(() -> request.offset(Integer.MAX_VALUE)).hasMessageContaining("offset");
    assertThatThrownBy(() -> request.candidates(0)).hasMessageContaining("candidates");
    assertThatThrownBy(() -> request.scoreThreshold(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> collection.scroll(Filter.ALL, Optional.empty(), 0))
        .hasMessageContaining("limit must be at least 1, was 0");
    assertThatThrownBy(() -> new VectorConfig(0, Metric.DOT))
        .hasMessageContaining("1..65536, was 0");
    assertThatThrownBy(() -> new VectorConfig(65_537, Metric.DOT)).hasMessageContaining("65537");
    Filter deep = Filters.eq("n", 1);
    for (int i = 0; i < 20; i++) {
      deep = Filters.not(deep);
    }
    Filter tooDeep = deep;
    assertThatThrownBy(() -> collection.count(tooDeep)).hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> collection.search(request.filter(tooDeep)))
        .hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> collection.delete(tooDeep)).hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> collection.scroll(tooDeep, Optional.empty(), 1))
        .hasMessageContaining("nested deeper");
  }

  @Test
  void largestLimitAndOffsetAnswerWhatIsThere() {
    collection.upsert(points(150));
    SearchRequest request = SearchRequest.nearest(new float[] {0, 0});
    assertThat(collection.search(request.limit(10_000)).hits()).hasSize(150);
    assertThat(collection.search(request.limit(10).offset(145)).hits()).hasSize(5);
    assertThat(collection.search(request.limit(10).offset(9_990)).hits()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void thresholdCutsOffWorseScores(Metric metric) {
    Collection other = database.createCollection("m", CollectionConfig.of(2, metric));
    List<Point> batch = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      batch.add(Point.of(i, new float[] {i, 50 - i}, Map.of()));
    }
    other.upsert(batch);
    SearchRequest request = SearchRequest.nearest(new float[] {30, 20}).limit(50);
    List<Hit> all = other.search(request).hits();
    assertThat(all).hasSize(50);
    float cut = all.get(20).score();
    List<Hit> some = other.search(request.scoreThreshold(cut)).hits();
    assertThat(some)
        .hasSize(
            (int)
                all.stream()
                    .filter(
                        hit -> metric.isHigherNearer() ? hit.score() >= cut : hit.score() <= cut)
                    .count());
    assertThat(some.size()).isBetween(21, 49);
  }

  @Test
  void statusGoesFromGreenToYellowToGreen() {
    assertThat(collection.status().state()).isEqualTo(CollectionStatus.State.GREEN);
    collection.upsert(points(63));
    assertThat(collection.status().state())
        .as("too few to seal")
        .isEqualTo(CollectionStatus.State.GREEN);
    collection.upsert(points(64));
    assertThat(collection.status().state()).isEqualTo(CollectionStatus.State.YELLOW);
    assertThat(collection.count(Filter.ALL)).isEqualTo(64);
    CollectionStatus status = collection.awaitGreen(Duration.ofSeconds(30));
    assertThat(status.state()).isEqualTo(CollectionStatus.State.GREEN);
    assertThat(status.indexedPoints()).isEqualTo(64);
    assertThat(status.segments()).isEqualTo(1);
    assertThat(status.work()).isEmpty();
  }

  @Test
  void segmentsOfOnlyDeadRowsDisappear() {
    collection.upsert(points(300));
    collection.seal();
    collection.delete(Filter.ALL);
    collection.seal();
    CollectionStatus status = collection.awaitGreen(Duration.ofSeconds(30));
    assertThat(status.points()).isZero();
    assertThat(status.segments()).isZero();
    assertThat(collection.search(SearchRequest.nearest(new float[] {1, 1})).hits()).isEmpty();
  }

  @Test
  void segmentsOfLikeSizeAreMergedBesideAMuchSmallerOne() {
    int[] sizes = {10, 100, 100, 100, 100};
    int id = 0;
    for (int size : sizes) {
      List<Point> batch = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        batch.add(Point.of(id++, new float[] {i, 1}, Payload.empty()));
      }
      collection.upsert(batch);
      collection.seal();
    }
    CollectionStatus status = collection.awaitGreen(Duration.ofSeconds(30));
    assertThat(status.points()).isEqualTo(410);
    assertThat(status.segments()).isEqualTo(2);
  }

  @Test
  void longVectorsTakeMemoryForFewRowsAtATime() {
    Collection wide =
        database.createCollection(
            "wide",
            new CollectionConfig(
                Map.of(
                    "a", new VectorConfig(VectorConfig.MAX_DIMENSION, Metric.DOT),
                    "b", new VectorConfig(VectorConfig.MAX_DIMENSION, Metric.EUCLID),
                    "c", new VectorConfig(VectorConfig.MAX_DIMENSION, Metric.MANHATTAN))));
    float[] vector = new float[VectorConfig.MAX_DIMENSION];
    for (int i = 0; i < 200; i++) {
      vector[0] = i;
      wide.upsert(
          List.of(new Point(PointId.of(i), Map.of("a", vector, "b", vector), Payload.empty())));
    }
    vector[0] = 100.4f;
    List<Hit> hits = wide.search(SearchRequest.nearest(vector).using("b").limit(1)).hits();
    assertThat(hits.getFirst().id()).isEqualTo(PointId.of(100));
  }

  @Test
  void idsAreOrderedAndScrolledAsUnsignedNumbersThenUuids() {
    List<PointId> ids =
        List.of(
            PointId.of(0),
            PointId.of(5),
            PointId.of(-1),
            PointId.parse("00000000-0000-0000-0000-000000000001"),
            PointId.parse("ffffffff-0000-0000-0000-000000000001"));
    collection.upsert(
        ids.reversed().stream().map(id -> new Point(id, Map.of(), Payload.empty())).toList());
    List<PointId> seen = new ArrayList<>();
    Optional<PointId> next = Optional.empty();
    do {
      ScrollPage page = collection.scroll(Filter.ALL, next, 2);
      page.points().forEach(each -> seen.add(each.id()));
      next = page.next();
    } while (next.isPresent());
    assertThat(seen).isEqualTo(ids);
  }
}
