package io.capsdb;

import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.SparseVector;
import java.util.Map;

/// One point that a search found.
///
/// @param version sequence number of the write that stored it
/// @param score as [io.capsdb.vector.Metric] defines it
/// @param payload empty unless asked for
/// @param vectors empty unless asked for
/// @param sparse sparse vectors; empty unless asked for
public record Hit(
    PointId id,
    long version,
    float score,
    Payload payload,
    Map<String, float[]> vectors,
    Map<String, SparseVector> sparse) {
  public Hit {
    vectors = Map.copyOf(vectors);
    sparse = Map.copyOf(sparse);
  }

  /// Without sparse vectors.
  public Hit(PointId id, long version, float score, Payload payload, Map<String, float[]> vectors) {
    this(id, version, score, payload, vectors, Map.of());
  }
}
