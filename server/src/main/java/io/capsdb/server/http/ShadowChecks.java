package io.capsdb.server.http;

import io.capsdb.Hit;
import io.capsdb.SearchPlan;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Runs some searches again in the background, exactly, and counts how many of the exact hits they
/// had. What comes while many wait is left out: measuring must not slow down what is measured.
///
/// A point that was stored or deleted between both runs counts as lost or found; so figures are of
/// many searches.
final class ShadowChecks implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ShadowChecks.class.getName());
  private static final int WAITING = 64;

  /// Scores of one vector differ by this share at most, by the order in which they are summed.
  private static final double NOISE = 1e-5;

  private final WorkerPool pool = new WorkerPool("shadow", 1, WAITING);
  private final Metrics metrics;
  private volatile boolean isClosed;

  ShadowChecks(Metrics metrics) {
    this.metrics = metrics;
  }

  /// Checks a search, where its options want that for a share of the searches and it is drawn.
  void offer(QueryRunner runner, QueryBody body, QueryRunner.Found found) {
    double share = body.options().orElse(runner.defaults()).verify().orElse(0);
    if (found.plan().isEmpty() || !(runner.random().nextDouble() < share)) {
      return;
    }
    SearchPlan plan = found.plan().get();
    QueryRunner own = runner.with(() -> isClosed).withoutLimits();
    pool.offer(() -> check(own, body, found.hits(), plan));
  }

  private void check(QueryRunner runner, QueryBody body, List<Hit> hits, SearchPlan plan) {
    try {
      List<Hit> exact = runner.run(body.exactly()).hits();
      if (!exact.isEmpty()) {
        Metric metric = runner.metric(body);
        metrics.recall(runner.collection().name(), plan, recall(metric, hits, exact));
      }
    } catch (RuntimeException e) {
      // The collection was dropped meanwhile, or the server stops; nobody waits for this.
      LOG.log(System.Logger.Level.DEBUG, "a search was not checked: {0}", e.toString());
    }
  }

  /// The share of the exact hits that were found; one as near as the last of them is as good.
  static double recall(Metric metric, List<Hit> hits, List<Hit> exact) {
    Set<PointId> ids = new HashSet<>();
    exact.forEach(hit -> ids.add(hit.id()));
    double worst = exact.getLast().score();
    double slack = NOISE * Math.abs(worst);
    int found = 0;
    for (Hit hit : hits) {
      boolean isNear =
          switch (metric) {
            case COSINE, DOT -> hit.score() >= worst - slack;
            case EUCLID, MANHATTAN -> hit.score() <= worst + slack;
          };
      found += isNear || ids.contains(hit.id()) ? 1 : 0;
    }
    return Math.min(1, (double) found / exact.size());
  }

  @Override
  public void close() {
    isClosed = true;
    pool.close();
  }
}
