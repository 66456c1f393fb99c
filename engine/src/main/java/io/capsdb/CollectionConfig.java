package io.capsdb;

import io.capsdb.vector.Metric;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What a collection holds.
///
/// @param vectors by name, at most 64; the name `""` is the anonymous vector
/// @param hasGraph whether sealed vectors get a graph beside their own index, to compare with
public record CollectionConfig(Map<String, VectorConfig> vectors, boolean hasGraph) {
  /// The name of the vector of a collection that has one and does not name it.
  public static final String ANONYMOUS = "";

  private static final int MAX_VECTORS = 64;

  public CollectionConfig {
    if (vectors.size() > MAX_VECTORS) {
      throw new IllegalArgumentException(
          "at most " + MAX_VECTORS + " vectors per collection, were " + vectors.size());
    }
    vectors = Collections.unmodifiableMap(new TreeMap<>(vectors));
  }

  /// Without a graph.
  public CollectionConfig(Map<String, VectorConfig> vectors) {
    this(vectors, false);
  }

  /// The same, with or without a graph. A graph takes a module that the library alone does not
  /// have, many times the time for building, and memory for its links.
  public CollectionConfig withGraph(boolean wanted) {
    return new CollectionConfig(vectors, wanted);
  }

  /// One anonymous vector.
  public static CollectionConfig of(int dimension, Metric metric) {
    return new CollectionConfig(Map.of(ANONYMOUS, new VectorConfig(dimension, metric)));
  }

  /// The settings of a vector.
  ///
  /// @throws IllegalArgumentException naming the vectors that there are
  VectorConfig vector(String name) {
    VectorConfig config = vectors.get(name);
    if (config == null) {
      throw new IllegalArgumentException(
          "there is no vector named '" + name + "', the collection has " + vectors.keySet());
    }
    return config;
  }

  /// Bytes of the vectors of a point that has all of them.
  long vectorBytes() {
    return vectors.values().stream().mapToLong(vector -> 4L * vector.dimension()).sum();
  }
}
