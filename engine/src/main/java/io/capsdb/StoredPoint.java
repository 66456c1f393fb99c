package io.capsdb;

import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.SparseVector;
import java.util.Map;

/// A point as it is stored.
///
/// @param version sequence number of the write that stored it
/// @param vectors copies, by name; unit length where the metric is cosine
/// @param sparse sparse vectors, by name
public record StoredPoint(
    PointId id,
    long version,
    Map<String, float[]> vectors,
    Map<String, SparseVector> sparse,
    Payload payload) {
  public StoredPoint {
    vectors = Map.copyOf(vectors);
    sparse = Map.copyOf(sparse);
  }

  /// Without sparse vectors.
  public StoredPoint(PointId id, long version, Map<String, float[]> vectors, Payload payload) {
    this(id, version, vectors, Map.of(), payload);
  }
}
