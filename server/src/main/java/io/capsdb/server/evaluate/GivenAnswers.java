package io.capsdb.server.evaluate;

import io.capsdb.Collection;
import io.capsdb.StoredPoint;
import io.capsdb.VectorConfig;
import io.capsdb.point.PointId;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Holds the answers that came with a data set against those found by scoring all points. Recall
/// is measured by the latter alone: they fit every filter and every k.
final class GivenAnswers {
  /// Below this share of right ones the data set was not measured as its makers did.
  private static final double EXPECTED = 0.99;

  private final Collection collection;
  private final String using;
  private final Metric metric;
  private final List<Query> queries;
  private final int k;

  GivenAnswers(Collection collection, String using, List<Query> queries, int k) {
    this.collection = collection;
    this.using = using;
    VectorConfig config = collection.config().vectors().get(using);
    if (config == null) {
      throw new IllegalArgumentException("there is no vector named '" + using + "'");
    }
    this.metric = config.metric();
    this.queries = queries;
    this.k = k;
  }

  /// What is to be said of a workload's answers; empty where none came with it.
  Optional<String> note(Workload workload, List<Truth.Answer> truth) {
    if (workload.given().isEmpty()) {
      return Optional.empty();
    }
    long right = 0;
    long all = 0;
    for (int i = 0; i < queries.size(); i++) {
      List<PointId> given = workload.given().get(i);
      for (PointId id : given.subList(0, Math.min(truth.get(i).possible(), given.size()))) {
        all++;
        right += isRight(id, queries.get(i), truth.get(i)) ? 1 : 0;
      }
    }
    String counts =
        String.format(
            Locale.ROOT,
            "Answers that came with '%s': %,d of %,d are among the %d nearest that were found here",
            workload.name(),
            right,
            all,
            k);
    return Optional.of(
        right >= EXPECTED * all
            ? counts + "."
            : counts + "; they belong to other vectors or to another distance.");
  }

  /// A point at the distance of the last right one is as good as it.
  private boolean isRight(PointId id, Query query, Truth.Answer truth) {
    if (truth.ids().contains(id)) {
      return true;
    }
    Optional<StoredPoint> point = collection.get(id);
    float[] vector = point.isPresent() ? point.get().vectors().get(using) : null;
    return vector != null
        && truth.isTie(
            metric.toScore(
                Kernels.best()
                    .distance(metric, metric.prepare(query.vector()), metric.prepare(vector))));
  }
}
