package io.capsdb;

import io.capsdb.vector.ElementType;
import io.capsdb.vector.Metric;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What a collection holds.
///
/// @param vectors by name, at most 64; the name `""` is the anonymous vector
/// @param sparse sparse vectors by name, at most 64; no name is that of a vector
/// @param hasGraph whether sealed vectors get a graph beside their own index, to compare with
/// @param logIntervalMillis 0 where a write is on the disk before it is answered; otherwise the
///     pause, at most 60,000, between two times at which what was answered is brought to the disk
public record CollectionConfig(
    Map<String, VectorConfig> vectors,
    Map<String, SparseConfig> sparse,
    boolean hasGraph,
    int logIntervalMillis) {
  /// The name of the vector of a collection that has one and does not name it.
  public static final String ANONYMOUS = "";

  /// The longest pause between two forces of the log.
  public static final int MAX_LOG_INTERVAL_MILLIS = 60_000;

  private static final int MAX_VECTORS = 64;

  public CollectionConfig {
    if (vectors.size() > MAX_VECTORS) {
      throw new IllegalArgumentException(
          "at most " + MAX_VECTORS + " vectors per collection, were " + vectors.size());
    }
    if (logIntervalMillis < 0 || logIntervalMillis > MAX_LOG_INTERVAL_MILLIS) {
      throw new IllegalArgumentException(
          "logIntervalMillis must be in 0.."
              + MAX_LOG_INTERVAL_MILLIS
              + ", was "
              + logIntervalMillis);
    }
    if (sparse.size() > MAX_VECTORS) {
      throw new IllegalArgumentException(
          "at most " + MAX_VECTORS + " sparse vectors per collection, were " + sparse.size());
    }
    for (String name : sparse.keySet()) {
      if (name.isEmpty() || vectors.containsKey(name)) {
        throw new IllegalArgumentException(
            "sparse vector '" + name + "' must have a name of its own");
      }
    }
    vectors = Collections.unmodifiableMap(new TreeMap<>(vectors));
    sparse = Collections.unmodifiableMap(new TreeMap<>(sparse));
  }

  /// Without sparse vectors.
  public CollectionConfig(
      Map<String, VectorConfig> vectors, boolean hasGraph, int logIntervalMillis) {
    this(vectors, Map.of(), hasGraph, logIntervalMillis);
  }

  /// Without a graph; each write is on the disk before it is answered.
  public CollectionConfig(Map<String, VectorConfig> vectors) {
    this(vectors, false, 0);
  }

  /// The same, with or without a graph. A graph takes a module that the library alone does not
  /// have, many times the time for building, and memory for its links.
  public CollectionConfig withGraph(boolean wanted) {
    return new CollectionConfig(vectors, sparse, wanted, logIntervalMillis);
  }

  /// The same, with a log that is forced at intervals instead of before each answer: writes cost
  /// less, and where the machine loses its power, those that were answered in the last interval,
  /// and in the time of one force, are gone. A killed process loses none. What is there is a
  /// prefix of what was written in either case.
  ///
  /// @param millis from the end of one force to the next, 0 to 60,000; 0 for a force before each
  ///     answer
  public CollectionConfig withLogInterval(int millis) {
    return new CollectionConfig(vectors, sparse, hasGraph, millis);
  }

  /// The same, with sparse vectors.
  ///
  /// @param others by name
  public CollectionConfig withSparse(Map<String, SparseConfig> others) {
    return new CollectionConfig(vectors, others, hasGraph, logIntervalMillis);
  }

  /// One anonymous vector.
  public static CollectionConfig of(int dimension, Metric metric) {
    return of(dimension, metric, ElementType.FLOAT32);
  }

  /// One anonymous vector whose values are stored in a type.
  public static CollectionConfig of(int dimension, Metric metric, ElementType type) {
    return new CollectionConfig(Map.of(ANONYMOUS, new VectorConfig(dimension, metric, type)));
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

  /// The settings of a sparse vector.
  ///
  /// @throws IllegalArgumentException naming those that there are
  SparseConfig sparse(String name) {
    SparseConfig config = sparse.get(name);
    if (config == null) {
      throw new IllegalArgumentException(
          "there is no sparse vector named '" + name + "', the collection has " + sparse.keySet());
    }
    return config;
  }

  /// Whether there are vectors of a name, sparse or not.
  boolean hasVector(String name) {
    return vectors.containsKey(name) || sparse.containsKey(name);
  }

  /// Bytes of the vectors of a point that has all of them, as floats: so the log has them, and so
  /// budgets count them, whatever their rows take.
  long vectorBytes() {
    return vectors.values().stream().mapToLong(vector -> 4L * vector.dimension()).sum();
  }
}
