package io.capsdb.server.evaluate;

import io.capsdb.Collection;
import io.capsdb.CollectionStatus;
import io.capsdb.PointNotFoundException;
import io.capsdb.SearchRequest;
import io.capsdb.SearchResult;
import io.capsdb.VectorConfig;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.FilterText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;

/// Runs an evaluation of a collection. For one thread.
public final class Evaluator {
  /// The most hits of a search.
  public static final int MAX_K = 1_000;

  /// Before the first run of an index its code is brought to be compiled.
  private static final long WARM_NANOS = 400_000_000L;

  private static final int BINS = 11;

  /// Right answers that are kept, at about a hundred bytes each.
  private static final long MAX_ANSWERS = 4_000_000;

  private final Collection collection;
  private final Request request;
  private final LongSupplier nanoClock;
  private final Reporter reporter;
  private int runsDone;

  /// What is to be measured.
  ///
  /// @param using name of the vector that is searched
  /// @param k hits, 1 to 1,000
  /// @param queries at least one
  /// @param workloads at least one, each with a filter for each query
  /// @param contenders at least one
  public record Request(
      String using,
      int k,
      List<Query> queries,
      List<Workload> workloads,
      List<Contender> contenders,
      Sweep sweep) {
    public Request {
      if (k < 1 || k > MAX_K) {
        throw new IllegalArgumentException("k must be in 1.." + MAX_K + ", was " + k);
      }
      if (queries.isEmpty()) {
        throw new IllegalArgumentException("there are no queries");
      }
      if (workloads.isEmpty()) {
        throw new IllegalArgumentException("there are no filters, not even none");
      }
      if (contenders.isEmpty()) {
        throw new IllegalArgumentException("there is no index to measure");
      }
      long answers = (long) workloads.size() * queries.size() * k;
      if (answers > MAX_ANSWERS) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%d queries under %d filters with k = %d have %,d right answers, at most %,d are kept",
                queries.size(),
                workloads.size(),
                k,
                answers,
                MAX_ANSWERS));
      }
      queries = List.copyOf(queries);
      workloads = List.copyOf(workloads);
      contenders = List.copyOf(contenders);
      for (Workload workload : workloads) {
        if (workload.filters().size() != queries.size()) {
          throw new IllegalArgumentException(
              "'"
                  + workload.name()
                  + "' has "
                  + workload.filters().size()
                  + " filters for "
                  + queries.size()
                  + " queries");
        }
      }
    }
  }

  public Evaluator(
      Collection collection, Request request, LongSupplier nanoClock, Reporter reporter) {
    this.collection = collection;
    this.request = request;
    this.nanoClock = nanoClock;
    this.reporter = reporter;
  }

  /// @param name of the collection or data set, for people
  /// @param version of the program
  /// @param notes for people, about what was measured
  /// @throws IllegalArgumentException if the request does not fit the collection
  /// @throws CancellationException if the thread is interrupted; there is no partial result
  /// @throws ChangedException if points are written meanwhile; there is no result then
  public Evaluation run(
      String name, String version, List<Evaluation.Index> indexes, List<String> notes) {
    CollectionStatus before = collection.status();
    try {
      requireFit();
      return run(name, version, indexes, notes, before);
    } catch (PointNotFoundException e) {
      // A query whose point was deleted; if it was not, we are wrong.
      requireUnchanged(before);
      throw e;
    }
  }

  private void requireUnchanged(CollectionStatus before) {
    long writes = collection.status().sequence() - before.sequence();
    if (writes != 0) {
      throw new ChangedException(collection.name(), writes);
    }
  }

  private Evaluation run(
      String name,
      String version,
      List<Evaluation.Index> indexes,
      List<String> notes,
      CollectionStatus before) {
    long begin = nanoClock.getAsLong();
    List<List<Truth.Answer>> truth =
        Truth.of(
            collection,
            request.using(),
            request.queries(),
            request.workloads(),
            request.k(),
            reporter);
    double truthSeconds = seconds(begin);
    requireUnchanged(before);
    long points = before.points();
    List<Evaluation.Workload> workloads = new ArrayList<>();
    for (int i = 0; i < request.workloads().size(); i++) {
      workloads.add(measure(request.workloads().get(i), truth.get(i), points));
      requireUnchanged(before);
    }
    List<String> said = new ArrayList<>(notes);
    if (before.indexedPoints() < points) {
      said.add(
          String.format(
              Locale.ROOT,
              "%,d of %,d points were in no index yet when this began: they are scored one by one,"
                  + " whatever the index.",
              points - before.indexedPoints(),
              points));
    }
    GivenAnswers given =
        new GivenAnswers(collection, request.using(), request.queries(), request.k());
    for (int i = 0; i < request.workloads().size(); i++) {
      given.note(request.workloads().get(i), truth.get(i)).ifPresent(said::add);
    }
    VectorConfig config = config();
    return new Evaluation(
        name,
        points,
        config.dimension(),
        config.metric().name(),
        request.k(),
        request.queries().size(),
        truthSeconds,
        seconds(begin),
        version,
        indexes,
        workloads,
        said);
  }

  private void requireFit() {
    long points = collection.status().points();
    if (points < request.k()) {
      throw new IllegalArgumentException(
          "k is " + request.k() + ", but there are " + points + " points");
    }
    if (request.contenders().stream().anyMatch(Contender::isGraph)
        && !collection.config().hasGraph()) {
      throw new IllegalArgumentException(
          "collection '"
              + collection.name()
              + "' has no graph: leave it out, or create the collection with graph_baseline on");
    }
  }

  private VectorConfig config() {
    VectorConfig config = collection.config().vectors().get(request.using());
    if (config == null) {
      throw new IllegalArgumentException("there is no vector named '" + request.using() + "'");
    }
    return config;
  }

  private double seconds(long begin) {
    return (nanoClock.getAsLong() - begin) / 1e9;
  }

  private Evaluation.Workload measure(Workload workload, List<Truth.Answer> truth, long points) {
    List<Evaluation.Series> series = new ArrayList<>();
    for (Contender contender : request.contenders()) {
      List<Evaluation.Run> runs = new ArrayList<>();
      List<Double> efforts = contender.efforts(request.sweep());
      if (!efforts.isEmpty()) {
        warm(contender, efforts.getLast(), workload);
      }
      for (double effort : efforts) {
        runs.add(run(contender, effort, workload, truth));
        runsDone++;
        reporter.at("measuring", "runs", runsDone, runCount());
      }
      series.add(new Evaluation.Series(contender.word(), runs));
    }
    double matches = truth.stream().mapToLong(Truth.Answer::matches).average().orElse(0);
    Filter first = workload.filters().getFirst();
    boolean isOne = workload.filters().stream().allMatch(first::equals);
    return new Evaluation.Workload(
        workload.name(),
        (isOne ? "" : "for example ") + FilterText.of(first),
        points == 0 ? 0 : matches / points,
        series);
  }

  private int runCount() {
    int each = request.contenders().stream().mapToInt(c -> c.efforts(request.sweep()).size()).sum();
    return Math.max(1, each * request.workloads().size());
  }

  private SearchRequest search(Contender contender, double effort, Workload workload, int query) {
    Query asked = request.queries().get(query);
    SearchRequest base =
        asked
            .stored()
            .map(SearchRequest::nearestTo)
            .orElseGet(() -> SearchRequest.nearest(asked.vector()));
    return contender.ask(
        base.using(request.using())
            .filter(workload.filters().get(query))
            .limit(request.k())
            .withPayload(false),
        effort);
  }

  private void warm(Contender contender, double effort, Workload workload) {
    long begin = nanoClock.getAsLong();
    for (int i = 0; i < request.queries().size(); i++) {
      collection.search(search(contender, effort, workload, i));
      if (nanoClock.getAsLong() - begin > WARM_NANOS) {
        return;
      }
    }
  }

  private Evaluation.Run run(
      Contender contender, double effort, Workload workload, List<Truth.Answer> truth) {
    int queryCount = request.queries().size();
    Passes passes = new Passes();
    AnswerCheck check = new AnswerCheck(collection, config().metric().isHigherNearer());
    int[] histogram = new int[BINS];
    double recalls = 0;
    long rowsScored = 0;
    int missing = 0;
    int wrong = 0;
    while (!passes.isDone()) {
      long[] nanos = new long[queryCount];
      for (int i = 0; i < queryCount; i++) {
        if (Thread.interrupted()) {
          throw new CancellationException("the evaluation was interrupted");
        }
        SearchRequest asked = search(contender, effort, workload, i);
        long begin = nanoClock.getAsLong();
        SearchResult result = collection.search(asked);
        nanos[i] = nanoClock.getAsLong() - begin;
        if (passes.count() == 0) {
          Truth.Answer right = truth.get(i);
          double recall = check.recall(result.hits(), right);
          recalls += recall;
          histogram[(int) (recall * (BINS - 1))]++;
          rowsScored += result.plan().rowsScored();
          missing += result.hits().size() < right.possible() ? 1 : 0;
          Filter filter = workload.filters().get(i);
          wrong += check.wrong(result.hits(), right, FilterEvaluator.of(filter));
        }
      }
      passes.add(nanos);
    }
    long[] sorted = passes.sorted();
    long spent = Arrays.stream(sorted).sum();
    return new Evaluation.Run(
        contender.setting(effort),
        contender == Contender.CAPS ? effort : -1,
        recalls / queryCount,
        Arrays.stream(histogram).boxed().toList(),
        spent == 0 ? 0 : 1e9 * sorted.length / spent,
        percentile(sorted, 0.5),
        percentile(sorted, 0.95),
        percentile(sorted, 0.99),
        (double) rowsScored / queryCount,
        missing,
        wrong);
  }

  private static double percentile(long[] sorted, double share) {
    int place = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.clamp(place, 0, sorted.length - 1)] / 1e3;
  }
}
