package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random writes, seals, merges and restarts, against a plain map and a scan: on a simulated disk,
/// clock and background, where the machine loses its power and all happens again with the same
/// seed, and on files, where threads work in the background and ids are kept off the heap too.
class CollectionModelTest {
  private static final int RUNS = 4;
  private static final int RUNS_ON_FILES = 2;
  private static final int STEPS = 100;
  private static final int NIGHTLY_RUNS = 5_000;
  private static final int NIGHTLY_RUNS_ON_FILES = 200;
  private static final int NIGHTLY_STEPS = 200;
  private static final int IDS = 900;

  private static final Map<String, VectorConfig> VECTORS =
      Map.of(
          "", new VectorConfig(8, Metric.EUCLID),
          "text", new VectorConfig(5, Metric.COSINE),
          "taste", new VectorConfig(33, Metric.DOT),
          "place", new VectorConfig(3, Metric.MANHATTAN),
          "sound", new VectorConfig(6, Metric.COSINE, ElementType.FLOAT16),
          "mood", new VectorConfig(20, Metric.DOT, ElementType.FLOAT16),
          "pixels", new VectorConfig(17, Metric.EUCLID, ElementType.UINT8));

  @TempDir Path folder;
  private int places;

  @Test
  void collectionAgreesWithMapAndScanWhateverHappens() {
    Seed.repeat(RUNS, random -> simulated(random, STEPS));
  }

  @Test
  void collectionOnFilesAgreesWithMapAndScanWhateverHappens() {
    Seed.repeat(RUNS_ON_FILES, random -> onFiles(random, STEPS));
  }

  @Test
  @Tag("nightly")
  void collectionAgreesWithMapAndScanThousandsOfTimes() {
    Seed.repeatInParallel(NIGHTLY_RUNS, random -> simulated(random, NIGHTLY_STEPS));
  }

  @Test
  @Tag("nightly")
  void collectionOnFilesAgreesWithMapAndScanHundredsOfTimes() {
    Seed.repeat(NIGHTLY_RUNS_ON_FILES, random -> onFiles(random, NIGHTLY_STEPS));
  }

  @Test
  void allHappensAgainWithTheSameSeed() throws IOException {
    Seed seed = Seed.next();
    List<String> first = simulated(seed.random(), STEPS / 2);
    assertThat(first).as(seed.toString()).hasSizeGreaterThan(STEPS / 2);
    assertThat(simulated(seed.random(), STEPS / 2)).as(seed.toString()).isEqualTo(first);
  }

  private static DatabaseOptions options(RandomGenerator random) {
    return DatabaseOptions.defaults()
        .withSealRows(256 + random.nextInt(200))
        .withMinIndexRows(16 + random.nextInt(300))
        .withIdleMillis(1 + random.nextInt(20))
        .withOffHeapRows(random.nextBoolean() ? 1 : 262_144)
        .withMeasuredCosts(false);
  }

  /// Some of the kinds of vectors, often one alone, at times all.
  private static CollectionConfig config(RandomGenerator random) {
    List<String> names = new ArrayList<>(VECTORS.keySet().stream().sorted().toList());
    int count = 1 + random.nextInt(1 + random.nextInt(names.size()));
    Map<String, VectorConfig> vectors = new HashMap<>();
    while (vectors.size() < count) {
      String name = names.remove(random.nextInt(names.size()));
      vectors.put(name, VECTORS.get(name));
    }
    return new CollectionConfig(vectors);
  }

  /// @return what happened in the background
  private static List<String> simulated(RandomGenerator random, int steps) throws IOException {
    SteppedBackground background = new SteppedBackground(new SplittableRandom(random.nextLong()));
    try (ModelHome home = new ModelHome.Simulated(options(random), background)) {
      run(random, steps, home);
    }
    return background.history();
  }

  private void onFiles(RandomGenerator random, int steps) throws IOException {
    try (ModelHome home =
        new ModelHome.OnFiles(folder.resolve("run-" + places++), options(random))) {
      run(random, steps, home);
    }
  }

  private static void run(RandomGenerator random, int steps, ModelHome home) throws IOException {
    CollectionConfig config = config(random);
    CollectionModel model = new CollectionModel(config);
    Database database = home.open();
    try {
      Collection collection = database.createCollection("c", config);
      for (int step = 0; step < steps; step++) {
        switch (random.nextInt(20)) {
          case 0 -> collection.seal();
          case 1 -> {
            database = home.openAgain(database, random);
            collection = database.collection("c");
          }
          case 2 -> {
            try (Database copy = home.openCopy(random)) {
              check(random, copy.collection("c"), model);
            }
          }
          case 3, 4 -> {
            List<PointId> ids =
                Stream.generate(() -> id(random)).limit(random.nextInt(60)).toList();
            collection.delete(ids);
            model.delete(ids);
          }
          case 5 -> {
            Filter filter =
                Filters.all(RandomFilters.next(random, 3), Filters.eq("label", random.nextInt(10)));
            collection.delete(filter);
            model.delete(filter);
          }
          case 6, 7 -> {
            List<PointId> ids =
                Stream.generate(() -> id(random)).limit(random.nextInt(60)).toList();
            Payload next = RandomPayloads.next(random);
            model.change(collection.changePayloads(ids, _ -> next), ids, _ -> next);
          }
          case 8 -> {
            Filter filter =
                Filters.all(RandomFilters.next(random, 3), Filters.eq("label", random.nextInt(10)));
            UnaryOperator<Payload> change = CollectionModelTest::relabelled;
            List<PointId> ids = model.matching(filter).stream().map(StoredPoint::id).toList();
            model.change(collection.changePayloads(filter, change), ids, change);
          }
          default -> {
            List<Point> batch = batch(random, config);
            model.upsert(collection.upsert(batch), batch);
          }
        }
        home.pass(random);
        check(random, collection, model);
      }
    } finally {
      database.close();
    }
  }

  private static Payload relabelled(Payload payload) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>(payload.fields());
    fields.put("label", fields.get("label") instanceof Long label ? (label + 1) % 10 : 0L);
    return Payload.of(fields);
  }

  private static void check(RandomGenerator random, Collection collection, CollectionModel model) {
    assertThat(collection.status().points()).isEqualTo(model.points().size());
    Filter filter = RandomFilters.next(random, 1 + random.nextInt(5));
    assertThat(collection.count(filter))
        .as("count of %s", filter)
        .isEqualTo(model.matching(filter).size());
    switch (random.nextInt(4)) {
      case 0 -> checkGet(random, collection, model);
      case 1 -> checkScroll(random, collection, model, filter);
      default -> checkSearch(random, collection, model, filter);
    }
  }

  private static void checkGet(
      RandomGenerator random, Collection collection, CollectionModel model) {
    List<PointId> ids = Stream.generate(() -> id(random)).limit(20).toList();
    List<StoredPoint> expected =
        ids.stream().filter(model.points()::containsKey).map(model.points()::get).toList();
    assertSame(collection.get(ids), expected);
  }

  private static void checkScroll(
      RandomGenerator random, Collection collection, CollectionModel model, Filter filter) {
    List<StoredPoint> all = new ArrayList<>();
    Optional<PointId> next = Optional.empty();
    int limit = 1 + random.nextInt(50);
    do {
      ScrollPage page = collection.scroll(filter, next, limit);
      assertThat(page.points().size()).isLessThanOrEqualTo(limit);
      all.addAll(page.points());
      next = page.next();
    } while (next.isPresent());
    assertSame(all, model.matching(filter));
  }

  private static void assertSame(List<StoredPoint> found, List<StoredPoint> expected) {
    assertThat(found.stream().map(StoredPoint::id))
        .containsExactlyElementsOf(expected.stream().map(StoredPoint::id).toList());
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).payload()).isEqualTo(expected.get(i).payload());
      assertThat(found.get(i).version()).isEqualTo(expected.get(i).version());
      assertThat(found.get(i).vectors())
          .containsExactlyInAnyOrderEntriesOf(expected.get(i).vectors());
    }
  }

  private static void checkSearch(
      RandomGenerator random, Collection collection, CollectionModel model, Filter filter) {
    List<String> names = names(model.config());
    String using = names.get(random.nextInt(names.size()));
    VectorConfig config = model.config().vector(using);
    float[] query = vector(random, config);
    int limit = 1 + random.nextInt(20);
    int offset = random.nextInt(3) == 0 ? random.nextInt(10) : 0;
    SearchRequest request =
        SearchRequest.nearest(query)
            .using(using)
            .filter(filter)
            .limit(limit)
            .offset(offset)
            .withVectors(true);
    SearchResult result = collection.search(request.exact(true));
    List<CollectionModel.Near> all = model.nearest(using, query, filter);
    List<CollectionModel.Near> expected = all.stream().skip(offset).limit(limit).toList();
    checkPlanned(collection.search(request), all, expected.size());
    Metric metric = config.metric();
    assertThat(result.hits().stream().map(Hit::id))
        .as("search by '%s' under %s", using, filter)
        .containsExactlyElementsOf(expected.stream().map(CollectionModel.Near::id).toList());
    for (int i = 0; i < expected.size(); i++) {
      Hit hit = result.hits().get(i);
      assertThat(hit.score()).isEqualTo(metric.toScore(expected.get(i).distance()));
      assertThat(hit.payload()).isEqualTo(model.payload(hit.id()));
      assertThat(hit.vectors()).containsKey(using);
    }
  }

  /// A search that may choose its plan finds as many, each of them a match, at its true distance.
  private static void checkPlanned(
      SearchResult result, List<CollectionModel.Near> matching, int count) {
    assertThat(result.hits()).hasSize(count);
    Map<PointId, Integer> rank = new HashMap<>();
    matching.forEach(near -> rank.put(near.id(), rank.size()));
    List<Integer> ranks = new ArrayList<>();
    for (Hit hit : result.hits()) {
      ranks.add(Objects.requireNonNull(rank.remove(hit.id()), "no match, or twice"));
    }
    assertThat(ranks).isSorted();
    if (result.plan().name().equals("exact") && count > 0) {
      assertThat(ranks.getLast() - ranks.getFirst()).isEqualTo(count - 1);
    }
  }

  private static List<Point> batch(RandomGenerator random, CollectionConfig config) {
    List<Point> batch = new ArrayList<>();
    for (int i = random.nextInt(90); i >= 0; i--) {
      Map<String, float[]> vectors = new HashMap<>();
      for (String name : names(config)) {
        if (random.nextInt(name.isEmpty() ? 12 : 3) > 0) {
          vectors.put(name, vector(random, config.vector(name)));
        }
      }
      batch.add(new Point(id(random), vectors, RandomPayloads.next(random)));
    }
    return batch;
  }

  private static List<String> names(CollectionConfig config) {
    return config.vectors().keySet().stream().sorted(Comparator.naturalOrder()).toList();
  }

  private static float[] vector(RandomGenerator random, VectorConfig config) {
    float[] vector = TestData.around(random, new float[config.dimension()], 1);
    for (int i = 0; config.type() == ElementType.UINT8 && i < vector.length; i++) {
      vector[i] = Math.clamp(128 + 40 * vector[i], 0, 255);
    }
    return vector;
  }

  private static PointId id(RandomGenerator random) {
    int number = random.nextInt(IDS);
    return number % 5 == 0
        ? PointId.of(new UUID(number * 0x9E3779B97F4A7C15L, number))
        : PointId.of(number % 7 == 0 ? -number : number);
  }
}
