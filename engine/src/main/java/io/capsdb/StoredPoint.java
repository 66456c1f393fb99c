package io.capsdb;

import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.util.Map;

/// A point as it is stored.
///
/// @param version sequence number of the write that stored it
/// @param vectors copies, by name; unit length where the metric is cosine
public record StoredPoint(PointId id, long version, Map<String, float[]> vectors, Payload payload) {
  public StoredPoint {
    vectors = Map.copyOf(vectors);
  }
}
