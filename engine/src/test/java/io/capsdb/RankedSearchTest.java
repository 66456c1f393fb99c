package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.filter.Filter;
import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Searches in which the codes alone decide which vectors are read.
class RankedSearchTest {
  private static final int ROWS = 3_000;

  private static List<PointId> ids(SearchResult result) {
    return result.hits().stream().map(Hit::id).toList();
  }

  private static void withCollection(
      Seed seed, int dimension, Metric metric, java.util.function.Consumer<Collection> check) {
    TestData data = TestData.clustered(seed.random(), ROWS, dimension);
    try (Database database = Database.inMemory()) {
      Collection collection =
          database.createCollection("c", CollectionConfig.of(dimension, metric));
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        points.add(Point.of(i, data.vectors().get(i), Map.of("number", i, "kind", i % 7)));
      }
      for (int from = 0; from < ROWS; from += 1_000) {
        collection.upsert(points.subList(from, from + 1_000));
      }
      collection.seal();
      check.accept(collection);
    }
  }

  private static SearchRequest near(float[] query, Filter filter) {
    return SearchRequest.nearest(query).filter(filter).limit(10).withPayload(false);
  }

  @Test
  void asManyVectorsAreReadAsWereAskedForAndMoreFindMore() {
    for (int dimension : new int[] {64, 16}) { // codes of bits, and of bytes
      for (Metric metric : List.of(Metric.EUCLID, Metric.DOT, Metric.MANHATTAN)) {
        Seed seed = Seed.next();
        withCollection(
            seed,
            dimension,
            metric,
            collection -> {
              double before = 0;
              for (int vectors : new int[] {10, 80, 400}) {
                int right = 0;
                for (int i = 0; i < 20; i++) {
                  float[] query = TestData.around(new Seed(i).random(), new float[dimension], 1);
                  SearchRequest request = near(query, Filters.eq("kind", i % 7));
                  SearchResult found = collection.search(request.ranked(vectors));
                  assertThat(found.plan().name()).isEqualTo("rank");
                  assertThat(found.plan().vectorsRead()).as("%s", seed).isEqualTo(vectors);
                  assertThat(found.hits()).hasSize(10);
                  Set<PointId> wanted = new HashSet<>(ids(collection.search(request.exact(true))));
                  right += (int) ids(found).stream().filter(wanted::contains).count();
                }
                double recall = right / 200.0;
                assertThat(recall).as("%s, %s %s", seed, metric, vectors).isGreaterThan(before);
                before = vectors == 400 ? before : Math.min(recall, 0.999) - 1e-9;
              }
              assertThat(before).as("%s", seed).isGreaterThan(0.3);
            });
      }
    }
  }

  @Test
  void ofFewMatchesAllAreFound() {
    Seed seed = Seed.next();
    withCollection(
        seed,
        64,
        Metric.COSINE,
        collection -> {
          float[] query = TestData.around(seed.random(), new float[64], 1);
          for (int most : new int[] {-1, 0, 6, 40}) {
            SearchRequest request = near(query, Filters.between("number", 0, most));
            List<PointId> exact = ids(collection.search(request.exact(true)));
            assertThat(exact).hasSize(Math.min(10, most + 1));
            assertThat(ids(collection.search(request.ranked(50)))).as("%s", seed).isEqualTo(exact);
          }
          // So many as are wanted are read in any case.
          assertThat(collection.search(near(query, Filter.ALL).ranked(1)).hits()).hasSize(10);
        });
  }

  @Test
  void exactSearchesStayExact() {
    Seed seed = Seed.next();
    withCollection(
        seed,
        64,
        Metric.COSINE,
        collection -> {
          float[] query = TestData.around(seed.random(), new float[64], 1);
          SearchRequest request = near(query, Filter.ALL).exact(true);
          SearchResult found = collection.search(request.ranked(10));
          assertThat(found.plan().name()).isEqualTo("exact");
          assertThat(ids(found)).as("%s", seed).isEqualTo(ids(collection.search(request)));
        });
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SearchRequest.nearest(new float[1]).ranked(0))
        .withMessage("ranked must be at least 1, was 0");
  }
}
