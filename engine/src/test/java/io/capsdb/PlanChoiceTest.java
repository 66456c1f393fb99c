package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Searches that are told how to be done.
class PlanChoiceTest {
  private static final int ROWS = 4_000;

  private static SearchResult search(Collection collection, SearchRequest wanted) {
    return collection.search(wanted.limit(10).withPayload(false));
  }

  private static void withCollection(java.util.function.BiConsumer<Collection, float[]> check) {
    TestData data = TestData.clustered(new Seed(3).random(), ROWS, 64);
    try (Database database = Database.inMemory()) {
      Collection collection =
          database.createCollection("c", CollectionConfig.of(64, Metric.EUCLID));
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        points.add(Point.of(i, data.vectors().get(i), java.util.Map.of("number", i)));
      }
      for (int from = 0; from < ROWS; from += 1_000) {
        collection.upsert(points.subList(from, from + 1_000));
      }
      collection.seal();
      check.accept(collection, data.vectors().getFirst());
    }
  }

  @Test
  void theWantedPlanIsTakenWhateverItCosts() {
    withCollection(
        (collection, query) -> {
          for (Filter filter : List.of(Filter.ALL, Filters.between("number", 0, 20))) {
            SearchRequest request = SearchRequest.nearest(query).filter(filter);
            assertThat(search(collection, request.plan(PlanChoice.PROBE)).plan().name())
                .isEqualTo("probe");
            assertThat(search(collection, request.plan(PlanChoice.LIST)).plan().name())
                .isIn("list", "exact");
            assertThat(search(collection, request.plan(PlanChoice.PROBE).exact(true)).plan().name())
                .as("exact is more than a plan")
                .isEqualTo("exact");
          }
        });
  }

  @Test
  void recallIsEstimatedByWhatWasPromised() {
    withCollection(
        (collection, query) -> {
          SearchRequest probe =
              SearchRequest.nearest(query).plan(PlanChoice.PROBE).recall(0.9).limit(10);
          assertThat(search(collection, probe).plan().recallEstimate()).hasValue(0.9);
          assertThat(search(collection, probe.recall(1)).plan().recallEstimate()).hasValue(1);
          assertThat(search(collection, probe.exact(true)).plan().recallEstimate()).hasValue(1);
          assertThat(search(collection, probe.candidates(50)).plan().recallEstimate()).isEmpty();
          assertThat(search(collection, probe.ranked(50)).plan().recallEstimate()).isEmpty();
          SearchResult few =
              search(
                  collection,
                  SearchRequest.nearest(query).filter(Filters.between("number", 0, 20)));
          assertThat(few.plan().name()).isEqualTo("exact");
          assertThat(few.plan().recallEstimate()).hasValue(1);
          SearchResult cut =
              search(
                  collection,
                  probe.within(new SearchLimits(OptionalLong.empty(), OptionalLong.of(1))));
          assertThat(cut.plan().isCut()).isTrue();
          assertThat(cut.plan().recallEstimate()).isEmpty();
        });
  }

  /// The plan that was not taken is told with its own cost, also where costs did not decide.
  @Test
  void theOtherPlanIsTheRejectedOne() {
    withCollection(
        (collection, query) -> {
          SearchRequest request = SearchRequest.nearest(query);
          SearchPlan.Rejected list =
              search(collection, request.plan(PlanChoice.PROBE)).plan().rejected().getFirst();
          SearchPlan.Rejected probe =
              search(collection, request.plan(PlanChoice.LIST)).plan().rejected().getFirst();
          assertThat(list.name()).isEqualTo("list");
          assertThat(probe.name()).isEqualTo("probe");
          assertThat(list.nanos()).isEqualTo(probe.takenNanos());
          assertThat(list.takenNanos()).isEqualTo(probe.nanos());
          assertThat(list.nanos()).as("a list of everything").isGreaterThan(probe.nanos());
        });
  }
}
