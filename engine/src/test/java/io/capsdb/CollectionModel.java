package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// What a collection must hold and answer: a plain map, a scan, the evaluation of filters on
/// documents.
final class CollectionModel {
  private final CollectionConfig config;
  private final NavigableMap<PointId, StoredPoint> points = new TreeMap<>();

  record Near(PointId id, float distance) {}

  CollectionModel(CollectionConfig config) {
    this.config = config;
  }

  CollectionConfig config() {
    return config;
  }

  NavigableMap<PointId, StoredPoint> points() {
    return points;
  }

  void upsert(long sequence, List<Point> batch) {
    for (Point point : batch) {
      Map<String, float[]> vectors = new HashMap<>();
      point
          .vectors()
          .forEach((name, vector) -> vectors.put(name, config.vector(name).stored(vector).clone()));
      points.put(point.id(), new StoredPoint(point.id(), sequence, vectors, point.payload()));
    }
  }

  void change(long sequence, List<PointId> ids, UnaryOperator<Payload> change) {
    for (PointId id : new HashSet<>(ids)) {
      points.computeIfPresent(
          id,
          (_, old) -> new StoredPoint(id, sequence, old.vectors(), change.apply(old.payload())));
    }
  }

  void delete(List<PointId> ids) {
    ids.forEach(points::remove);
  }

  void delete(Filter filter) {
    FilterEvaluator evaluator = FilterEvaluator.of(filter);
    points.values().removeIf(point -> evaluator.matches(point.payload()));
  }

  List<StoredPoint> matching(Filter filter) {
    FilterEvaluator evaluator = FilterEvaluator.of(filter);
    return points.values().stream().filter(point -> evaluator.matches(point.payload())).toList();
  }

  /// All matching points with the vector, nearest first, ties by id.
  List<Near> nearest(String using, float[] vector, Filter filter) {
    Metric metric = config.vector(using).metric();
    float[] query = metric.prepare(vector);
    List<Near> near = new ArrayList<>();
    for (StoredPoint point : matching(filter)) {
      float[] values = point.vectors().get(using);
      if (values != null) {
        near.add(new Near(point.id(), Kernels.best().distance(metric, query, values)));
      }
    }
    near.sort(Comparator.comparingDouble(Near::distance).thenComparing(Near::id));
    return near;
  }

  Payload payload(PointId id) {
    return Objects.requireNonNull(points.get(id)).payload();
  }
}
