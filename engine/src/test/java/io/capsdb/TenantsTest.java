package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.filter.Filter;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Collections in which a field tells tenants apart, against a map and a scan.
class TenantsTest {
  private static final Path FOLDER = Path.of("tenants");
  private static final int DIMENSION = 20;
  private static final int IDS = 9_000;
  private static final int TENANTS = 300;
  private static final int STEPS = 14;
  private static final int NEVER = Integer.MAX_VALUE;
  private static final int K = 10;

  private static final CollectionSettings BY_OWNER =
      CollectionSettings.NONE.withField("owner", new FieldIndex(FieldIndex.Type.KEYWORD, true, ""));

  private static DatabaseOptions options(Disk disk, int mergeCount) {
    return DatabaseOptions.defaults()
        .withDisk(disk)
        .withSealRows(NEVER)
        .withIdleMillis(NEVER)
        .withMinIndexRows(512)
        .withMergeCount(mergeCount);
  }

  private static String name(int tenant) {
    return "owner " + tenant;
  }

  /// A few large tenants, many small ones, and some rows of none.
  private static Payload payload(RandomGenerator random) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    int tenant = (int) (TENANTS * Math.pow(random.nextDouble(), 4));
    if (random.nextInt(30) > 0) {
      fields.put("owner", name(tenant));
    }
    fields.put("color", "color " + random.nextInt(8));
    fields.put("size", (long) random.nextInt(1_000));
    return Payload.of(fields);
  }

  private static Filter filter(RandomGenerator random) {
    Filter owner = Filters.eq("owner", name((int) (TENANTS * Math.pow(random.nextDouble(), 3))));
    return switch (random.nextInt(8)) {
      case 0 -> Filters.all(owner, Filters.eq("color", "color 3"));
      case 1 -> Filters.all(Filters.lt("size", 100), owner);
      case 2 -> Filters.any(owner, Filters.eq("owner", name(random.nextInt(TENANTS))));
      case 3 -> Filters.all(owner, Filters.not(Filters.eq("color", "color 0")));
      case 4 -> random.nextBoolean() ? Filter.ALL : Filters.eq("color", "color 2");
      case 5 -> Filters.isEmpty("owner");
      default -> owner;
    };
  }

  @Test
  void whatIsFoundInTenantsIsWhatAScanFinds() {
    // Codes of a byte a value, of a bit, and of a bit with records for lists.
    Seed.repeat(1, random -> check(random, Metric.EUCLID, DIMENSION));
    Seed.repeat(1, random -> check(random, Metric.DOT, 40));
    Seed.repeat(1, random -> check(random, Metric.COSINE, 320));
  }

  private static void check(RandomGenerator random, Metric metric, int dimension) {
    TestData data = TestData.clustered(random, IDS, dimension);
    CollectionConfig config = CollectionConfig.of(dimension, metric);
    CollectionModel model = new CollectionModel(config);
    Disk disk = new MemoryDisk();
    double[] found = new double[2];
    try (Database database = Database.open(FOLDER, options(disk, 3))) {
      Collection collection = database.createCollection("c", config, BY_OWNER);
      for (int step = 0; step < STEPS; step++) {
        change(random, data, collection, model);
        if (random.nextInt(3) > 0) {
          collection.seal();
        }
        for (int i = 0; i < 12; i++) {
          compare(random, data, collection, model, found);
        }
      }
    }
    try (Database database = Database.open(FOLDER, options(disk, NEVER))) {
      Collection collection = database.collection("c");
      assertThat(collection.settings()).isEqualTo(BY_OWNER);
      for (int i = 0; i < 50; i++) {
        compare(random, data, collection, model, found);
      }
    }
    assertThat(found[0] / found[1]).as("recall, %s", metric).isGreaterThan(0.97);
  }

  /// Writes, overwrites, moves to other tenants, and deletes.
  private static void change(
      RandomGenerator random, TestData data, Collection collection, CollectionModel model) {
    switch (random.nextInt(6)) {
      case 0 -> {
        List<PointId> ids = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          ids.add(PointId.of(random.nextInt(IDS)));
        }
        model.delete(ids);
        collection.delete(ids);
      }
      case 1 -> {
        Filter owner = Filters.eq("owner", name(random.nextInt(TENANTS)));
        model.delete(owner);
        collection.delete(owner);
      }
      case 2 -> {
        List<PointId> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          ids.add(PointId.of(random.nextInt(IDS)));
        }
        Payload moved = payload(random);
        long sequence = collection.changePayloads(ids, _ -> moved);
        model.change(sequence, ids, _ -> moved);
      }
      default -> {
        int first = random.nextInt(IDS - 2_500);
        for (int from = first; from < first + 2_500; from += 500) {
          List<Point> batch = new ArrayList<>();
          for (int id = from; id < from + 500; id++) {
            batch.add(Point.of(id, data.vectors().get(id), payload(random).fields()));
          }
          model.upsert(collection.upsert(batch), batch);
        }
      }
    }
  }

  private static void compare(
      RandomGenerator random,
      TestData data,
      Collection collection,
      CollectionModel model,
      double[] found) {
    Filter filter = filter(random);
    float[] query = data.queries().get(random.nextInt(data.queries().size()));
    List<CollectionModel.Near> near = model.nearest("", query, filter);
    int wanted = Math.min(K, near.size());
    Set<PointId> exact =
        near.stream().limit(K).map(CollectionModel.Near::id).collect(Collectors.toSet());
    SearchRequest request = SearchRequest.nearest(query).filter(filter).limit(K);
    List<PointId> scanned = ids(collection.search(request.exact(true)));
    assertThat(new HashSet<>(scanned)).as("%s", filter).isEqualTo(exact);
    for (PlanChoice plan : List.of(PlanChoice.AUTO, PlanChoice.LIST, PlanChoice.PROBE)) {
      SearchResult result = collection.search(request.plan(plan));
      List<PointId> hits = ids(result);
      assertThat(new HashSet<>(hits)).as("%s, %s", plan, filter).hasSize(wanted);
      Set<PointId> matching =
          near.stream().map(CollectionModel.Near::id).collect(Collectors.toSet());
      assertThat(matching).as("%s, %s", plan, filter).containsAll(hits);
      found[0] += hits.stream().filter(exact::contains).count();
      found[1] += wanted;
      if (result.plan().name().equals("exact")) {
        assertThat(new HashSet<>(hits)).as("%s", filter).isEqualTo(exact);
      }
    }
    assertThat(collection.count(filter)).as("%s", filter).isEqualTo(near.size());
    assertThat(
            collection.facet("color", filter, 100).stream()
                .collect(Collectors.toMap(FacetValue::value, FacetValue::count)))
        .as("%s", filter)
        .isEqualTo(colors(model.matching(filter)));
    PointId from = PointId.of(random.nextInt(IDS));
    assertThat(
            collection.scroll(filter, Optional.of(from), 7).points().stream()
                .map(StoredPoint::id)
                .toList())
        .as("%s", filter)
        .isEqualTo(
            model.matching(filter).stream()
                .map(StoredPoint::id)
                .filter(id -> id.compareTo(from) >= 0)
                .limit(7)
                .toList());
  }

  private static Map<Object, Long> colors(List<StoredPoint> points) {
    Map<Object, Long> colors = new HashMap<>();
    for (StoredPoint point : points) {
      Object color = point.payload().fields().get("color");
      if (color != null) {
        colors.merge(color, 1L, Long::sum);
      }
    }
    return colors;
  }

  private static List<PointId> ids(SearchResult result) {
    return result.hits().stream().map(Hit::id).toList();
  }

  private static void add(
      RandomGenerator random, Collection collection, int first, int count, String owner) {
    for (int from = first; from < first + count; from += 500) {
      List<Point> batch = new ArrayList<>();
      for (int id = from; id < Math.min(from + 500, first + count); id++) {
        batch.add(
            Point.of(
                id,
                TestData.around(random, new float[DIMENSION], 1),
                Map.of("owner", owner, "size", (long) id)));
      }
      collection.upsert(batch);
    }
  }

  private static SearchPlan plan(RandomGenerator random, Collection collection, String owner) {
    return collection
        .search(
            SearchRequest.nearest(TestData.around(random, new float[DIMENSION], 1))
                .filter(Filters.eq("owner", owner))
                .limit(K)
                .plan(PlanChoice.PROBE))
        .plan();
  }

  @Test
  void aTenantIsSearchedInItsOwnPartitionsAndMovesWhenItGrows() {
    Seed.repeat(
        1,
        random -> {
          CollectionConfig config = CollectionConfig.of(DIMENSION, Metric.EUCLID);
          try (Database database = Database.open(FOLDER, options(new MemoryDisk(), 2))) {
            Collection collection = database.createCollection("c", config, BY_OWNER);
            add(random, collection, 0, 6_000, "large");
            add(random, collection, 6_000, 60, "grows");
            for (int other = 0; other < 40; other++) {
              add(random, collection, 7_000 + 100 * other, 100, "other " + other);
            }
            collection.seal();
            assertThat(collection.status().segments()).isEqualTo(1);
            SearchPlan small = plan(random, collection, "grows");
            assertThat(small.rowsScored()).isEqualTo(60);
            assertThat(small.partitions()).isBetween(1L, 2L);
            assertThat(plan(random, collection, "large").partitions()).isBetween(8L, 20L);
            assertThat(plan(random, collection, "nobody").partitions()).isZero();
            add(random, collection, 20_000, 4_000, "grows");
            add(random, collection, 30_000, 6_000, "large");
            collection.seal();
            assertThat(collection.status().segments()).isEqualTo(1);
            SearchPlan grown = plan(random, collection, "grows");
            assertThat(grown.partitions()).isBetween(5L, 14L);
            assertThat(grown.rowsScored()).isBetween((long) K, 4_060L);
            assertThat(collection.count(Filters.eq("owner", "grows"))).isEqualTo(4_060);
            assertThat(collection.count(Filters.eq("owner", "other 7"))).isEqualTo(100);
          }
        });
  }

  /// More than have postings elsewhere.
  @Test
  void veryManyTenantsAreToldApartWithoutDocuments() {
    Seed.repeat(
        1,
        random -> {
          CollectionConfig config = CollectionConfig.of(DIMENSION, Metric.EUCLID);
          Disk disk = new MemoryDisk();
          try (Database database = Database.open(FOLDER, options(disk, 2))) {
            Collection collection = database.createCollection("c", config, BY_OWNER);
            for (int half = 0; half < 2; half++) {
              List<Point> batch = new ArrayList<>();
              for (int id = 5_000 * half; id < 5_000 * (half + 1); id++) {
                batch.add(
                    Point.of(
                        id,
                        TestData.around(random, new float[DIMENSION], 1),
                        Map.of("owner", name(id % 7_000))));
              }
              collection.upsert(batch);
              collection.seal();
            }
            assertThat(collection.status().segments()).isEqualTo(1);
          }
          try (Database database = Database.open(FOLDER, options(disk, NEVER))) {
            Collection collection = database.collection("c");
            for (int tenant : new int[] {0, 17, 2_999, 3_000, 6_999}) {
              SearchPlan plan = plan(random, collection, name(tenant));
              assertThat(plan.rowsScored()).isEqualTo(tenant < 3_000 ? 2 : 1);
              assertThat(plan.documentsVerified()).isZero();
            }
          }
        });
  }

  /// What is declared later holds for segments that are sealed from then on, merged ones among
  /// them.
  @Test
  void aFieldCanBeDeclaredLater() {
    Seed.repeat(
        1,
        random -> {
          CollectionConfig config = CollectionConfig.of(DIMENSION, Metric.EUCLID);
          try (Database database = Database.open(FOLDER, options(new MemoryDisk(), 2))) {
            Collection collection = database.createCollection("c", config);
            add(random, collection, 0, 3_000, "a");
            add(random, collection, 3_000, 3_000, "b");
            collection.seal();
            long before = plan(random, collection, "a").partitions();
            collection.changeSettings(_ -> BY_OWNER);
            add(random, collection, 6_000, 3_000, "c");
            add(random, collection, 9_000, 3_000, "d");
            collection.seal();
            assertThat(collection.status().segments()).isEqualTo(1);
            assertThat(plan(random, collection, "a").partitions()).isLessThan(before);
          }
        });
  }

  @Test
  void onlyKeywordsAndUuidsTellTenantsApart() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FieldIndex(FieldIndex.Type.INTEGER, true, ""))
        .withMessageContaining("INTEGER");
    Map<String, FieldIndex> fields = new TreeMap<>();
    fields.put("x", new FieldIndex(FieldIndex.Type.UUID, true, ""));
    fields.put("b", new FieldIndex(FieldIndex.Type.KEYWORD, true, ""));
    fields.put("a", new FieldIndex(FieldIndex.Type.KEYWORD, ""));
    assertThat(new CollectionSettings(fields, "").tenant()).contains("b");
    assertThat(CollectionSettings.NONE.tenant()).isEmpty();
  }
}
