package io.capsdb.server.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Hit;
import io.capsdb.PlanChoice;
import io.capsdb.Point;
import io.capsdb.SearchRequest;
import io.capsdb.SearchResult;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.FilterText;
import io.capsdb.io.CorruptFileException;
import io.capsdb.point.PointId;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A collection with a graph beside its index: updates, restarts, damaged files, closing.
class GraphCollectionTest {
  private static final int DIMENSION = 8;
  private static final CollectionConfig CONFIG =
      CollectionConfig.of(DIMENSION, Metric.EUCLID).withGraph(true);
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults()
          .withSealRows(400)
          .withMinIndexRows(64)
          .withIdleMillis(5)
          .withMeasuredCosts(false);

  private static final List<PlanChoice> WALKS =
      List.of(
          PlanChoice.GRAPH,
          PlanChoice.GRAPH_POST,
          PlanChoice.GRAPH_INLINE,
          PlanChoice.GRAPH_ACORN,
          PlanChoice.GRAPH_ACORN_1);

  @TempDir Path folder;

  private static Point point(RandomGenerator random, long id) {
    return Point.of(
        id, TestData.around(random, new float[DIMENSION], 1), RandomPayloads.next(random));
  }

  private static void awaitGreen(Collection collection) {
    collection.seal();
    assertThat(collection.awaitGreen(Duration.ofMinutes(1)).state().name()).isEqualTo("GREEN");
  }

  /// Whatever the graph answers is a live match, nothing is twice, and no hit is missing in number;
  /// without a filter nearly all of the exact hits are there.
  private static void check(RandomGenerator random, Collection collection, Map<Long, Point> model) {
    int right = 0;
    int wanted = 0;
    for (int i = 0; i < 10; i++) {
      Filter filter = i < 5 ? Filter.ALL : RandomFilters.next(random, 2);
      FilterEvaluator documents = FilterEvaluator.of(filter);
      SearchRequest request =
          SearchRequest.nearest(TestData.around(random, new float[DIMENSION], 1))
              .filter(filter)
              .limit(1 + random.nextInt(12));
      PlanChoice plan = WALKS.get(i % WALKS.size());
      SearchResult result = collection.search(request.plan(plan));
      Set<PointId> exact = new HashSet<>();
      collection.search(request.exact(true)).hits().forEach(hit -> exact.add(hit.id()));
      Set<PointId> seen = new HashSet<>();
      for (Hit hit : result.hits()) {
        Point stored = model.get(Long.parseLong(hit.id().toString()));
        assertThat(stored).as("%s is live", hit.id()).isNotNull();
        assertThat(documents.matches(hit.payload())).as(FilterText.of(filter)).isTrue();
        assertThat(seen.add(hit.id())).as("%s once", hit.id()).isTrue();
        right += filter.equals(Filter.ALL) && exact.contains(hit.id()) ? 1 : 0;
      }
      assertThat(result.hits()).as(FilterText.of(filter)).hasSize(exact.size());
      wanted += filter.equals(Filter.ALL) ? exact.size() : 0;
    }
    assertThat(right).isGreaterThanOrEqualTo((int) (0.9 * wanted));
  }

  @Test
  void graphsFollowUpdatesDeletesMergesAndRestarts() {
    Seed.repeat(
        2,
        random -> {
          Map<Long, Point> model = new HashMap<>();
          Path place = folder.resolve("run-" + random.nextInt(1_000_000));
          Database database = Database.open(place, OPTIONS);
          try {
            Collection collection = database.createCollection("c", CONFIG);
            for (int step = 0; step < 14; step++) {
              List<Point> batch = new ArrayList<>();
              for (int i = 0; i < 150; i++) {
                batch.add(point(random, random.nextInt(1_500)));
              }
              collection.upsert(batch);
              batch.forEach(p -> model.put(Long.parseLong(p.id().toString()), p));
              List<PointId> gone = new ArrayList<>();
              for (int i = 0; i < 20; i++) {
                long id = random.nextInt(1_500);
                gone.add(PointId.of(id));
                model.remove(id);
              }
              collection.delete(gone);
              if (step % 5 == 4) {
                database.close();
                database = Database.open(place, OPTIONS);
                collection = database.collection("c");
                assertThat(collection.config().hasGraph()).isTrue();
              }
              check(random, collection, model);
            }
            awaitGreen(collection);
            check(random, collection, model);
            SearchResult walked =
                collection.search(
                    SearchRequest.nearest(new float[DIMENSION])
                        .limit(3)
                        .candidates(8)
                        .plan(PlanChoice.GRAPH));
            assertThat(walked.plan().name()).isEqualTo("graph");
            assertThat(walked.plan().rowsScored()).isLessThan(walked.plan().points() / 2);
          } finally {
            database.close();
          }
        });
  }

  @Test
  void widthsAreCandidates() {
    RandomGenerator random = new Seed(1).random();
    try (Database database = Database.open(folder, OPTIONS.withSealRows(3_000))) {
      Collection collection = database.createCollection("c", CONFIG);
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        points.add(point(random, i));
      }
      collection.upsert(points);
      awaitGreen(collection);
      SearchRequest request =
          SearchRequest.nearest(new float[DIMENSION]).limit(5).plan(PlanChoice.GRAPH);
      long narrow = collection.search(request.candidates(5)).plan().rowsScored();
      long wide = collection.search(request.candidates(300)).plan().rowsScored();
      assertThat(wide).isGreaterThan(2 * narrow);
      assertThat(collection.search(request.exact(true)).plan().name()).isEqualTo("exact");
    }
  }

  @Test
  void aDamagedGraphIsRefused() throws IOException {
    RandomGenerator random = new Seed(2).random();
    try (Database database = Database.open(folder, OPTIONS)) {
      Collection collection = database.createCollection("c", CONFIG);
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        points.add(point(random, i));
      }
      collection.upsert(points);
      awaitGreen(collection);
    }
    Path segment;
    try (var files = Files.walk(folder)) {
      segment =
          files.filter(file -> file.toString().contains("segment-")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(segment);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(text).contains("0.graph.links").contains("0.graph.structure");
    // The body of a graph's structure begins with its kind; it comes after the part that names it.
    int at = text.lastIndexOf("\5\0\0\0graph") + 14;
    bytes[at] ^= 1;
    Files.write(segment, bytes);
    try (Database database = Database.open(folder, OPTIONS)) {
      assertThatThrownBy(() -> database.collection("c"))
          .hasCauseInstanceOf(CorruptFileException.class);
    }
  }

  @Test
  void closingWhileGraphsAreSearchedIsClean() {
    RandomGenerator random = new Seed(3).random();
    Database database = Database.open(folder, OPTIONS);
    Collection collection = database.createCollection("c", CONFIG);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      points.add(point(random, i));
    }
    collection.upsert(points);
    awaitGreen(collection);
    AtomicInteger searched = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        running.add(
            threads.submit(
                () -> {
                  SearchRequest request =
                      SearchRequest.nearest(new float[DIMENSION]).plan(PlanChoice.GRAPH);
                  while (true) {
                    try {
                      assertThat(collection.search(request).hits()).hasSize(10);
                      searched.incrementAndGet();
                    } catch (IllegalStateException closed) {
                      return null;
                    }
                  }
                }));
      }
      while (searched.get() < 200) {
        Thread.onSpinWait();
      }
      database.close();
      for (Future<?> each : running) {
        assertThat(each).succeedsWithin(Duration.ofSeconds(20));
      }
    }
  }
}
