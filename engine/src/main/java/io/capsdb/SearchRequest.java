package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.point.PointId;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What to search. Immutable: each method answers a changed copy.
///
/// @param target the vector to be near to
/// @param using name of the vector that is searched
/// @param filter what hits must satisfy
/// @param limit most hits, 1 to 10,000
/// @param offset hits to leave out first, at least 0; together with `limit` at most 10,000
/// @param scoreThreshold worst score of a hit
/// @param isExact whether all matching rows are scored
/// @param hasPayload whether hits carry their payload
/// @param hasVectors whether hits carry their vectors
/// @param candidates matching rows that a probe scores at least, whatever the recall; the width of
///     the walk where a graph is asked for
/// @param recall share of the hits that should be found, above 0, at most 1; at 1 all matching rows
///     are scored
/// @param plan how to search where not all matching rows are to be scored in full
/// @param limits what the search may take at most
/// @param ranked rows of each segment whose vectors are read: those that come first when the codes
///     alone put all matching rows in order, at least as many as hits are wanted; empty where
///     bounds decide, which finds more
public record SearchRequest(
    Target target,
    String using,
    Filter filter,
    int limit,
    int offset,
    OptionalDouble scoreThreshold,
    boolean isExact,
    boolean hasPayload,
    boolean hasVectors,
    OptionalLong candidates,
    double recall,
    PlanChoice plan,
    SearchLimits limits,
    OptionalInt ranked) {

  /// Most hits, those left out by `offset` included.
  public static final int MAX_LIMIT = 10_000;

  /// The recall of a request that does not say what it wants.
  public static final double DEFAULT_RECALL = 0.99;

  /// What hits are near to.
  public sealed interface Target {
    /// A vector of the caller's; not copied, not changed.
    @SuppressWarnings("ArrayRecordComponent") // read once
    record Vector(float[] values) implements Target {}

    /// The vector of a stored point, which is left out of the hits.
    record Stored(PointId id) implements Target {}
  }

  public SearchRequest {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be in 1.." + MAX_LIMIT + ", was " + limit);
    }
    if (offset < 0 || offset > MAX_LIMIT - limit) {
      throw new IllegalArgumentException(
          "offset must be in 0.."
              + (MAX_LIMIT - limit)
              + " with limit "
              + limit
              + ", was "
              + offset);
    }
    if (scoreThreshold.isPresent() && Double.isNaN(scoreThreshold.getAsDouble())) {
      throw new IllegalArgumentException("scoreThreshold is NaN");
    }
    if (!(recall > 0 && recall <= 1)) {
      throw new IllegalArgumentException("recall must be above 0 and at most 1, was " + recall);
    }
    if (candidates.isPresent() && candidates.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "candidates must be at least 1, was " + candidates.getAsLong());
    }
    if (ranked.isPresent() && ranked.getAsInt() < 1) {
      throw new IllegalArgumentException("ranked must be at least 1, was " + ranked.getAsInt());
    }
  }

  /// The ten nearest points to a vector.
  public static SearchRequest nearest(float[] vector) {
    return of(new Target.Vector(vector));
  }

  /// The ten nearest points to a stored one, itself left out.
  public static SearchRequest nearestTo(PointId id) {
    return of(new Target.Stored(id));
  }

  private static SearchRequest of(Target target) {
    return new SearchRequest(
        target,
        CollectionConfig.ANONYMOUS,
        Filter.ALL,
        10,
        0,
        OptionalDouble.empty(),
        false,
        true,
        false,
        OptionalLong.empty(),
        DEFAULT_RECALL,
        PlanChoice.AUTO,
        SearchLimits.NONE,
        OptionalInt.empty());
  }

  public SearchRequest using(String name) {
    return new SearchRequest(
        target,
        name,
        filter,
        limit,
        offset,
        scoreThreshold,
        isExact,
        hasPayload,
        hasVectors,
        candidates,
        recall,
        plan,
        limits,
        ranked);
  }

  public SearchRequest filter(Filter wanted) {
    return new SearchRequest(
        target,
        using,
        wanted,
        limit,
        offset,
        scoreThreshold,
        isExact,
        hasPayload,
        hasVectors,
        candidates,
        recall,
        plan,
        limits,
        ranked);
  }

  public SearchRequest limit(int most) {
    return new SearchRequest(
        target,
        using,
        filter,
        most,
        offset,
        scoreThreshold,
        isExact,
        hasPayload,
        hasVectors,
        candidates,
        recall,
        plan,
        limits,
        ranked);
  }

  public SearchRequest offset(int leftOut) {
    return new SearchRequest(
        target,
        using,
        filter,
        limit,
        leftOut,
        scoreThreshold,
        isExact,
        hasPayload,
        hasVectors,
        candidates,
        recall,
        plan,
        limits,
        ranked);
  }

  public SearchRequest scoreThreshold(double worst) {
    return new SearchRequest(
        target,
        using,
        filter,
        limit,
        offset,
        OptionalDouble.of(worst),
        isExact,
        hasPayload,
        hasVectors,
        candidates,
        recall,
        plan,
        limits,
        ranked);
  }

  public SearchRequest exact(boolean exact) {
    return new SearchRequest(
        target,
        using,
        filter,
        limit,
        offset,
        scoreThreshold,
        exact,
        hasPayload,
        hasVectors,
        candidates,
        recall,
        plan,
        limits,
        ranked);
  }

  public SearchRequest withPayload(boolean wanted) {
    return new SearchRequest(
        target,
        using,
        filter,
        limit,
        offset,
        scoreThreshold,
        isExact,
        wanted,
        hasVectors,
        candidates,
        recall,
        plan,
        limits,
        ranked);
  }

  public SearchRequest withVectors(boolean wanted) {
    return new SearchRequest(
        target,
        using,
        filter,
        limit,
        offset,
        scoreThreshold,
        isExact,
        hasPayload,
        wanted,
        candidates,
        recall,
        plan,
        limits,
        ranked);
  }

  public SearchRequest candidates(long atLeast) {
    return new SearchRequest(
        target,
        using,
        filter,
        limit,
        offset,
        scoreThreshold,
        isExact,
        hasPayload,
        hasVectors,
        OptionalLong.of(atLeast),
        recall,
        plan,
        limits,
        ranked);
  }

  public SearchRequest recall(double wanted) {
    return new SearchRequest(
        target,
        using,
        filter,
        limit,
        offset,
        scoreThreshold,
        isExact,
        hasPayload,
        hasVectors,
        candidates,
        wanted,
        plan,
        limits,
        ranked);
  }

  /// Has the search done in one way, whatever the costs: for measuring and diagnosing.
  public SearchRequest plan(PlanChoice wanted) {
    return new SearchRequest(
        target,
        using,
        filter,
        limit,
        offset,
        scoreThreshold,
        isExact,
        hasPayload,
        hasVectors,
        candidates,
        recall,
        wanted,
        limits,
        ranked);
  }

  /// What the search may take at most, whatever that costs its hits.
  public SearchRequest within(SearchLimits most) {
    return new SearchRequest(
        target,
        using,
        filter,
        limit,
        offset,
        scoreThreshold,
        isExact,
        hasPayload,
        hasVectors,
        candidates,
        recall,
        plan,
        most,
        ranked);
  }

  /// Has the codes alone decide which vectors are read, so many in each segment: for measuring
  /// codes, and for a cost that is known before.
  public SearchRequest ranked(int vectors) {
    return new SearchRequest(
        target,
        using,
        filter,
        limit,
        offset,
        scoreThreshold,
        isExact,
        hasPayload,
        hasVectors,
        candidates,
        recall,
        plan,
        limits,
        OptionalInt.of(vectors));
  }
}
