package io.capsdb.graph;

/// How a walk keeps to a filter. Whatever it is, all matching rows are scored where the walk
/// brought fewer hits than there are.
public enum FilterStrategy {
  /// By the share of the rows that match: [#INLINE] where many do, [#ACORN] where fewer do, and no
  /// walk at all where it would cost more than scoring all matches.
  AUTO,

  /// The filter is applied to what a walk without it found; the walk is repeated with twice the
  /// width while that leaves too few.
  POST,

  /// The walk goes over all rows, and keeps the nearest that match.
  INLINE,

  /// The walk goes over matching rows only, and looks for them two steps away: through neighbours
  /// that do not match, as [#ACORN_1] does; where two steps bring hardly any match it goes farther.
  ACORN,

  /// The walk goes over matching rows only, and looks for them one and two steps away at most
  /// (Patel et al., "ACORN: Performant and Predicate-Agnostic Search Over Vector Embeddings and
  /// Structured Data", 2024; their ACORN-1, on a graph that knows no filters). To measure
  /// with: where few rows match, the walk ends inside a small group of matches.
  ACORN_1
}
