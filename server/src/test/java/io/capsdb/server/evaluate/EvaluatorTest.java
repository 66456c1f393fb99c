package io.capsdb.server.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Hit;
import io.capsdb.PlanChoice;
import io.capsdb.Point;
import io.capsdb.SearchRequest;
import io.capsdb.SparseConfig;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.Value;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import io.capsdb.vector.SparseVector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvaluatorTest {
  private static final int ROWS = 3_000;
  private static final int DIMENSION = 24;
  private static final int K = 10;
  private static final Filter LABEL = new Filter.In("label", Set.of(Value.of(3)));

  private final List<Point> points = new ArrayList<>();

  private Collection fill(Database database, RandomGenerator random, Metric metric) {
    TestData data = TestData.clustered(random, ROWS, DIMENSION);
    Collection collection =
        database.createCollection("c", CollectionConfig.of(DIMENSION, metric).withGraph(true));
    for (int row = 0; row < ROWS; row++) {
      points.add(Point.of(row, data.vectors().get(row), RandomPayloads.next(random)));
    }
    collection.upsert(points);
    collection.seal();
    assertThat(collection.awaitGreen(Duration.ofMinutes(1)).state().name()).isEqualTo("GREEN");
    return collection;
  }

  private static Database database() {
    return Database.open(
        Path.of("memory"),
        DatabaseOptions.defaults()
            .withDisk(new MemoryDisk())
            .withLog(false)
            .withMinIndexRows(256)
            .withSealRows(10_000));
  }

  private static Evaluation evaluate(Collection collection, Evaluator.Request request) {
    return new Evaluator(collection, request, System::nanoTime, Reporter.NONE)
        .run("c", "1", List.of(), List.of());
  }

  private static Evaluation.Run run(Evaluation evaluation, int workload, String index, int run) {
    return evaluation.workloads().get(workload).series().stream()
        .filter(series -> series.index().equals(index))
        .findFirst()
        .orElseThrow()
        .runs()
        .get(run);
  }

  /// The distance in double precision, smaller when nearer, by the definition.
  private static double distance(Metric metric, float[] a, float[] b) {
    double dot = 0;
    double squares = 0;
    double absolute = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      double d = (double) a[i] - b[i];
      dot += (double) a[i] * b[i];
      squares += d * d;
      absolute += Math.abs(d);
      lengthA += (double) a[i] * a[i];
      lengthB += (double) b[i] * b[i];
    }
    return switch (metric) {
      case COSINE -> 1 - dot / Math.sqrt(lengthA * lengthB);
      case DOT -> -dot;
      case EUCLID -> squares;
      case MANHATTAN -> absolute;
    };
  }

  /// Ids of the nearest matching points, by sorting all of them.
  private List<PointId> nearest(Metric metric, float[] query, Filter filter, PointId without) {
    FilterEvaluator documents = FilterEvaluator.of(filter);
    return points.stream()
        .filter(point -> documents.matches(point.payload()) && !point.id().equals(without))
        .sorted(Comparator.comparingDouble(point -> distance(metric, query, vector(point))))
        .limit(K)
        .map(Point::id)
        .toList();
  }

  private static float[] vector(Point point) {
    return point.vectors().getOrDefault("", new float[0]);
  }

  @ParameterizedTest
  @EnumSource
  void recallsAreThoseOfAnIndependentComputation(Metric metric) {
    Seed.repeat(
        1,
        random -> {
          points.clear();
          try (Database database = database()) {
            Collection collection = fill(database, random, metric);
            List<Query> queries =
                Sampling.queries(
                    collection, "", 30, new SplittableRandom(random.nextLong()), Reporter.NONE);
            Evaluation evaluation =
                evaluate(
                    collection,
                    new Evaluator.Request(
                        "",
                        K,
                        queries,
                        List.of(Workload.unfiltered(30), Workload.of("label = 3", LABEL, 30)),
                        List.of(Contender.CAPS, Contender.GRAPH, Contender.EXACT),
                        new Sweep(List.of(0.5, 0.99), List.of(10, 80))));
            for (int w = 0; w < 2; w++) {
              Filter filter = w == 0 ? Filter.ALL : LABEL;
              for (Evaluation.Series series : evaluation.workloads().get(w).series()) {
                for (Evaluation.Run run : series.runs()) {
                  assertThat(run.recall())
                      .as("%s, %s, %s", filter, series.index(), run.setting())
                      .isEqualTo(recall(collection, metric, queries, filter, series, run));
                  assertThat(run.wrong()).isZero();
                  assertThat(run.missing()).isZero();
                }
              }
              assertThat(run(evaluation, w, "exact", 0).recall()).isEqualTo(1);
            }
            assertThat(evaluation.workloads().get(1).share()).isBetween(0.05, 0.15);
          }
        });
  }

  /// Sparse vectors are vectors, too.
  @Test
  void pointsWithASparseVectorMatchItsName() {
    try (Database database = database()) {
      CollectionConfig config =
          CollectionConfig.of(1, Metric.EUCLID)
              .withSparse(Map.of("words", new SparseConfig(false)));
      Collection collection = database.createCollection("c", config);
      SparseVector words = SparseVector.of(new int[] {3}, new float[] {1});
      for (int id = 0; id < 10; id++) {
        collection.upsert(
            List.of(
                new Point(
                    PointId.of(id),
                    Map.of("", new float[] {id}),
                    id % 2 == 0 ? Map.of("words", words) : Map.of(),
                    Payload.empty())));
      }
      Workload workload = Workload.of("words", new Filter.HasVector("words"), 1);
      List<Truth.Answer> right =
          Truth.of(
                  collection,
                  "",
                  List.of(Query.of(new float[] {0})),
                  List.of(workload),
                  K,
                  Reporter.NONE)
              .getFirst();
      assertThat(right.getFirst().matches()).isEqualTo(5);
    }
  }

  @Test
  void hitThatDoesNotMatchOrComesTwiceIsWrong() {
    try (Database database = database()) {
      Collection collection = fill(database, new SplittableRandom(3), Metric.EUCLID);
      Query query =
          Sampling.queries(collection, "", 1, new SplittableRandom(4), Reporter.NONE).getFirst();
      Workload workload = Workload.of("label = 3", LABEL, 1);
      Truth.Answer right =
          Truth.of(collection, "", List.of(query), List.of(workload), K, Reporter.NONE)
              .getFirst()
              .getFirst();
      AnswerCheck check = new AnswerCheck(collection, false);
      FilterEvaluator filter = FilterEvaluator.of(LABEL);
      SearchRequest asked =
          SearchRequest.nearestTo(query.stored().orElseThrow()).limit(K).exact(true);
      List<Hit> hits = collection.search(asked.filter(LABEL)).hits();
      assertThat(check.wrong(hits, right, filter)).isZero();
      assertThat(check.recall(hits, right)).isEqualTo(1);
      // The farthest points of all match only by chance.
      List<Hit> far = collection.search(asked.limit(ROWS - 1)).hits();
      List<Hit> last = far.subList(far.size() - K, far.size());
      long matching =
          last.stream()
              .filter(hit -> filter.matches(collection.get(hit.id()).orElseThrow().payload()))
              .count();
      assertThat(matching).isLessThan(K);
      assertThat(check.wrong(last, right, filter)).isEqualTo((int) (K - matching));
      List<Hit> twice = Collections.nCopies(K, hits.getFirst());
      assertThat(check.wrong(twice, right, filter)).isEqualTo(K - 1);
      assertThat(check.recall(twice, right)).isEqualTo(1.0 / K);
    }
  }

  private double recall(
      Collection collection,
      Metric metric,
      List<Query> queries,
      Filter filter,
      Evaluation.Series series,
      Evaluation.Run run) {
    double sum = 0;
    for (Query query : queries) {
      PointId id = query.stored().orElseThrow();
      SearchRequest request = SearchRequest.nearestTo(id).filter(filter).limit(K);
      request =
          switch (series.index()) {
            case "caps" -> request.recall(Double.parseDouble(run.setting().substring(7)));
            case "graph" ->
                request
                    .plan(PlanChoice.GRAPH)
                    .candidates(Long.parseLong(run.setting().substring(6)));
            default -> request.exact(true);
          };
      float[] vector =
          points.stream()
              .filter(point -> point.id().equals(id))
              .map(EvaluatorTest::vector)
              .findFirst()
              .orElseThrow();
      List<PointId> right = nearest(metric, vector, filter, id);
      int found = 0;
      for (Hit hit : collection.search(request).hits()) {
        found += right.contains(hit.id()) ? 1 : 0;
      }
      sum += (double) found / right.size();
    }
    return sum / queries.size();
  }

  @Test
  void figuresOfARunHoldTogether() {
    try (Database database = database()) {
      Collection collection = fill(database, new Seed(4).random(), Metric.EUCLID);
      List<Query> queries =
          Sampling.queries(collection, "", 40, new SplittableRandom(1), Reporter.NONE);
      Evaluation evaluation =
          evaluate(
              collection,
              new Evaluator.Request(
                  "",
                  K,
                  queries,
                  List.of(Workload.unfiltered(40)),
                  List.of(Contender.CAPS, Contender.EXACT),
                  Sweep.DEFAULT));
      for (Evaluation.Series series : evaluation.workloads().getFirst().series()) {
        for (Evaluation.Run run : series.runs()) {
          assertThat(run.histogram().stream().mapToInt(i -> i).sum()).isEqualTo(40);
          assertThat(run.p50()).isPositive().isLessThanOrEqualTo(run.p95());
          assertThat(run.p95()).isLessThanOrEqualTo(run.p99());
          assertThat(run.rate()).isPositive();
          assertThat(run.rowsScored()).isBetween(1.0, (double) ROWS);
        }
      }
      assertThat(run(evaluation, 0, "exact", 0).rowsScored()).isEqualTo(ROWS - 1.0);
      assertThat(run(evaluation, 0, "exact", 0).histogram().getLast()).isEqualTo(40);
    }
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheNumbers() {
    try (Database database = database()) {
      Collection collection = database.createCollection("c", CollectionConfig.of(2, Metric.EUCLID));
      collection.upsert(List.of(Point.of(1, new float[] {1, 2}, io.capsdb.point.Payload.empty())));
      List<Query> queries = List.of(Query.of(new float[] {1, 2, 3}));
      List<Workload> none = List.of(Workload.unfiltered(1));
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  evaluate(
                      collection,
                      new Evaluator.Request(
                          "", 2, queries, none, List.of(Contender.EXACT), Sweep.DEFAULT)))
          .withMessage("k is 2, but there are 1 points");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  evaluate(
                      collection,
                      new Evaluator.Request(
                          "", 1, queries, none, List.of(Contender.EXACT), Sweep.DEFAULT)))
          .withMessage("query 0 has dimension 3, the collection needs dimension 2");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  evaluate(
                      collection,
                      new Evaluator.Request(
                          "", 1, queries, none, List.of(Contender.GRAPH), Sweep.DEFAULT)))
          .withMessageContaining("has no graph");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  new Evaluator.Request(
                      "", 1, List.of(), none, List.of(Contender.EXACT), Sweep.DEFAULT))
          .withMessage("there are no queries");
    }
  }

  private static Evaluator.Request exactly(List<Query> queries, int workloads, int k) {
    return new Evaluator.Request(
        "",
        k,
        queries,
        Collections.nCopies(workloads, Workload.unfiltered(queries.size())),
        List.of(Contender.EXACT),
        Sweep.DEFAULT);
  }

  /// The exact answers would be held against searches of other points.
  @Test
  void aCollectionThatIsWrittenToMeanwhileIsNotReportedOn() {
    try (Database database = database()) {
      Collection collection = fill(database, new Seed(6).random(), Metric.EUCLID);
      List<Query> queries =
          Sampling.queries(collection, "", 5, new SplittableRandom(1), Reporter.NONE);
      for (String stage : List.of("exact answers", "measuring")) {
        PointId own = queries.getFirst().stored().orElseThrow();
        Reporter writer =
            (doing, _, _, _) -> {
              if (doing.equals(stage)) {
                collection.delete(List.of(own));
              }
            };
        assertThatExceptionOfType(ChangedException.class)
            .isThrownBy(
                () ->
                    new Evaluator(collection, exactly(queries, 1, 3), System::nanoTime, writer)
                        .run("c", "1", List.of(), List.of()))
            .withMessageContaining("collection 'c' was written to");
        collection.upsert(points);
      }
    }
  }

  @Test
  void pointsThatNoIndexHasYetAreTold() {
    try (Database database = database()) {
      Collection collection = database.createCollection("c", CollectionConfig.of(2, Metric.EUCLID));
      for (int i = 0; i < 20; i++) {
        collection.upsert(
            List.of(Point.of(i, new float[] {i, 1}, io.capsdb.point.Payload.empty())));
      }
      List<Query> queries = List.of(Query.of(new float[] {1, 2}));
      assertThat(evaluate(collection, exactly(queries, 1, 3)).notes())
          .singleElement()
          .asString()
          .startsWith("20 of 20 points were in no index yet");
    }
  }

  /// All of them are in memory at the same time.
  @Test
  void answersAreBounded() {
    List<Query> queries = Collections.nCopies(10_000, Query.of(new float[] {1, 2}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> exactly(queries, 65, 1_000))
        .withMessage(
            "10000 queries under 65 filters with k = 1000 have 650,000,000 right answers, at most"
                + " 4,000,000 are kept");
    exactly(queries, 40, 10);
  }

  @Test
  void filtersAreMadeForTheSharesThatAreAskedFor() {
    try (Database database = database()) {
      Collection collection = fill(database, new Seed(5).random(), Metric.EUCLID);
      List<Double> shares = List.of(0.5, 0.1, 0.01);
      List<Workload> made = Sampling.filters(collection, shares, 3, Reporter.NONE);
      for (int i = 0; i < shares.size(); i++) {
        assertThat(made.get(i).filters()).hasSize(3);
        double share = (double) collection.count(made.get(i).filters().getFirst()) / ROWS;
        assertThat(share).as(made.get(i).name()).isBetween(shares.get(i) / 2, shares.get(i) * 2);
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Sampling.filters(collection, List.of(0.00001), 3, Reporter.NONE))
          .withMessageContaining("no field of the payloads");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Sampling.filters(collection, List.of(1.5), 3, Reporter.NONE))
          .withMessage("a share must be above 0 and below 1, was 1.5");
    }
  }
}
