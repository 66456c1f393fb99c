package io.capsdb.server.http;

import io.capsdb.FieldOrder;
import io.capsdb.filter.Filter;
import io.capsdb.point.PointId;
import io.capsdb.vector.SparseVector;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// A query as it was asked for.
///
/// @param spec what is asked; empty for points in the order of their ids
/// @param prefetch queries whose hits are the candidates of this one
/// @param using name of the vector
/// @param lookup where the vectors of ids are taken from; empty for the collection itself
record QueryBody(
    Optional<Spec> spec,
    List<QueryBody> prefetch,
    String using,
    Filter filter,
    SearchOptions options,
    int limit,
    int offset,
    OptionalDouble scoreThreshold,
    PayloadSelector payload,
    VectorSelector vectors,
    Optional<Lookup> lookup) {

  /// A collection and the name of the vector in it.
  record Lookup(String collection, String vector) {}

  /// A vector, or that of a stored point.
  sealed interface Input {
    @SuppressWarnings("ArrayRecordComponent") // read once
    record Dense(float[] values) implements Input {}

    record Sparse(SparseVector vector) implements Input {}

    record Stored(PointId id) implements Input {}
  }

  /// A wanted and an unwanted example.
  record Pair(Input positive, Input negative) {}

  /// What is asked.
  sealed interface Spec {
    record Nearest(Input input) implements Spec {}

    record Recommend(List<Input> positive, List<Input> negative, Strategy strategy)
        implements Spec {}

    /// @param target empty to stay inside of the context only
    record Discover(Optional<Input> target, List<Pair> context) implements Spec {}

    record Ordered(FieldOrder order) implements Spec {}

    record Sampled() implements Spec {}

    /// Reciprocal ranks.
    ///
    /// @param k the larger, the less the first places count
    /// @param weights of the prefetches; empty for equal ones
    record RankFusion(int k, List<Double> weights) implements Spec {}

    /// Scores on the scale of their distribution.
    record ScoreFusion() implements Spec {}

    default boolean isFusion() {
      return this instanceof RankFusion || this instanceof ScoreFusion;
    }
  }

  /// How examples are made one score.
  enum Strategy {
    AVERAGE_VECTOR,
    BEST_SCORE,
    SUM_SCORES
  }
}
