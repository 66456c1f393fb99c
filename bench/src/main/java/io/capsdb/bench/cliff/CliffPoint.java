package io.capsdb.bench.cliff;

import java.util.Map;
import java.util.Optional;

/// One point of the grid, measured.
///
/// @param share of the rows that match, as a place in [CliffSet#SHARES]
/// @param k hits wanted
/// @param estimate what the planner knew
/// @param plans what each plan took; not of those that were far slower than others
record CliffPoint(
    Correlation correlation, int share, int k, Estimate estimate, Map<Plan, Cost> plans) {

  /// @param micros processor time of a query
  /// @param recall share of the exact hits that were found
  record Cost(double micros, double recall) {}

  /// What the planner thought, on average.
  ///
  /// @param probed share of the queries for which it chose to probe
  /// @param listMicros cost of the list
  /// @param probeMicros cost of the probe
  record Estimate(double probed, double listMicros, double probeMicros) {}

  /// A plan whose recall is lower by no more than this counts as one of the same recall.
  private static final double SAME_RECALL = 0.005;

  CliffPoint {
    plans = Map.copyOf(plans);
  }

  Cost auto() {
    return cost(Plan.AUTO);
  }

  Cost cost(Plan plan) {
    Cost cost = plans.get(plan);
    if (cost == null) {
      throw new IllegalArgumentException("plan " + plan + " was not measured");
    }
    return cost;
  }

  /// The fastest single plan that has the planner's recall, or the one that was asked for where
  /// the planner's is higher.
  Optional<Plan> best(double asked) {
    double least = Math.min(asked, auto().recall()) - SAME_RECALL;
    return plans.keySet().stream()
        .filter(plan -> plan != Plan.AUTO && cost(plan).recall() >= least)
        .min((left, right) -> Double.compare(cost(left).micros(), cost(right).micros()));
  }
}
