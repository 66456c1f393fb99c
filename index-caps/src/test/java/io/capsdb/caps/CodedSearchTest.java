package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.attribute.Selection;
import io.capsdb.caps.code.Projections;
import io.capsdb.caps.code.RowCodes;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.FilterText;
import io.capsdb.filter.Value;
import io.capsdb.index.Hits;
import io.capsdb.index.OpenedIndex;
import io.capsdb.index.ProbeQueue;
import io.capsdb.index.SearchBudget;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.BinaryProjection;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roaringbitmap.RoaringBitmap;

/// Searches over codes, from the query to the hits.
class CodedSearchTest {
  private static final int K = 10;
  /// Bytes below 32 values and for Manhattan, else bits.
  private static final CapsIndexFactory FACTORY =
      new CapsIndexFactory(new CapsParams(128, 8, 64, 6, 32));

  private static OpenedIndex opened(Metric metric, TestData data) {
    OpenedIndex opened = OpenedIndex.of(FACTORY, metric, data, 1);
    int width = ((CapsIndex) opened.index()).layout().space().width();
    assertThat(((CapsIndex) opened.index()).codes().orElseThrow().name())
        .isEqualTo(metric == Metric.MANHATTAN || width < 32 ? "byte" : "binary");
    return opened;
  }

  private static ProbeQueue.Outcome search(
      OpenedIndex opened, float[] query, Selection selection, int k, boolean isListed) {
    return ProbeQueue.search(
        List.of(new ProbeQueue.Source(opened.index(), selection, isListed)),
        opened.index().metric().prepare(query),
        k,
        SearchBudget.defaultFor(k),
        Long::compare);
  }

  private static List<Filter> filters(RandomGenerator random) {
    List<Filter> filters =
        new ArrayList<>(
            List.of(
                Filter.ALL,
                new Filter.Range("label", Bound.none(), Bound.excluding(5.0)),
                new Filter.In("label", Set.of(Value.of(3))),
                new Filter.And(
                    List.of(
                        new Filter.Range("price", Bound.including(20.0), Bound.including(50.0)),
                        new Filter.In("tags", Set.of(Value.of("t1"), Value.of("t2"))))),
                new Filter.Range("price", Bound.none(), Bound.excluding(1.0)),
                new Filter.Not(new Filter.In("brand", Set.of(Value.of("acme")))),
                new Filter.Range("offers[].price", Bound.none(), Bound.excluding(10.0)),
                new Filter.In("text", Set.of(Value.of("word ".repeat(60)))),
                new Filter.In("brand", Set.of(Value.of("nobody's")))));
    for (int i = 0; i < 6; i++) {
      filters.add(RandomFilters.next(random, 3));
    }
    return filters;
  }

  /// As many as can be, each a match at its true distance, none twice, nearest first.
  private static void requireHonest(
      OpenedIndex opened, float[] query, Hits hits, List<Integer> matching, int k, String what) {
    assertThat(hits.size()).as(what).isEqualTo(Math.min(k, matching.size()));
    float[] prepared = opened.index().metric().prepare(query);
    Set<Integer> left = new HashSet<>(matching);
    for (int i = 0; i < hits.size(); i++) {
      int ordinal = (int) hits.keys()[i];
      assertThat(left.remove(ordinal)).as("%s: hit %s matches", what, ordinal).isTrue();
      assertThat(hits.distances()[i])
          .as("%s: distance of hit %s", what, ordinal)
          .isEqualTo(
              Kernels.best()
                  .distance(
                      opened.index().metric(), prepared, opened.index().vectors().row(ordinal)));
      assertThat(i == 0 || hits.distances()[i] >= hits.distances()[i - 1]).isTrue();
    }
  }

  /// Hits that are as near as the oracle's.
  private static int found(Hits hits, Hits right) {
    int found = 0;
    float farthest = right.distances()[right.size() - 1];
    for (float distance : hits.distances()) {
      found += distance <= farthest ? 1 : 0;
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource({
    "COSINE, 32",
    "COSINE, 128",
    "COSINE, 384",
    "EUCLID, 32",
    "EUCLID, 128",
    "EUCLID, 384",
    "DOT, 32",
    "DOT, 128",
    "DOT, 384",
    "COSINE, 8",
    "EUCLID, 2",
    "EUCLID, 16",
    "DOT, 20",
    "MANHATTAN, 2",
    "MANHATTAN, 16",
    "MANHATTAN, 128"
  })
  void nearestMatchesAreFoundByProbingAndByLists(Metric metric, int dimension) {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, 5_000, dimension);
          OpenedIndex opened = opened(metric, data);
          assertThat(((CapsIndex) opened.index()).codes().orElseThrow().hasRecords())
              .isEqualTo(dimension == 384);
          int[] found = new int[2];
          int[] wanted = new int[2];
          long read = 0;
          long scored = 0;
          for (Filter filter : filters(random)) {
            List<Integer> matching = opened.matching(filter);
            Selection selection = opened.select(filter);
            for (float[] query : data.queries().subList(0, 8)) {
              Hits right = opened.oracle(query, matching, K);
              for (int plan = 0; plan < 2; plan++) {
                ProbeQueue.Outcome outcome = search(opened, query, selection, K, plan == 1);
                String what = FilterText.of(filter) + (plan == 1 ? " listed" : " probed");
                requireHonest(opened, query, outcome.hits(), matching, K, what);
                if (right.size() > 0) {
                  found[plan] += found(outcome.hits(), right);
                  wanted[plan] += right.size();
                }
                if (plan == 0 || dimension == 384) { // lists without records read all
                  read += outcome.counters().vectorsRead;
                  scored += outcome.counters().rowsScored;
                }
              }
            }
          }
          assertThat((double) found[0] / wanted[0]).as("recall probing").isGreaterThan(0.99);
          assertThat((double) found[1] / wanted[1]).as("recall of lists").isGreaterThan(0.99);
          if (dimension == 384 || (metric == Metric.MANHATTAN && dimension > 2)) {
            assertThat(read).as("vectors read of %s rows scored", scored).isLessThan(scored / 4);
          }
        });
  }

  /// With filters that have nothing to do with the vectors; the more is asked, the more is visited.
  @ParameterizedTest
  @CsvSource({"EUCLID, 64", "EUCLID, 8", "MANHATTAN, 8", "MANHATTAN, 64"})
  void theRecallThatIsAskedForIsReached(Metric metric, int dimension) {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, 12_000, dimension);
          OpenedIndex opened = opened(metric, data);
          long less = 0;
          for (double recall : new double[] {0.8, 0.9, 0.95, 0.99}) {
            int found = 0;
            int wanted = 0;
            long scored = 0;
            for (double price : new double[] {1e9, 50, 10}) {
              Filter filter = new Filter.Range("price", Bound.none(), Bound.excluding(price));
              List<Integer> matching = opened.matching(filter);
              for (float[] query : data.queries()) {
                Hits right = opened.oracle(query, matching, K);
                ProbeQueue.Outcome outcome =
                    ProbeQueue.search(
                        List.of(new ProbeQueue.Source(opened.index(), opened.select(filter))),
                        query,
                        K,
                        SearchBudget.forRecall(recall, K),
                        Long::compare);
                found += found(outcome.hits(), right);
                wanted += right.size();
                scored += outcome.counters().rowsScored;
              }
            }
            assertThat((double) found / wanted).as("recall").isGreaterThan(recall - 0.01);
            assertThat(scored).as("rows scored at %s", recall).isGreaterThan(less);
            less = scored;
          }
        });
  }

  /// `tags[]` means what `tags` means, but only documents tell. Rows that only may match once
  /// counted towards the budget, and the two filters gave different hits.
  @Test
  void filtersThatNeedDocumentsFindWhatTheirTwinsFind() {
    Seed.repeat(
        1,
        random -> {
          for (int dimension : new int[] {32, 384}) {
            TestData data = TestData.clustered(random, 5_000, dimension);
            OpenedIndex opened = opened(Metric.EUCLID, data);
            for (String tag : List.of("t0", "t1")) {
              Filter plain = new Filter.Not(new Filter.In("tags", Set.of(Value.of(tag))));
              Filter twin = new Filter.Not(new Filter.In("tags[]", Set.of(Value.of(tag))));
              Selection selection = opened.select(twin);
              assertThat(selection.isExact()).isFalse();
              for (float[] query : data.queries()) {
                for (boolean isListed : new boolean[] {false, true}) {
                  ProbeQueue.Outcome expected =
                      search(opened, query, opened.select(plain), K, isListed);
                  ProbeQueue.Outcome actual = search(opened, query, selection, K, isListed);
                  assertThat(actual.hits().keys()).isEqualTo(expected.hits().keys());
                  assertThat(actual.counters().rowsScored)
                      .isEqualTo(expected.counters().rowsScored);
                  assertThat(actual.counters().documentsVerified).isPositive();
                }
              }
            }
          }
        });
  }

  /// Less than what is scored in one go: it is all the more scored in the end.
  @Test
  void theOnlyMatchesAreFound() {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, 1_000, 64);
          OpenedIndex opened = opened(Metric.COSINE, data);
          for (int count = 1; count <= 4; count++) {
            List<Filter> only = new ArrayList<>();
            for (int i = 0; i < count; i++) {
              Object price = opened.payloads().get(random.nextInt(1_000)).fields().get("price");
              double exact = ((Number) Objects.requireNonNull(price)).doubleValue();
              only.add(new Filter.Range("price", Bound.including(exact), Bound.including(exact)));
            }
            Filter filter = new Filter.Or(only);
            List<Integer> matching = opened.matching(filter);
            for (float[] query : data.queries()) {
              Hits hits = search(opened, query, opened.select(filter), K, false).hits();
              requireHonest(opened, query, hits, matching, K, FilterText.of(filter));
            }
          }
        });
  }

  @Test
  void deletedRowsAreNoHits() {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, 1_000, 384);
          OpenedIndex opened = opened(Metric.EUCLID, data);
          RoaringBitmap deleted = new RoaringBitmap();
          IntStream.range(0, 1_000).filter(_ -> random.nextInt(3) > 0).forEach(deleted::add);
          for (Filter filter : filters(random)) {
            List<Integer> left = new ArrayList<>(opened.matching(filter));
            left.removeIf(deleted::contains);
            Selection selection = opened.select(filter, deleted);
            for (boolean isListed : new boolean[] {false, true}) {
              float[] query = data.queries().getFirst();
              requireHonest(
                  opened,
                  query,
                  search(opened, query, selection, 50, isListed).hits(),
                  left,
                  50,
                  FilterText.of(filter));
            }
          }
        });
  }

  /// Whatever the vectors are, there are as many hits as can be: huge ones, whose distances
  /// overflow, beside usual ones, zeros and equal ones.
  @Test
  void rowsOfAnySizeAreHits() {
    Seed.repeat(
        4,
        random -> {
          for (int dimension : new int[] {5, 33, 384}) {
            List<float[]> rows = new ArrayList<>();
            float[] same = TestData.around(random, new float[dimension], 1);
            float[] huge = TestData.around(random, new float[dimension], 1);
            double size = List.of(1e14, 1e17, 1e18, 1e19, 1e20, 1e25, 1e37).get(random.nextInt(7));
            // Without spread the huge rows outweigh each other: queries near the mean have codes.
            double spread = random.nextBoolean() ? 0 : 0.1;
            for (int i = 0; i < 600; i++) {
              rows.add(
                  switch (i % 6) {
                    case 0 -> new float[dimension];
                    case 1 -> same;
                    case 2 -> scaled(TestData.around(random, huge, spread), size);
                    case 3 -> scaled(TestData.around(random, huge, spread), -size);
                    case 4 -> scaled(TestData.around(random, huge, 0.1), 1e-40);
                    default -> TestData.around(random, new float[dimension], 1);
                  });
            }
            List<float[]> queries =
                List.of(new float[dimension], same, rows.get(5), rows.get(2), rows.get(4));
            TestData data =
                new TestData(
                    rows,
                    IntStream.range(0, 600).mapToObj(_ -> RandomPayloads.next(random)).toList(),
                    queries);
            for (Metric metric : List.of(Metric.EUCLID, Metric.DOT, Metric.MANHATTAN)) {
              OpenedIndex opened = opened(metric, data);
              Filter filter = new Filter.Range("label", Bound.including(1.0), Bound.none());
              List<Integer> matching = opened.matching(filter);
              for (float[] query : queries) {
                for (boolean isListed : new boolean[] {false, true}) {
                  for (int k : new int[] {1, 10, 100, 550, 600}) {
                    Hits hits = search(opened, query, opened.select(filter), k, isListed).hits();
                    assertThat(hits.size())
                        .as("%s hits of %s at %s", k, metric, size)
                        .isEqualTo(Math.min(k, matching.size()));
                  }
                }
              }
            }
          }
        });
  }

  private static float[] scaled(float[] vector, double factor) {
    float[] scaled = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      scaled[i] = (float) Math.clamp(vector[i] * factor, -Float.MAX_VALUE, Float.MAX_VALUE);
    }
    return scaled;
  }

  /// Along the main directions with half as many bits as values, and in random ones with as many.
  @ParameterizedTest
  @CsvSource({"EUCLID, 128, 128", "EUCLID, 128, 64", "COSINE, 400, 256", "DOT, 100, 100"})
  void learnedCodesFindTheNearest(Metric metric, int dimension, int bits) {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, 5_000, dimension);
          List<float[]> rows = data.vectors().stream().map(metric::prepare).toList();
          BinaryProjection projection =
              bits == dimension
                  ? Projections.orthonormal(random, rows, bits, 1)
                  : Projections.principal(random, rows.subList(0, 1_000), bits);
          OpenedIndex opened =
              OpenedIndex.of(
                  new CapsIndexFactory(
                      new CapsParams(128, 8, 64, 6, 32)
                          .withCodes(CodeChoice.bitsFrom(32).withProjection(projection))),
                  metric,
                  data,
                  1);
          RowCodes codes = ((CapsIndex) opened.index()).codes().orElseThrow();
          assertThat(codes.name()).isEqualTo("learned");
          assertThat(codes.hasRecords()).isEqualTo(dimension == 400);
          int found = 0;
          int wanted = 0;
          long read = 0;
          long scored = 0;
          for (Filter filter :
              List.of(Filter.ALL, new Filter.Range("label", Bound.none(), Bound.excluding(5.0)))) {
            List<Integer> matching = opened.matching(filter);
            for (float[] query : data.queries()) {
              Hits right = opened.oracle(query, matching, K);
              for (boolean isListed : new boolean[] {false, true}) {
                ProbeQueue.Outcome outcome =
                    search(opened, query, opened.select(filter), K, isListed);
                requireHonest(opened, query, outcome.hits(), matching, K, FilterText.of(filter));
                found += found(outcome.hits(), right);
                wanted += right.size();
                if (!isListed || codes.hasRecords()) {
                  read += outcome.counters().vectorsRead;
                  scored += outcome.counters().rowsScored;
                }
              }
            }
          }
          assertThat((double) found / wanted).as("recall").isGreaterThan(0.99);
          assertThat(read).as("vectors read of %s rows scored", scored).isLessThan(scored / 3);
        });
  }

  /// As in segments that an earlier version wrote for Manhattan distances: then the rows that were
  /// scored without a new hit end a walk.
  @Test
  void walksEndWhereNoReachIsKnown() {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, 20_000, 16);
          OpenedIndex opened = opened(Metric.MANHATTAN, data);
          CapsIndex index = (CapsIndex) opened.index();
          CapsLayout known = index.layout();
          CapsLayout unknown =
              new CapsLayout(
                  known.space(),
                  known.centroids(),
                  known.partitionStart(),
                  known.listStart(),
                  known.list(),
                  known.slotStart(),
                  known.facts(),
                  Reach.UNKNOWN);
          CapsIndex old =
              new CapsIndex(
                  Metric.MANHATTAN, index.vectors(), opened.attributes(), unknown, index.codes());
          int found = 0;
          for (float[] query : data.queries()) {
            ProbeQueue.Outcome outcome =
                ProbeQueue.search(
                    List.of(new ProbeQueue.Source(old, opened.select(Filter.ALL))),
                    query,
                    K,
                    SearchBudget.forRecall(0.95, K),
                    Long::compare);
            assertThat(outcome.counters().rowsScored).isBetween(5_000L, 15_000L);
            found += found(outcome.hits(), opened.oracle(query, opened.matching(Filter.ALL), K));
          }
          assertThat(found).isGreaterThan(195);
        });
  }

  /// Asking for more confidence loses no more hits, and infinite confidence none.
  @Test
  void confidenceCostsVectorsAndSavesHits() {
    Seed.repeat(
        1,
        random -> {
          TestData data = TestData.clustered(random, 3_000, 384);
          OpenedIndex opened = opened(Metric.EUCLID, data);
          List<Integer> all = opened.matching(Filter.ALL);
          long before = 0;
          for (float confidence : new float[] {0, 1, 3, 1e30f, Float.POSITIVE_INFINITY}) {
            SearchBudget budget = new SearchBudget(Long.MAX_VALUE, 0, confidence, 1);
            long read = 0;
            int found = 0;
            for (float[] query : data.queries()) {
              ProbeQueue.Outcome outcome =
                  opened.search(query, opened.select(Filter.ALL), K, budget);
              read += outcome.counters().vectorsRead;
              found += found(outcome.hits(), opened.oracle(query, all, K));
            }
            assertThat(read).as("read at %s", confidence).isGreaterThanOrEqualTo(before);
            if (confidence >= 3) {
              assertThat(found).as("found at %s", confidence).isGreaterThanOrEqualTo(199);
            }
            if (confidence == 1e30f || confidence == Float.POSITIVE_INFINITY) {
              assertThat(found).isEqualTo(200);
              assertThat(read).isEqualTo(60_000);
            }
            before = read;
          }
        });
  }
}
