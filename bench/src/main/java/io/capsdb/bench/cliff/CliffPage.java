package io.capsdb.bench.cliff;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.report.Axis;
import io.capsdb.bench.report.Chart;
import java.util.List;
import java.util.Locale;

/// The tables and charts of a grid, and whether it has cliffs.
final class CliffPage {
  private final DataSet set;
  private final CliffChecks checks;
  private final double asked;

  /// @param asked recall
  CliffPage(DataSet set, double asked) {
    this.set = set;
    this.asked = asked;
    this.checks = new CliffChecks(asked);
  }

  String heading() {
    return String.format(
        Locale.ROOT,
        "# Time against selectivity: %s%n%n%s%,d rows × %d, one segment, recall asked %.2f,"
            + " %d queries, processor time of a query in µs.%n",
        set.name(),
        set.isGenerated() ? "**This data is generated.** " : "",
        set.rowCount(),
        set.dimension(),
        asked,
        set.queries().length);
  }

  /// @param points of one k, as [CliffRun#points] answers them
  String table(List<CliffPoint> points) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%n## k = %d%n%n", points.getFirst().k()));
    text.append("| filter | matches | probes | planner µs | recall |");
    text.append(" list µs | probe µs | exact µs | estimated list, probe | against best |\n");
    text.append("|---|---|---|---|---|---|---|---|---|---|\n");
    for (CliffPoint point : points) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.0f %% | **%.1f** | %.4f | %s | %s | %s | %.0f, %.0f |" + " %s |%n",
              point.share() == 0 ? "none" : point.correlation().label(),
              CliffChecks.percent(point.share()),
              100 * point.estimate().probed(),
              point.auto().micros(),
              point.auto().recall(),
              cell(point, Plan.LIST),
              cell(point, Plan.PROBE),
              cell(point, Plan.EXACT),
              point.estimate().listMicros(),
              point.estimate().probeMicros(),
              ratio(point)));
    }
    return text.toString();
  }

  private String ratio(CliffPoint point) {
    return point
        .best(asked)
        .map(
            best ->
                String.format(
                    Locale.ROOT,
                    "%.2f%s",
                    point.auto().micros() / point.cost(best).micros(),
                    checks.choice(point).isEmpty() ? "" : " ✗"))
        .orElse("–");
  }

  private static String cell(CliffPoint point, Plan plan) {
    CliffPoint.Cost cost = point.cost(plan);
    return String.format(Locale.ROOT, "%.1f (%.3f)", cost.micros(), cost.recall());
  }

  /// @param points of one k
  Chart chart(List<CliffPoint> points) {
    Chart chart =
        new Chart(
            set.name() + ", k = " + points.getFirst().k(),
            new Axis("share of the rows that match, %", 0.01, 100, true),
            Axis.powersOfTen(
                "µs of processor time for a query",
                points.stream()
                    .flatMap(point -> point.plans().values().stream())
                    .mapToDouble(CliffPoint.Cost::micros)
                    .toArray()));
    for (Correlation correlation : Correlation.values()) {
      List<CliffPoint> curve = curve(points, correlation);
      chart.add(correlation.label(), line(curve, Plan.AUTO));
      chart.add(correlation.label() + ", list", line(curve, Plan.LIST));
      chart.add(correlation.label() + ", probe", line(curve, Plan.PROBE));
    }
    return chart;
  }

  private static List<double[]> line(List<CliffPoint> curve, Plan plan) {
    return curve.stream()
        .map(
            point ->
                new double[] {100 * CliffSet.SHARES.get(point.share()), point.cost(plan).micros()})
        .toList();
  }

  private static List<CliffPoint> curve(List<CliffPoint> points, Correlation correlation) {
    return points.stream()
        .filter(point -> point.share() == 0 || point.correlation() == correlation)
        .toList();
  }

  /// What a check is about, and what it found.
  record Verdict(String about, List<String> faults) {
    Verdict {
      faults = List.copyOf(faults);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(faults.isEmpty() ? "PASS  " : "FAIL  ");
      text.append(about).append('\n');
      faults.forEach(fault -> text.append("        ").append(fault).append('\n'));
      return text.toString();
    }
  }

  /// @param points of one k
  List<Verdict> verdicts(List<CliffPoint> points) {
    String of = "k " + points.getFirst().k() + ": ";
    List<List<CliffPoint>> curves =
        List.of(Correlation.values()).stream().map(each -> curve(points, each)).toList();
    return List.of(
        new Verdict(
            of + "no more than 1.3 times the best single plan, or 20 µs",
            points.stream().flatMap(point -> checks.choice(point).stream()).toList()),
        new Verdict(
            of + "no point 1.2 times slower than both neighbours",
            curves.stream().flatMap(curve -> checks.bumps(curve).stream()).toList()),
        new Verdict(
            of + "no more than 5 times the time without a filter",
            curves.stream().flatMap(curve -> checks.rises(curve).stream()).toList()),
        new Verdict(
            of + "no recall more than 0.01 below what was asked",
            curves.stream().flatMap(curve -> checks.losses(curve).stream()).toList()));
  }
}
