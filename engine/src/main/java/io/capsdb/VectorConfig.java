package io.capsdb;

import io.capsdb.vector.ElementType;
import io.capsdb.vector.Magnitudes;
import io.capsdb.vector.Metric;
import java.util.Locale;

/// The vectors of one name in a collection.
///
/// @param dimension values per vector, 1 to 65,536
/// @param metric how near two vectors are
/// @param type what a stored value is; vectors are rounded to it when they are stored, queries are
///     not
public record VectorConfig(int dimension, Metric metric, ElementType type) {
  public static final int MAX_DIMENSION = 65_536;

  /// Longest vector that is stored or searched for, where the metric is not cosine: the distance of
  /// two such vectors is a finite float.
  static final double MAX_LENGTH = 0x1p62;

  public VectorConfig {
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "dimension must be in 1.." + MAX_DIMENSION + ", was " + dimension);
    }
    if (type == ElementType.UINT8 && metric == Metric.COSINE) {
      throw new IllegalArgumentException(
          "vectors of type uint8 cannot have the distance Cosine, which stores them with length 1;"
              + " float16 can, and Dot, Euclid and Manhattan take uint8");
    }
  }

  /// Vectors that are stored as they are.
  public VectorConfig(int dimension, Metric metric) {
    this(dimension, metric, ElementType.FLOAT32);
  }

  /// Bytes of a stored vector.
  long rowBytes() {
    return (long) dimension * type.bytes();
  }

  /// The form in which a vector is stored.
  ///
  /// @throws IllegalArgumentException as [#prepare] does, or where the type does not hold a value
  float[] stored(float[] values) {
    return type.round(prepare(values));
  }

  /// The form in which a vector is searched for.
  ///
  /// @throws IllegalArgumentException naming the value and the bound, as [Metric#prepare] does
  public float[] prepare(float[] values) {
    float[] prepared = metric.prepare(values);
    if (Magnitudes.largest(prepared) <= MAX_LENGTH / Math.sqrt(MAX_DIMENSION)) {
      return prepared;
    }
    double squares = Magnitudes.squares(prepared);
    if (squares > MAX_LENGTH * MAX_LENGTH) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "vector has length %.3g, must be at most %.3g",
              Math.sqrt(squares),
              MAX_LENGTH));
    }
    return prepared;
  }
}
