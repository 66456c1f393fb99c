package io.capsdb.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The charts of a report.
final class Charts {
  /// What is below helps nobody, and would squeeze the rest.
  private static final double LEAST_RECALL = 0.7;

  private final Results results;

  Charts(Results results) {
    this.results = results;
  }

  /// Recall against rate on one workload: the settings of an engine that no other setting of it
  /// beats in both.
  Chart recall(String workload) {
    List<Point> points =
        results.points().stream()
            .filter(point -> point.workload().equals(workload))
            .filter(point -> point.recall() >= LEAST_RECALL)
            .toList();
    Chart chart =
        new Chart(
            workload + ", " + Tables.percent(results.selectivity(workload)) + " of the rows match",
            new Axis("recall", LEAST_RECALL, 1, false),
            Axis.powersOfTen(
                "queries per second of processor time",
                points.stream().mapToDouble(Point::cpuQps).toArray()));
    for (String engine : results.engines()) {
      List<double[]> line = new ArrayList<>();
      double fastest = 0;
      List<Point> own =
          points.stream()
              .filter(point -> point.engine().equals(engine))
              .sorted(Comparator.comparingDouble(Point::recall).reversed())
              .toList();
      for (Point point : own) {
        if (point.cpuQps() > fastest) {
          fastest = point.cpuQps();
          line.add(new double[] {point.recall(), point.cpuQps()});
        }
      }
      if (!line.isEmpty()) {
        chart.add(engine, line);
      }
    }
    return chart;
  }

  /// Processor time of a query against the share of the rows that match, at one recall.
  Optional<Chart> latency(double target) {
    List<Point> all = new ArrayList<>();
    for (String workload : results.workloads()) {
      for (String engine : results.engines()) {
        results.best(workload, target, engine::equals).ifPresent(all::add);
      }
    }
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Chart chart =
        new Chart(
            "time at recall " + target,
            Axis.powersOfTen(
                "share of the rows that match, %",
                all.stream().mapToDouble(point -> 100 * point.selectivity()).toArray()),
            Axis.powersOfTen(
                "µs of processor time for a query",
                all.stream().mapToDouble(point -> 1e6 / point.cpuQps()).toArray()));
    for (String engine : results.engines()) {
      List<double[]> line =
          all.stream()
              .filter(point -> point.engine().equals(engine))
              .sorted(Comparator.comparingDouble(Point::selectivity))
              .map(point -> new double[] {100 * point.selectivity(), 1e6 / point.cpuQps()})
              .toList();
      if (!line.isEmpty()) {
        chart.add(engine, line);
      }
    }
    return Optional.of(chart);
  }
}
