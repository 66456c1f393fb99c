package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.caps.CapsIndexFactory;
import io.capsdb.index.CostModel;
import io.capsdb.index.OpenedIndex;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.VectorIndex;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Properties that hold whatever the constants of the cost model are. Dimensions: no codes, codes,
/// codes with records.
class SearchPlannerTest {
  private static final long[] ROWS = {1, 50, 1_000, 47_000, 1_000_000, 300_000_000};
  private static final List<SearchBudget> BUDGETS =
      List.of(
          new SearchBudget(1, 0),
          SearchBudget.defaultFor(10),
          SearchBudget.defaultFor(1_000),
          SearchBudget.UNBOUNDED);

  private static final CostModel COSTS = CostModel.DEFAULT;

  private static VectorIndex index(long seed, int dimension) {
    TestData data = TestData.clustered(new Seed(seed).random(), 40, dimension);
    return OpenedIndex.of(new CapsIndexFactory(), Metric.EUCLID, data, seed).index();
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 128, 384})
  void nothingThatMatchesIsListed(int dimension) {
    VectorIndex index = index(1, dimension);
    for (long rows : ROWS) {
      for (SearchBudget budget : BUDGETS) {
        assertThat(SearchPlanner.of(COSTS, index, rows, 0, 10, budget).isListed()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 128, 384})
  void moreMatchesNeverTurnProbingIntoAList(int dimension) {
    VectorIndex index = index(1, dimension);
    for (long rows : ROWS) {
      for (SearchBudget budget : BUDGETS) {
        for (int wanted : new int[] {1, 10, 100}) {
          boolean isListed = true;
          for (long matches = 0; matches <= rows; matches = matches + 1 + matches / 20) {
            SearchPlanner planner = SearchPlanner.of(COSTS, index, rows, matches, wanted, budget);
            boolean isListedNow = planner.isListed();
            assertThat(isListed || !isListedNow)
                .as("%s with %s, %s wanted", planner, budget, wanted)
                .isTrue();
            isListed = isListedNow;
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 128, 384})
  void thePlanThatIsTakenCostsNoMore(int dimension) {
    VectorIndex index = index(1, dimension);
    Seed.repeat(
        200,
        random -> {
          long rows = ROWS[random.nextInt(ROWS.length)];
          long matches = random.nextLong(rows + 1);
          SearchBudget budget = BUDGETS.get(random.nextInt(BUDGETS.size()));
          SearchPlanner planner =
              SearchPlanner.of(COSTS, index, rows, matches, 1 + random.nextInt(100), budget);
          assertThat(planner.listNanos()).isFinite().isNotNegative();
          assertThat(planner.probeNanos()).isFinite().isPositive();
          double taken = planner.isListed() ? planner.listNanos() : planner.probeNanos();
          if (matches <= SearchPlanner.ALWAYS_LISTED) {
            assertThat(planner.isListed()).isTrue();
          } else {
            assertThat(taken).isEqualTo(Math.min(planner.listNanos(), planner.probeNanos()));
          }
        });
  }

  /// Not on what the rows are, nor on how the filter is written.
  @ParameterizedTest
  @ValueSource(ints = {16, 128, 384})
  void equalCountsGiveEqualPlans(int dimension) {
    VectorIndex one = index(1, dimension);
    VectorIndex other = index(2, dimension);
    for (long rows : ROWS) {
      for (SearchBudget budget : BUDGETS) {
        assertThat(SearchPlanner.of(COSTS, one, rows, rows / 3, 10, budget))
            .isEqualTo(SearchPlanner.of(COSTS, other, rows, rows / 3, 10, budget));
      }
    }
  }

  /// Where nearly all vectors of a list are read anyway, codes only cost.
  @Test
  void aListOfFewMoreThanTheHitsIsScoredInFull() {
    SearchBudget budget = SearchBudget.forRecall(0.99, 100);
    VectorIndex withRecords = index(1, 384);
    assertThat(SearchPlanner.of(COSTS, withRecords, 100_000, 200, 100, budget).isInFull()).isTrue();
    assertThat(SearchPlanner.of(COSTS, withRecords, 100_000, 5_000, 100, budget).isInFull())
        .isFalse();
    VectorIndex withoutRecords = index(1, 128);
    assertThat(SearchPlanner.of(COSTS, withoutRecords, 100_000, 5_000, 1, budget).isInFull())
        .as("there is no other way")
        .isTrue();
  }

  /// A filter that few of very many rows pass is listed, one that all pass is not.
  @ParameterizedTest
  @ValueSource(ints = {16, 128, 384})
  void fewMatchesAreListedAndManyAreNot(int dimension) {
    VectorIndex index = index(1, dimension);
    SearchBudget budget = SearchBudget.defaultFor(10);
    assertThat(SearchPlanner.of(COSTS, index, 1_000_000, 10, 10, budget).isListed()).isTrue();
    assertThat(SearchPlanner.of(COSTS, index, 1_000_000, 1_000_000, 10, budget).isListed())
        .isFalse();
  }
}
