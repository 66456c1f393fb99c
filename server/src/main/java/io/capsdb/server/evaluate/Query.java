package io.capsdb.server.evaluate;

import io.capsdb.point.PointId;
import java.util.Optional;

/// What is searched for.
///
/// @param vector as a caller sends it
/// @param stored the point whose vector it is, which is no hit of its own search
@SuppressWarnings("ArrayRecordComponent") // read only
public record Query(float[] vector, Optional<PointId> stored) {
  public static Query of(float[] vector) {
    return new Query(vector, Optional.empty());
  }
}
