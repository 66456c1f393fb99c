package io.capsdb;

import io.capsdb.vector.Metric;

/// The vectors of one name in a collection.
///
/// @param dimension values per vector, 1 to 65,536
/// @param metric how near two vectors are
public record VectorConfig(int dimension, Metric metric) {
  public static final int MAX_DIMENSION = 65_536;

  public VectorConfig {
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "dimension must be in 1.." + MAX_DIMENSION + ", was " + dimension);
    }
  }
}
