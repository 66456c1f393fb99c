package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.point.IdSet;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.SparseVector;
import java.util.Map;

/// A point as it is stored, with all that a filter can ask of it unless less was read.
///
/// @param version sequence number of the write that stored it
/// @param vectors copies, by name; unit length where the metric is cosine; empty unless asked for
/// @param sparse sparse vectors, by name; empty unless asked for
/// @param payload empty unless asked for
public record StoredPoint(
    PointId id,
    long version,
    Map<String, float[]> vectors,
    Map<String, SparseVector> sparse,
    Payload payload)
    implements FilterEvaluator.Subject {
  public StoredPoint {
    vectors = Map.copyOf(vectors);
    sparse = Map.copyOf(sparse);
  }

  /// Without sparse vectors.
  public StoredPoint(PointId id, long version, Map<String, float[]> vectors, Payload payload) {
    this(id, version, vectors, Map.of(), payload);
  }

  @Override
  public boolean hasId(IdSet ids) {
    return ids.contains(id);
  }

  /// Whether there is a vector of a name, dense or sparse.
  @Override
  public boolean hasVector(String name) {
    return vectors.containsKey(name) || sparse.containsKey(name);
  }

  @Override
  public boolean isIn(Filter.Slice slice) {
    return slice.contains(id);
  }
}
