package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.vector.SparseVector;
import java.util.OptionalDouble;

/// A search among sparse vectors.
///
/// @param using name of the sparse vector
/// @param limit most hits, 1 to 10,000
/// @param offset hits that are left out at the front; with the limit at most 10,000
/// @param scoreThreshold least score of a hit
/// @param hasPayload whether hits carry their payload
/// @param hasVectors whether hits carry their vectors
public record SparseRequest(
    SparseVector query,
    String using,
    Filter filter,
    int limit,
    int offset,
    OptionalDouble scoreThreshold,
    boolean hasPayload,
    boolean hasVectors) {
  public SparseRequest {
    if (limit < 1 || offset < 0 || limit > SearchRequest.MAX_LIMIT - offset) {
      throw new IllegalArgumentException(
          "limit must be at least 1 and with offset at most "
              + SearchRequest.MAX_LIMIT
              + ", were "
              + limit
              + " and "
              + offset);
    }
  }

  /// The nearest points, whatever their payload.
  public static SparseRequest of(SparseVector query, String using, int limit) {
    return new SparseRequest(
        query, using, Filter.ALL, limit, 0, OptionalDouble.empty(), false, false);
  }

  public SparseRequest filter(Filter other) {
    return new SparseRequest(
        query, using, other, limit, offset, scoreThreshold, hasPayload, hasVectors);
  }
}
