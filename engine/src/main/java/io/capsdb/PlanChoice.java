package io.capsdb;

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
  GRAPH
}
