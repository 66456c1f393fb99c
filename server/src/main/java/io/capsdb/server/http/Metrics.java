package io.capsdb.server.http;

import io.capsdb.SearchPlan;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/// What is counted and timed, in the text form of Prometheus. Safe for use by many threads.
final class Metrics {
  /// Shares of the points that match, from which on the next bucket begins.
  private static final double[] SHARES = {0.001, 0.01, 0.1, 0.5};

  private static final String[] BUCKETS = {
    "to 0.1 %", "to 1 %", "to 10 %", "to 50 %", "above 50 %"
  };

  private static final double[] RECALLS = {0.5, 0.8, 0.9, 0.95, 0.99};

  private static final Duration[] LIMITS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(300_000),
    Duration.ofMillis(1),
    Duration.ofMillis(3),
    Duration.ofMillis(10),
    Duration.ofMillis(30),
    Duration.ofMillis(100),
    Duration.ofMillis(300),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Requests> requests = new ConcurrentHashMap<>();
  private final Map<String, Timer> searches = new ConcurrentHashMap<>();

  /// By collection, of those only that numbers were asked for without names.
  private final Map<String, String> pseudonyms = new ConcurrentHashMap<>();

  private final AtomicLong nextPseudonym = new AtomicLong();

  /// Requests of one kind that had one status.
  ///
  /// @param endpoint method and path, as `GET /collections/{collection_name}`
  record Requests(String endpoint, String status, Timer timer) {}

  /// Shows a number that changes by itself, such as the length of a queue.
  void watch(String name, String label, String value, IntSupplier number) {
    Gauge.builder(name, number, IntSupplier::getAsInt)
        .tag(label, value)
        .strongReference(true)
        .register(registry);
  }

  /// Counts an answer.
  ///
  /// @param path of the route, `-` like the operation where there is none
  void answered(String method, String operation, String path, int status, long nanos) {
    requests
        .computeIfAbsent(
            method + " " + operation + " " + status,
            _ ->
                new Requests(
                    method + " " + path,
                    Integer.toString(status),
                    Timer.builder("rest.responses.duration")
                        .tags("method", method, "endpoint", operation)
                        .tag("status", Integer.toString(status))
                        .serviceLevelObjectives(LIMITS)
                        .register(registry)))
        .timer()
        .record(Duration.ofNanos(Math.max(0, nanos)));
  }

  /// Counts a search by its plan and by the share of the points that match.
  void search(SearchPlan plan) {
    String matching = matching(plan);
    SearchPlan.Stages stages = plan.stages();
    searches
        .computeIfAbsent(
            plan.name() + " " + matching,
            _ ->
                Timer.builder("caps.search")
                    .tags("plan", plan.name(), "matching", matching)
                    .serviceLevelObjectives(LIMITS)
                    .register(registry))
        .record(
            Duration.ofNanos(stages.filter() + stages.plan() + stages.search() + stages.fetch()));
  }

  /// Counts a search that was held against an exact one.
  void recall(String collection, SearchPlan plan, double share) {
    DistributionSummary.builder("caps.recall.at.k")
        .tags("collection", collection, "plan", plan.name(), "matching", matching(plan))
        .serviceLevelObjectives(RECALLS)
        .register(registry)
        .record(share);
  }

  private static String matching(SearchPlan plan) {
    double share = plan.points() == 0 ? 1 : (double) plan.estimatedMatches() / plan.points();
    int bucket = 0;
    while (bucket < SHARES.length && share > SHARES[bucket]) {
      bucket++;
    }
    return BUCKETS[bucket];
  }

  /// Timed answers by endpoint and status.
  Map<String, Map<String, Timer>> answers() {
    Map<String, Map<String, Timer>> answers = new TreeMap<>();
    requests.forEach(
        (_, counted) ->
            answers
                .computeIfAbsent(counted.endpoint(), _ -> new TreeMap<>())
                .put(counted.status(), counted.timer()));
    return answers;
  }

  /// What was counted and timed here.
  String text() {
    StringBuilder text = new StringBuilder(4_096);
    MetricsText.head(text, "rest_responses_total", "counter", "answers by operation and status");
    requests.forEach(
        (_, counted) -> {
          Timer timer = counted.timer();
          text.append("rest_responses_total{method=\"")
              .append(timer.getId().getTag("method"))
              .append("\",endpoint=\"")
              .append(timer.getId().getTag("endpoint"))
              .append("\",status=\"")
              .append(timer.getId().getTag("status"))
              .append("\"} ")
              .append(timer.count())
              .append('\n');
        });
    return text.append(registry.scrape()).toString();
  }

  /// Stands for the name of a collection, the same as long as this runs.
  String pseudonym(String collection) {
    return pseudonyms.computeIfAbsent(
        collection, _ -> "collection-" + nextPseudonym.incrementAndGet());
  }
}
