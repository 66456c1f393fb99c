package io.capsdb.testdata;

import io.capsdb.point.Payload;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Vectors in clusters, as embeddings are, with random payloads.
///
/// @param vectors the rows
/// @param payloads one for each row
/// @param queries vectors of the same clusters that are not among the rows
public record TestData(List<float[]> vectors, List<Payload> payloads, List<float[]> queries) {
  private static final int QUERY_COUNT = 20;

  /// @param rows number of rows; one cluster for about 50 of them
  public static TestData clustered(RandomGenerator random, int rows, int dimension) {
    int clusterCount = 1 + rows / 50;
    List<float[]> centers = new ArrayList<>();
    for (int i = 0; i < clusterCount; i++) {
      centers.add(around(random, new float[dimension], 1));
    }
    List<float[]> vectors = new ArrayList<>();
    List<Payload> payloads = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      vectors.add(around(random, centers.get(random.nextInt(clusterCount)), 0.4));
      payloads.add(RandomPayloads.next(random));
    }
    List<float[]> queries = new ArrayList<>();
    for (int i = 0; i < QUERY_COUNT; i++) {
      queries.add(around(random, centers.get(random.nextInt(clusterCount)), 0.4));
    }
    return new TestData(vectors, payloads, queries);
  }

  /// A vector with normally distributed distance from a center in each value.
  public static float[] around(RandomGenerator random, float[] center, double deviation) {
    float[] vector = new float[center.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (center[i] + deviation * random.nextGaussian());
    }
    return vector;
  }

  /// The rows as a matrix in an arena.
  public static VectorMatrix matrix(List<float[]> rows, int dimension, Arena arena) {
    return matrix(rows, dimension, ElementType.FLOAT32, arena);
  }

  /// The rows, whose values are of a type, as a matrix in an arena.
  public static VectorMatrix matrix(
      List<float[]> rows, int dimension, ElementType type, Arena arena) {
    VectorMatrix matrix = VectorMatrix.allocate(arena, rows.size(), dimension, type);
    for (int row = 0; row < rows.size(); row++) {
      matrix.setRow(row, rows.get(row));
    }
    return matrix;
  }

  /// The same data as a type of vectors has it: scaled and moved to where it holds values, and
  /// rounded.
  public TestData as(ElementType type) {
    if (type == ElementType.FLOAT32) {
      return this;
    }
    return new TestData(
        vectors.stream().map(vector -> type.round(moved(vector, type))).toList(),
        payloads,
        queries.stream().map(vector -> moved(vector, type)).toList());
  }

  private static float[] moved(float[] vector, ElementType type) {
    float[] moved = vector.clone();
    for (int i = 0; type == ElementType.UINT8 && i < moved.length; i++) {
      moved[i] = Math.clamp(128 + 40 * moved[i], 0, 255);
    }
    return moved;
  }
}
