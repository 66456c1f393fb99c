package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.FilterLimits;
import io.capsdb.point.PointId;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Searches over several indexed segments and a live chunk, with more rows than are scored exactly.
class ProbedSearchTest {
  private static final int ROWS = 9_000;
  private static final int DIMENSION = 12;
  private static final int FILTERS = 18;

  @Test
  void equalFiltersFindTheSameAndNeverTooFew() {
    for (Metric metric : Metric.values()) {
      Seed.repeat(1, random -> checkFilters(random, metric));
    }
  }

  private static void checkFilters(RandomGenerator random, Metric metric) {
    TestData data = TestData.clustered(random, ROWS, DIMENSION);
    CollectionConfig config = CollectionConfig.of(DIMENSION, metric);
    CollectionModel model = new CollectionModel(config);
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .withDisk(new io.capsdb.io.MemoryDisk())
            .withLog(false)
            .withSealRows(3_000)
            .withMinIndexRows(512);
    try (Database database = Database.open(java.nio.file.Path.of("probed"), options)) {
      Collection collection = database.createCollection("c", config);
      load(random, data, collection, model);
      int probes = 0;
      for (int i = 0; i < FILTERS; i++) {
        Filter filter = i == 0 ? Filter.ALL : RandomFilters.next(random, 1 + random.nextInt(5));
        probes += check(random, data, collection, model, filter) ? 1 : 0;
      }
      assertThat(probes).as("searches that probed").isPositive();
    }
  }

  /// In three segments, part of which is deleted and overwritten, and a chunk that still fills.
  private static void load(
      RandomGenerator random, TestData data, Collection collection, CollectionModel model) {
    int sealed = ROWS - 400;
    for (int from = 0; from < ROWS; from += 200) {
      if (from == sealed) {
        collection.seal();
      }
      List<Point> batch = new ArrayList<>();
      for (int i = from; i < from + 200; i++) {
        long id = from >= sealed && random.nextBoolean() ? random.nextInt(sealed) : i;
        batch.add(Point.of(id, data.vectors().get(i), data.payloads().get(i)));
      }
      model.upsert(collection.upsert(batch), batch);
    }
    List<PointId> gone = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      gone.add(PointId.of(random.nextInt(ROWS)));
    }
    collection.delete(gone);
    model.delete(gone);
    assertThat(collection.status().points()).isEqualTo(model.points().size());
    assertThat(collection.status().segments()).isGreaterThan(1);
  }

  private static boolean check(
      RandomGenerator random,
      TestData data,
      Collection collection,
      CollectionModel model,
      Filter filter) {
    float[] query = data.queries().get(random.nextInt(data.queries().size()));
    int limit = 1 + random.nextInt(40);
    SearchRequest request = SearchRequest.nearest(query).limit(limit);
    if (random.nextInt(3) == 0) {
      request = request.candidates(1 + random.nextInt(500));
    }
    SearchResult found = collection.search(request.filter(filter));
    List<CollectionModel.Near> all = model.nearest("", query, filter);
    assertThat(found.hits()).as("%s", filter).hasSize(Math.min(limit, all.size()));
    FilterEvaluator evaluator = FilterEvaluator.of(filter);
    for (Hit hit : found.hits()) {
      assertThat(hit.payload()).isEqualTo(model.payload(hit.id()));
      assertThat(evaluator.matches(hit.payload())).as("%s of %s", hit.id(), filter).isTrue();
    }
    Filter twin = twin(random, filter);
    SearchResult other = collection.search(request.filter(twin));
    assertThat(ids(other)).as("%s and its twin %s", filter, twin).isEqualTo(ids(found));
    assertThat(other.plan().name()).isEqualTo(found.plan().name());
    assertThat(ids(collection.search(request.filter(filter).exact(true))))
        .isEqualTo(all.stream().limit(limit).map(CollectionModel.Near::id).toList());
    assertThat(collection.count(twin)).isEqualTo(model.matching(filter).size());
    return found.plan().name().equals("probe");
  }

  /// A twin that is within the limits for filters; most are.
  private static Filter twin(RandomGenerator random, Filter filter) {
    for (int attempt = 0; attempt < 20; attempt++) {
      Filter twin = RandomFilters.twin(random, filter);
      try {
        FilterLimits.check(twin);
        return twin;
      } catch (IllegalArgumentException e) {
        // Nested too deep: another one.
      }
    }
    return filter;
  }

  private static List<PointId> ids(SearchResult result) {
    return result.hits().stream().map(Hit::id).toList();
  }

  /// How many rows postings can decide must not choose the plan: `text` is too long for postings in
  /// some rows, so that one of the two filters is only known after documents were read.
  @Test
  void planDependsOnTheRowsThatMatchOnly() {
    int rows = 6_000;
    try (Database database = Database.inMemory()) {
      Collection collection = database.createCollection("c", CollectionConfig.of(2, Metric.EUCLID));
      List<Point> batch = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        boolean isMatch = i % 2 == 0;
        batch.add(
            Point.of(
                i,
                new float[] {i, i % 7},
                Map.of(
                    "kind", isMatch ? "a" : "b", "text", (isMatch ? "yes " : "no ").repeat(90))));
      }
      collection.upsert(batch);
      collection.seal();
      SearchRequest request = SearchRequest.nearest(new float[] {3_000, 1}).candidates(10);
      SearchResult byPostings = collection.search(request.filter(Filters.eq("kind", "a")));
      SearchResult byDocuments =
          collection.search(request.filter(Filters.eq("text", "yes ".repeat(90))));
      assertThat(byDocuments.plan().documentsVerified()).isPositive();
      assertThat(byDocuments.plan().name()).isEqualTo(byPostings.plan().name());
      assertThat(ids(byDocuments)).isEqualTo(ids(byPostings));
    }
  }
}
