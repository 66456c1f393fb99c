package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.capsdb.filter.Filter;
import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.storage.Catalogue;
import io.capsdb.storage.SegmentContainer;
import io.capsdb.testdata.Seed;
import io.capsdb.vector.Metric;
import io.capsdb.vector.SparseVector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sparse vectors against a model that scores everything: in every place where a row can be.
class SparseTest {
  private static final CollectionConfig CONFIG =
      CollectionConfig.of(2, Metric.DOT)
          .withSparse(Map.of("words", new SparseConfig(true), "tags", new SparseConfig(false)));

  @TempDir Path folder;

  /// What a point should be.
  private record Expected(Map<String, SparseVector> sparse, long n) {}

  private static DatabaseOptions options() {
    return DatabaseOptions.defaults()
        .withSealRows(256)
        .withMinIndexRows(32)
        .withIdleMillis(5)
        .withMeasuredCosts(false);
  }

  private static SparseVector vector(RandomGenerator random) {
    int[] pool = {0, 1, 2, 3, 5, 8, 13, 1 << 20, -1, Integer.MIN_VALUE};
    List<Integer> indices = new ArrayList<>();
    for (int index : pool) {
      if (random.nextInt(3) == 0) {
        indices.add(index);
      }
    }
    float[] values = new float[indices.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(-8, 9) / 4f;
    }
    return SparseVector.of(indices.stream().mapToInt(i -> i).toArray(), values);
  }

  private static Map<String, SparseVector> vectors(RandomGenerator random) {
    Map<String, SparseVector> all = new HashMap<>();
    if (random.nextInt(5) > 0) {
      all.put("words", vector(random));
    }
    if (random.nextInt(2) > 0) {
      all.put("tags", vector(random));
    }
    return all;
  }

  private static void write(
      RandomGenerator random, Collection collection, Map<PointId, Expected> model) {
    switch (random.nextInt(7)) {
      case 0 -> {
        PointId id = PointId.of(random.nextInt(600));
        collection.delete(List.of(id));
        model.remove(id);
      }
      case 1 -> {
        long n = random.nextInt(6);
        collection.changePayloads(Filters.eq("n", n), _ -> Payload.of(Map.of("n", n + 1)));
        model.replaceAll((_, old) -> old.n() == n ? new Expected(old.sparse(), n + 1) : old);
      }
      case 2 -> {
        PointId id = PointId.of(random.nextInt(600));
        if (model.containsKey(id)) {
          Map<String, SparseVector> update = vectors(random);
          collection.updateVectors(
              List.of(new Point(id, Map.of(), update, Payload.empty())), Optional.empty());
          Map<String, SparseVector> merged = new HashMap<>(model.get(id).sparse());
          merged.putAll(update);
          model.put(id, new Expected(merged, model.get(id).n()));
        }
      }
      case 3 -> {
        PointId id = PointId.of(random.nextInt(600));
        if (model.containsKey(id)) {
          collection.deleteVectors(new PointSelector.ByIds(List.of(id)), Set.of("tags"));
          Map<String, SparseVector> rest = new HashMap<>(model.get(id).sparse());
          rest.remove("tags");
          model.put(id, new Expected(rest, model.get(id).n()));
        }
      }
      default -> {
        List<Point> batch = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          PointId id = PointId.of(random.nextInt(600));
          Expected expected = new Expected(vectors(random), random.nextInt(6));
          Map<String, float[]> dense =
              random.nextInt(3) == 0 ? Map.of() : Map.of("", new float[] {1, i});
          batch.add(new Point(id, dense, expected.sparse(), Payload.of(Map.of("n", expected.n()))));
          model.put(id, expected);
        }
        collection.upsert(batch);
      }
    }
  }

  private static Expected expected(Map<PointId, Expected> model, PointId id) {
    return Objects.requireNonNull(model.get(id));
  }

  private record Scored(PointId id, double score) {}

  private static List<Scored> oracle(
      Map<PointId, Expected> model, String using, SparseVector query, Filter filter, long n) {
    Map<Integer, Integer> having = new HashMap<>();
    int all = 0;
    for (Expected each : model.values()) {
      SparseVector own = each.sparse().get(using);
      if (own != null) {
        all++;
        for (int index : own.indices()) {
          having.merge(index, 1, Integer::sum);
        }
      }
    }
    List<Scored> scored = new ArrayList<>();
    for (Map.Entry<PointId, Expected> point : model.entrySet()) {
      SparseVector own = point.getValue().sparse().get(using);
      if (own == null || (!filter.equals(Filter.ALL) && point.getValue().n() != n)) {
        continue;
      }
      Map<Integer, Float> values = new TreeMap<>();
      for (int i = 0; i < own.size(); i++) {
        values.put(own.indices()[i], own.values()[i]);
      }
      boolean hasAny = false;
      double sum = 0;
      for (int i = 0; i < query.size(); i++) {
        Float value = values.get(query.indices()[i]);
        if (value != null) {
          hasAny = true;
          double df = having.getOrDefault(query.indices()[i], 0);
          double idf = using.equals("words") ? Math.log(1 + (all - df + 0.5) / (df + 0.5)) : 1;
          sum += value * query.values()[i] * idf;
        }
      }
      if (hasAny) {
        scored.add(new Scored(point.getKey(), (float) sum));
      }
    }
    scored.sort(Comparator.comparingDouble(Scored::score).reversed().thenComparing(Scored::id));
    return scored;
  }

  private static void requireEqual(
      RandomGenerator random, Collection collection, Map<PointId, Expected> model) {
    for (int i = 0; i < 6; i++) {
      String using = random.nextBoolean() ? "words" : "tags";
      long n = random.nextInt(7);
      Filter filter = random.nextBoolean() ? Filter.ALL : Filters.eq("n", n);
      SparseVector query = vector(random);
      List<Scored> expected = oracle(model, using, query, filter, n);
      int limit = 1 + random.nextInt(900);
      List<Hit> found =
          collection.search(SparseRequest.of(query, using, limit).filter(filter), () -> false);
      assertThat(found).hasSize(Math.min(limit, expected.size()));
      for (int h = 0; h < found.size(); h++) {
        assertThat((double) found.get(h).score()).isCloseTo(expected.get(h).score(), within(1e-4));
      }
      for (int h = 1; h < found.size(); h++) {
        Hit before = found.get(h - 1);
        Hit hit = found.get(h);
        assertThat(before.score()).isGreaterThanOrEqualTo(hit.score());
        assertThat(before.score() > hit.score() || before.id().compareTo(hit.id()) < 0).isTrue();
      }
      // Scores that differ clearly belong to the same points.
      for (int h = 0; h < found.size(); h++) {
        PointId id = found.get(h).id();
        double own =
            expected.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow()
                .score();
        assertThat((double) found.get(h).score()).isCloseTo(own, within(1e-4));
      }
    }
    for (StoredPoint point : collection.scroll(Filter.ALL, Optional.empty(), 1_000).points()) {
      assertThat(point.sparse()).isEqualTo(expected(model, point.id()).sparse());
    }
    assertThat(collection.count(Filter.ALL)).isEqualTo(model.size());
    assertThat(collection.count(new Filter.HasVector("tags")))
        .isEqualTo(
            model.values().stream().filter(each -> each.sparse().containsKey("tags")).count());
  }

  @Test
  void hitsAreThoseOfAModelWhereverRowsAre() {
    Seed.repeat(
        6,
        random -> {
          Path place = folder.resolve("run" + random.nextInt());
          Map<PointId, Expected> model = new HashMap<>();
          try (Database database = Database.open(place, options())) {
            Collection collection = database.createCollection("c", CONFIG);
            for (int step = 0; step < 60; step++) {
              write(random, collection, model);
              if (step % 12 == 0) {
                requireEqual(random, collection, model);
              }
            }
            if (random.nextBoolean()) {
              collection.seal();
              collection.awaitGreen(Duration.ofSeconds(30));
              requireEqual(random, collection, model);
            }
          }
          try (Database database = Database.open(place, options())) {
            Collection collection = database.collection("c");
            assertThat(collection.config()).isEqualTo(CONFIG);
            requireEqual(random, collection, model);
            for (int step = 0; step < 20; step++) {
              write(random, collection, model);
            }
            SnapshotInfo info = database.createSnapshot("c");
            requireEqual(
                random,
                database.restore("d", database.readSnapshot("c", info.name()), 1L << 30),
                model);
            requireEqual(random, collection, model);
          }
        });
  }

  /// Posting lists are made anew from the rows, whatever is wrong with them.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ids",
        "sparse.0.lists",
        "sparse.0.list-starts",
        "sparse.0.list-rows",
        "sparse.0.list-values"
      })
  void aRepairedSegmentKeepsItsSparseVectors(String damaged) throws Exception {
    Map<PointId, Expected> model = new HashMap<>();
    RandomGenerator random = new java.util.SplittableRandom(3);
    try (Database database = Database.open(folder, options())) {
      Collection collection = database.createCollection("c", CONFIG);
      for (int step = 0; step < 30; step++) {
        write(random, collection, model);
      }
      collection.seal();
      collection.awaitGreen(Duration.ofSeconds(30));
    }
    Path place;
    try (var files = Files.walk(folder)) {
      place = files.filter(file -> file.toString().endsWith(".caps")).findFirst().orElseThrow();
    }
    long number = Long.parseLong(String.valueOf(place.getFileName()).replaceAll("\\D", ""));
    byte[] bytes = Files.readAllBytes(place);
    try (SegmentContainer container = SegmentContainer.open(Disk.local(), place, number)) {
      bytes[Math.toIntExact(container.offset(damaged))] ^= 1;
    }
    Files.write(place, bytes);
    try (Database database = Database.open(folder, options())) {
      assertThat(database.damagedCollections()).containsKey("c");
    }
    long identity =
        Catalogue.read(Disk.local(), folder.resolve("catalogue")).entries().getFirst().identity();
    new SegmentRepair(Disk.local(), Objects.requireNonNull(place.getParent()), CONFIG, identity)
        .repair(number);
    try (Database database = Database.open(folder, options())) {
      requireEqual(random, database.collection("c"), model);
    }
  }

  @Test
  void thresholdAndOffsetCutTheHits() {
    try (Database database = Database.inMemory()) {
      Collection collection = database.createCollection("c", CONFIG);
      List<Point> points = new ArrayList<>();
      for (int i = 1; i <= 5; i++) {
        SparseVector vector = SparseVector.of(new int[] {7}, new float[] {i});
        points.add(new Point(PointId.of(i), Map.of(), Map.of("tags", vector), Payload.empty()));
      }
      collection.upsert(points);
      SparseVector query = SparseVector.of(new int[] {7, 9}, new float[] {2, 1});
      SparseRequest request =
          new SparseRequest(query, "tags", Filter.ALL, 10, 1, OptionalDouble.of(4), false, true);
      List<Hit> hits = collection.search(request, () -> false);
      assertThat(hits).extracting(Hit::score).containsExactly(8f, 6f, 4f);
      assertThat(hits.getFirst().sparse()).containsOnlyKeys("tags");
    }
  }

  @Test
  void wrongOnesAreRefusedAndNothingOfTheBatchIsStored() {
    try (Database database = Database.inMemory()) {
      Collection collection = database.createCollection("c", CONFIG);
      SparseVector one = SparseVector.of(new int[] {1}, new float[] {1});
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(
              () ->
                  collection.upsert(
                      List.of(
                          new Point(PointId.of(1), Map.of(), Map.of(), Payload.empty()),
                          new Point(
                              PointId.of(2), Map.of(), Map.of("other", one), Payload.empty()))))
          .withMessageContaining("points[1]")
          .withMessageContaining("no sparse vector named 'other'");
      assertThat(collection.count(Filter.ALL)).isZero();
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> collection.search(SparseRequest.of(one, "other", 1), () -> false));
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> CONFIG.withSparse(Map.of("", new SparseConfig(false))));
    }
  }

  @Test
  void aSearchIsCancelled() {
    try (Database database = Database.inMemory()) {
      Collection collection = database.createCollection("c", CONFIG);
      SparseVector one = SparseVector.of(new int[] {1}, new float[] {1});
      collection.upsert(
          List.of(new Point(PointId.of(1), Map.of(), Map.of("tags", one), Payload.empty())));
      AtomicInteger asked = new AtomicInteger();
      assertThatExceptionOfType(CancellationException.class)
          .isThrownBy(
              () ->
                  collection.search(
                      SparseRequest.of(one, "tags", 1), () -> asked.incrementAndGet() > 0));
      assertThat(asked).hasValue(1);
    }
  }
}
