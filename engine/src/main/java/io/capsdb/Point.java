package io.capsdb;

import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.SparseVector;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A point to be stored.
///
/// @param vectors by name; some or all names of the collection may be missing. The arrays are read
///     once, by the upsert, and not kept
/// @param sparse sparse vectors by name; in the same way
public record Point(
    PointId id, Map<String, float[]> vectors, Map<String, SparseVector> sparse, Payload payload) {
  public Point {
    vectors = Map.copyOf(vectors);
    sparse = Map.copyOf(sparse);
  }

  /// A point without sparse vectors.
  public Point(PointId id, Map<String, float[]> vectors, Payload payload) {
    this(id, vectors, Map.of(), payload);
  }

  /// A point with the anonymous vector.
  public static Point of(PointId id, float[] vector, Payload payload) {
    return new Point(id, Map.of(CollectionConfig.ANONYMOUS, vector), payload);
  }

  public static Point of(long id, float[] vector, Payload payload) {
    return of(PointId.of(id), vector, payload);
  }

  public static Point of(long id, float[] vector, Map<String, @Nullable Object> payload) {
    return of(id, vector, Payload.of(payload));
  }
}
