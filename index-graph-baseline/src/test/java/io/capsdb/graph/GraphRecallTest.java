package io.capsdb.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.attribute.Selection;
import io.capsdb.index.ExactIndex;
import io.capsdb.index.Hits;
import io.capsdb.index.OpenedIndex;
import io.capsdb.index.ProbeQueue;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.SearchCounters;
import io.capsdb.point.Payload;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

/// How much of what is right walks find, and what they read for it.
class GraphRecallTest {
  private static final int ROWS = 8_000;
  private static final int K = 10;

  /// @param scored rows for each query
  private record Outcome(double recall, double scored) {}

  private static OpenedIndex opened(TestData data, Metric metric, FilterStrategy strategy) {
    return OpenedIndex.of(
        new GraphIndexFactory(GraphParams.DEFAULT, strategy),
        metric,
        data.vectors(),
        data.payloads(),
        1);
  }

  private static Outcome search(
      OpenedIndex opened, TestData data, RoaringBitmap allowed, SearchBudget budget) {
    Selection selection =
        allowed.getCardinality() == opened.index().size()
            ? Selection.all(opened.index().size())
            : Selection.exactly(opened.index().size(), allowed);
    List<Integer> matching = new ArrayList<>();
    allowed.forEach((int ordinal) -> matching.add(ordinal));
    int found = 0;
    long scored = 0;
    for (float[] query : data.queries()) {
      ProbeQueue.Outcome outcome = opened.search(query, selection, K, budget);
      Set<Long> right = new HashSet<>();
      for (long key : opened.oracle(query, matching, K).keys()) {
        right.add(key);
      }
      Hits hits = outcome.hits();
      for (long key : hits.keys()) {
        found += right.contains(key) ? 1 : 0;
      }
      SearchCounters counters = outcome.counters();
      scored += counters.vectorsRead;
    }
    double count = data.queries().size();
    return new Outcome(found / (K * count), scored / count);
  }

  private static RoaringBitmap oneIn(RandomGenerator random, int rows, int divisor) {
    RoaringBitmap allowed = new RoaringBitmap();
    for (int row = 0; row < rows; row++) {
      if (random.nextInt(divisor) == 0) {
        allowed.add(row);
      }
    }
    return allowed;
  }

  @ParameterizedTest
  @EnumSource
  void unfilteredWalksFindNearlyAllAndReadFewRows(Metric metric) {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, ROWS, 24);
          OpenedIndex opened = opened(data, metric, FilterStrategy.AUTO);
          Outcome outcome =
              search(
                  opened,
                  data,
                  RoaringBitmap.bitmapOfRange(0, ROWS),
                  SearchBudget.forRecall(0.99, K));
          assertThat(outcome.recall()).isGreaterThanOrEqualTo(0.97);
          assertThat(outcome.scored()).isLessThan(ROWS / 3.0);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100})
  void walksOverMatchesFindNearlyAllAtSmallShares(int divisor) {
    Seed.repeat(
        1,
        random -> {
          // Not in clusters: where a cluster has half a match, no walk over matches goes on.
          TestData data = gaussian(random, 12);
          OpenedIndex opened = opened(data, Metric.EUCLID, FilterStrategy.ACORN);
          RoaringBitmap allowed = oneIn(random, ROWS, divisor);
          SearchBudget budget = new SearchBudget(60, 0);
          Outcome outcome = search(opened, data, allowed, budget);
          assertThat(outcome.recall()).isGreaterThanOrEqualTo(0.95);
          Outcome inline = search(searchedBy(opened, "inline"), data, allowed, budget);
          assertThat(outcome.scored())
              .as("rows read, against those of a walk over all rows")
              .isLessThan(inline.scored() / 1.5);
        });
  }

  /// In clusters that are small beside the share, two steps from a match lead to no other.
  @ParameterizedTest
  @ValueSource(ints = {20, 40})
  void walksOverMatchesGoOnWhereTwoStepsLeadNowhere(int divisor) {
    Seed.repeat(
        2,
        random -> {
          TestData data = TestData.clustered(random, ROWS, 24);
          OpenedIndex opened =
              OpenedIndex.of(
                  new GraphIndexFactory(new GraphParams(8, 64), FilterStrategy.ACORN),
                  Metric.EUCLID,
                  data.vectors(),
                  data.payloads(),
                  1);
          RoaringBitmap allowed = oneIn(random, ROWS, divisor);
          Outcome outcome = search(opened, data, allowed, new SearchBudget(60, 0));
          assertThat(outcome.recall()).isGreaterThanOrEqualTo(0.95);
        });
  }

  private static TestData gaussian(RandomGenerator random, int dimension) {
    float[] center = new float[dimension];
    List<float[]> vectors = new ArrayList<>();
    List<Payload> payloads = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      vectors.add(TestData.around(random, center, 1));
      payloads.add(Payload.empty());
    }
    List<float[]> queries = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      queries.add(TestData.around(random, center, 1));
    }
    return new TestData(vectors, payloads, queries);
  }

  private static OpenedIndex searchedBy(OpenedIndex opened, String way) {
    return new OpenedIndex(
        opened.index().searchedBy(way),
        opened.order(),
        opened.payloads(),
        opened.attributes(),
        opened.parts());
  }

  @Test
  void waysThatAGraphDoesNotHaveAreNamed() {
    TestData data = TestData.clustered(new Seed(1).random(), 50, 4);
    OpenedIndex opened = opened(data, Metric.EUCLID, FilterStrategy.AUTO);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> searchedBy(opened, "swim"))
        .withMessage(
            "a graph is not searched by 'swim', but by auto, post, inline, acorn, acorn_1");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ExactIndex(Metric.EUCLID, opened.index().vectors()).searchedBy("post"))
        .withMessage("an index of kind 'exact' is not searched by 'post'");
  }

  @Test
  void filteringAfterwardsBreaksDownWhereFewRowsMatch() {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, ROWS, 24);
          OpenedIndex opened = opened(data, Metric.EUCLID, FilterStrategy.POST);
          SearchBudget budget = new SearchBudget(60, 0);
          Outcome half = search(opened, data, oneIn(random, ROWS, 2), budget);
          Outcome few = search(opened, data, oneIn(random, ROWS, 200), budget);
          assertThat(half.recall()).isGreaterThanOrEqualTo(0.95);
          assertThat(few.scored()).isGreaterThan(3 * half.scored());
        });
  }

  @Test
  void widerWalksFindMore() {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, ROWS, 48);
          OpenedIndex opened =
              OpenedIndex.of(
                  new GraphIndexFactory(new GraphParams(4, 8), FilterStrategy.AUTO),
                  Metric.EUCLID,
                  data.vectors(),
                  data.payloads(),
                  1);
          RoaringBitmap all = RoaringBitmap.bitmapOfRange(0, ROWS);
          Outcome narrow = search(opened, data, all, new SearchBudget(10, 0));
          Outcome wide = search(opened, data, all, new SearchBudget(400, 0));
          assertThat(wide.recall()).isGreaterThan(narrow.recall());
          assertThat(wide.scored()).isGreaterThan(narrow.scored());
        });
  }

  /// Both times 160 rows match, and the walk is as wide; where they are spread thin it would go
  /// through fifty rows for each match.
  @Test
  void thinlySpreadMatchesAreScoredAllWhereDenseOnesAreWalkedOver() {
    RandomGenerator random = new Seed(1).random();
    for (int rows : new int[] {400, ROWS}) {
      TestData all = TestData.clustered(random, rows, 8);
      OpenedIndex opened =
          OpenedIndex.of(new GraphIndexFactory(), Metric.EUCLID, all.vectors(), all.payloads(), 1);
      RoaringBitmap allowed = new RoaringBitmap();
      for (int i = 0; i < 160; i++) {
        allowed.add(i * (rows / 160));
      }
      ProbeQueue.Outcome outcome =
          opened.search(
              all.queries().getFirst(),
              Selection.exactly(rows, allowed),
              3,
              new SearchBudget(3, 0, 0, Double.MIN_VALUE));
      assertThat(outcome.isComplete()).as("%d rows", rows).isEqualTo(rows == ROWS);
    }
  }

  @Test
  void fewMatchesAreScoredAllAndNothingIsLeft() {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, ROWS, 8);
          OpenedIndex opened = opened(data, Metric.EUCLID, FilterStrategy.AUTO);
          RoaringBitmap allowed = oneIn(random, ROWS, 50);
          ProbeQueue.Outcome outcome =
              opened.search(
                  data.queries().getFirst(),
                  Selection.exactly(ROWS, allowed),
                  K,
                  SearchBudget.forRecall(0.99, K));
          assertThat(outcome.isComplete()).isTrue();
          assertThat(outcome.counters().vectorsRead).isEqualTo(allowed.getCardinality());
          ProbeQueue.Outcome all =
              opened.search(
                  data.queries().getFirst(),
                  Selection.all(ROWS),
                  K,
                  SearchBudget.forRecall(0.99, K));
          assertThat(all.isComplete()).isFalse();
        });
  }
}
