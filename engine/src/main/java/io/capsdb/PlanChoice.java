package io.capsdb;

import java.util.Optional;

/// How a search is to be done. Anything but [#AUTO] is for measuring and diagnosing: it can cost
/// many times what the planner's choice costs, and finds no better hits.
///
/// A request that is exact is done by scoring all matching rows in full, whatever this says.
public enum PlanChoice {
  /// The planner chooses by costs.
  AUTO,

  /// All matching rows are scored, by their codes first where they have some of their own.
  LIST,

  /// Partitions are visited, nearest first.
  PROBE,

  /// The graph is walked; only where the collection has one. What is not sealed, or too little to
  /// have an index, is scored in full.
  GRAPH,

  /// As [#GRAPH]; the filter is applied to what a walk without it found, and the walk is repeated
  /// wider while that leaves too few.
  GRAPH_POST,

  /// As [#GRAPH]; the walk goes over all rows and keeps the nearest that match.
  GRAPH_INLINE,

  /// As [#GRAPH]; the walk goes over matching rows only, two steps at a time where their neighbours
  /// do not match, and more where two lead nowhere.
  GRAPH_ACORN,

  /// As [#GRAPH_ACORN], never more than two steps (ACORN-1, as published).
  GRAPH_ACORN_1;

  boolean isWalked() {
    return switch (this) {
      case GRAPH, GRAPH_POST, GRAPH_INLINE, GRAPH_ACORN, GRAPH_ACORN_1 -> true;
      case AUTO, LIST, PROBE -> false;
    };
  }

  /// How a walk keeps to the filter, as the graph calls it; empty where that is its own choice.
  Optional<String> way() {
    return switch (this) {
      case GRAPH_POST -> Optional.of("post");
      case GRAPH_INLINE -> Optional.of("inline");
      case GRAPH_ACORN -> Optional.of("acorn");
      case GRAPH_ACORN_1 -> Optional.of("acorn_1");
      case AUTO, LIST, PROBE, GRAPH -> Optional.empty();
    };
  }
}
