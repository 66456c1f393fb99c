package io.capsdb.bench.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// What one or more runs measured.
///
/// @param points one for each engine, workload and setting
/// @param builds one for each engine
/// @param runs that made them
/// @param skipped why engines, or workloads of them, are missing
record Results(
    List<Point> points, List<Build> builds, List<Run> runs, Map<String, String> skipped) {

  /// The engine that all others are held against.
  static final String OURS = "capsdb";

  /// The recalls at which engines are compared.
  static final List<Double> TARGETS = List.of(0.90, 0.95, 0.99);

  Results {
    points = List.copyOf(points);
    builds = List.copyOf(builds);
    runs = List.copyOf(runs);
    skipped = Map.copyOf(skipped);
  }

  /// Those of one table: a data set, searched for k hits by a number of threads.
  Results of(String dataset, int k, int threads) {
    return new Results(
        points.stream()
            .filter(point -> point.dataset().equals(dataset))
            .filter(point -> point.k() == k && point.threads() == threads)
            .toList(),
        builds.stream().filter(build -> build.dataset().equals(dataset)).toList(),
        runs.stream().filter(run -> run.dataset().equals(dataset)).toList(),
        skipped);
  }

  /// Names of the workloads: without a filter first, then from weak to narrow ones.
  List<String> workloads() {
    return points.stream()
        .sorted(
            Comparator.comparingDouble(Point::selectivity)
                .reversed()
                .thenComparing(Point::workload))
        .map(Point::workload)
        .distinct()
        .toList();
  }

  /// Names of the engines, ours first, the others in the order of their first lines.
  List<String> engines() {
    List<String> names = points.stream().map(Point::engine).distinct().toList();
    return java.util.stream.Stream.concat(
            names.stream().filter(OURS::equals), names.stream().filter(name -> !OURS.equals(name)))
        .toList();
  }

  double selectivity(String workload) {
    return points.stream()
        .filter(point -> point.workload().equals(workload))
        .mapToDouble(Point::selectivity)
        .findFirst()
        .orElse(1);
  }

  /// Whether any of the engines was asked.
  boolean isMeasured(String workload, Predicate<String> engine) {
    return points.stream()
        .anyMatch(point -> point.workload().equals(workload) && engine.test(point.engine()));
  }

  /// The fastest point of the engines that reaches a recall.
  Optional<Point> best(String workload, double recall, Predicate<String> engine) {
    return points.stream()
        .filter(point -> point.workload().equals(workload) && engine.test(point.engine()))
        .filter(point -> point.recall() >= recall)
        .max(Comparator.comparingDouble(Point::cpuQps));
  }
}
