package io.capsdb.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The tables of a report, as Markdown.
final class Tables {
  private static final String ABSENT = "–";

  private final Results results;

  Tables(Results results) {
    this.results = results;
  }

  /// How many times faster we are than the best of each kind of peers, at each target.
  String ratios(double target) {
    StringBuilder table = new StringBuilder("| workload | rows that match | ours, q/s |");
    List<EngineClass> classes = new ArrayList<>();
    for (EngineClass each : EngineClass.values()) {
      if (results.engines().stream().anyMatch(each::has)) {
        classes.add(each);
        table.append(' ').append(each.title()).append(" |");
      }
    }
    table.append("\n|---|---|---|").append("---|".repeat(classes.size())).append('\n');
    for (String workload : results.workloads()) {
      Optional<Point> ours = results.best(workload, target, Results.OURS::equals);
      table.append("| ").append(workload).append(" | ");
      table.append(percent(results.selectivity(workload))).append(" | ");
      table.append(ours.map(point -> rate(point.cpuQps())).orElse(ABSENT)).append(" |");
      for (EngineClass each : classes) {
        String cell =
            results.isMeasured(workload, each::has)
                ? ratio(ours, results.best(workload, target, each::has))
                : ABSENT;
        table.append(' ').append(cell).append(" |");
      }
      table.append('\n');
    }
    return table.toString();
  }

  private static String ratio(Optional<Point> ours, Optional<Point> peer) {
    if (peer.isEmpty()) {
      return "not reached";
    }
    String name = peer.get().engine();
    return ours.isEmpty()
        ? "**missed** (" + name + ")"
        : String.format(
            Locale.ROOT, "**%.2f ×** %s", ours.get().cpuQps() / peer.get().cpuQps(), name);
  }

  /// Queries per second of processor time of each engine on each workload, at each target.
  String rates() {
    StringBuilder table = new StringBuilder("| engine |");
    List<String> workloads = results.workloads();
    workloads.forEach(workload -> table.append(' ').append(workload).append(" |"));
    table.append("\n|---|").append("---|".repeat(workloads.size())).append('\n');
    for (String engine : results.engines()) {
      table.append("| ").append(engine).append(" |");
      for (String workload : workloads) {
        List<String> cells =
            Results.TARGETS.stream()
                .map(
                    target ->
                        results
                            .best(workload, target, engine::equals)
                            .map(point -> rate(point.cpuQps()))
                            .orElse(ABSENT))
                .toList();
        table.append(' ').append(String.join(" / ", cells)).append(" |");
      }
      table.append('\n');
    }
    return table.toString();
  }

  /// Setting and latencies of each engine at one target.
  String latencies(double target) {
    StringBuilder table =
        new StringBuilder(
            "| workload | engine | setting | recall | q/s, processor | q/s, wall | p50 µs | p99 µs |\n");
    table.append("|---|---|---|---|---|---|---|---|\n");
    for (String workload : results.workloads()) {
      for (String engine : results.engines()) {
        Optional<Point> best = results.best(workload, target, engine::equals);
        if (best.isPresent()) {
          Point point = best.get();
          table.append(
              String.format(
                  Locale.ROOT,
                  "| %s | %s | %s | %.3f | %s | %s | %.1f | %.1f |%n",
                  workload,
                  engine,
                  point.setting(),
                  point.recall(),
                  rate(point.cpuQps()),
                  rate(point.wallQps()),
                  point.p50Micros(),
                  point.p99Micros()));
        }
      }
    }
    return table.toString();
  }

  /// What each index cost.
  String builds() {
    long raw = results.runs().stream().mapToLong(Run::rawBytes).findFirst().orElse(0);
    StringBuilder table =
        new StringBuilder(
            "| engine | version | settings | build, processor s | build, s | MiB beyond raw |"
                + " of raw |\n|---|---|---|---|---|---|---|\n");
    for (Build build : results.builds()) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %.1f | %.1f | %.1f | %s |%n",
              build.engine(),
              build.version(),
              build.settings(),
              build.cpuSeconds(),
              build.wallSeconds(),
              build.bytesBeyondRaw() / 1048576.0,
              raw == 0 ? ABSENT : percent((double) build.bytesBeyondRaw() / raw)));
    }
    return table.toString();
  }

  /// With three digits, and `k` for thousands.
  static String rate(double qps) {
    if (qps >= 99_950) {
      return String.format(Locale.ROOT, "%.0fk", qps / 1e3);
    }
    if (qps >= 9_995) {
      return String.format(Locale.ROOT, "%.1fk", qps / 1e3);
    }
    if (qps >= 1_000) {
      return String.format(Locale.ROOT, "%.2fk", qps / 1e3);
    }
    return String.format(Locale.ROOT, qps < 10 ? "%.1f" : "%.0f", qps);
  }

  static String percent(double share) {
    return share >= 0.0995
        ? String.format(Locale.ROOT, "%.0f %%", 100 * share)
        : String.format(Locale.ROOT, "%.2g %%", 100 * share);
  }
}
