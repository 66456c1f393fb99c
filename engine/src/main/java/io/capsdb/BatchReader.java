package io.capsdb;

import io.capsdb.point.PointId;
import io.capsdb.storage.LogRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Checks a batch of points before anything of it is stored, and brings its vectors to the form
/// that is stored.
final class BatchReader {
  private BatchReader() {}

  /// Of points with equal ids the last one counts.
  ///
  /// @throws IllegalArgumentException naming the point, the vector, the value and the bound
  static List<LogRecord.Entry> read(
      List<Point> points, CollectionConfig config, String collection) {
    LinkedHashMap<PointId, LogRecord.Entry> entries = LinkedHashMap.newLinkedHashMap(points.size());
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      Map<String, float[]> vectors;
      try {
        vectors = prepare(point.vectors(), config, collection);
        point.sparse().keySet().forEach(config::sparse);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "points[" + i + "] (id " + point.id() + "): " + e.getMessage(), e);
      }
      entries.putLast(
          point.id(), new LogRecord.Entry(point.id(), vectors, point.sparse(), point.payload()));
    }
    return new ArrayList<>(entries.values());
  }

  /// The given map where all its vectors are stored as they are.
  @SuppressWarnings("ReferenceEquality") // most are, and need not be copied
  private static Map<String, float[]> prepare(
      Map<String, float[]> vectors, CollectionConfig config, String collection) {
    Map<String, float[]> prepared = vectors;
    for (Map.Entry<String, float[]> vector : vectors.entrySet()) {
      float[] stored = prepare(vector, config, collection);
      if (stored != vector.getValue()) {
        prepared = prepared == vectors ? new HashMap<>(vectors) : prepared;
        prepared.put(vector.getKey(), stored);
      }
    }
    return prepared;
  }

  private static float[] prepare(
      Map.Entry<String, float[]> vector, CollectionConfig config, String collection) {
    VectorConfig expected = config.vector(vector.getKey());
    float[] values = vector.getValue();
    if (values.length != expected.dimension()) {
      String name = vector.getKey().isEmpty() ? "vector" : "vector '" + vector.getKey() + "'";
      throw new IllegalArgumentException(
          name
              + " has dimension "
              + values.length
              + ", collection '"
              + collection
              + "' expects dimension "
              + expected.dimension());
    }
    try {
      return expected.stored(values);
    } catch (IllegalArgumentException e) {
      if (vector.getKey().isEmpty()) {
        throw e;
      }
      throw new IllegalArgumentException("vector '" + vector.getKey() + "': " + e.getMessage(), e);
    }
  }
}
