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

  /// The same query for other hits, the first ones.
  QueryBody with(int hits, PayloadSelector fields, VectorSelector answered) {
    return new QueryBody(
        spec, prefetch, using, filter, options, hits, 0, scoreThreshold, fields, answered, lookup);
  }

  /// The same query, answered exactly and by ids and scores alone.
  QueryBody exactly() {
    return new QueryBody(
        spec,
        prefetch,
        using,
        filter,
        SearchOptions.EXACT,
        limit,
        offset,
        scoreThreshold,
        new PayloadSelector.Nothing(),
        VectorSelector.NONE,
        lookup);
  }

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

  /// An example and how good somebody found it; higher is better.
  record Rated(Input example, double score) {}

  /// How much the parts of a search with feedback count.
  ///
  /// @param target of the similarity to the target
  /// @param exponent of the difference of two ratings
  /// @param pair of what a pair of ratings adds
  record Strength(double target, double exponent, double pair) {}

  /// What is asked.
  sealed interface Spec {
    record Nearest(Input input) implements Spec {}

    /// Near to the input and far from one another.
    ///
    /// @param diversity weight of being different, 0 to 1
    /// @param candidates nearest points that are chosen from; as many as hits where it is less
    record Diverse(Input input, double diversity, int candidates) implements Spec {}

    record Recommend(List<Input> positive, List<Input> negative, Strategy strategy)
        implements Spec {}

    /// @param target empty to stay inside of the context only
    record Discover(Optional<Input> target, List<Pair> context) implements Spec {}

    /// Nearer to the target and to what was rated high than to what was rated low.
    record Feedback(Input target, List<Rated> rated, Strength strength) implements Spec {}

    record Ordered(FieldOrder order) implements Spec {}

    record Sampled() implements Spec {}

    /// Reciprocal ranks.
    ///
    /// @param k the larger, the less the first places count
    /// @param weights of the prefetches; empty for equal ones
    record RankFusion(int k, List<Double> weights) implements Spec {}

    /// Scores on the scale of their distribution.
    record ScoreFusion() implements Spec {}

    /// An expression over the scores of the prefetches.
    record Computed(Formula formula) implements Spec {}

    default boolean isFusion() {
      return this instanceof RankFusion || this instanceof ScoreFusion;
    }

    /// Whether it makes something of what was prefetched, and is nothing without.
    default boolean needsPrefetch() {
      return isFusion() || this instanceof Computed;
    }
  }

  /// How examples are made one score.
  enum Strategy {
    AVERAGE_VECTOR,
    BEST_SCORE,
    SUM_SCORES
  }
}
