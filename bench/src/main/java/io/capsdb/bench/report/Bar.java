package io.capsdb.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// A ratio that is asked of us: on some workloads, against the best of some peers, at a recall.
///
/// @param workloads each of which has to reach it
/// @param against peers in words
/// @param peers by name
/// @param recall at which both are compared
/// @param must least ratio
/// @param aim what is hoped for, at least `must`
record Bar(
    List<String> workloads,
    String against,
    Predicate<String> peers,
    double recall,
    double must,
    double aim) {

  Bar {
    workloads = List.copyOf(workloads);
  }

  /// One line for a workload that was measured; empty for one that was not. `FAIL` where we miss
  /// the recall; `OPEN` where no such peer was measured on it.
  Optional<String> line(Results results, String workload) {
    if (!results.workloads().contains(workload)) {
      return Optional.empty();
    }
    Optional<Point> ours = results.best(workload, recall, Results.OURS::equals);
    Optional<Point> peer = results.best(workload, recall, peers);
    String verdict;
    String found;
    if (ours.isEmpty()) {
      verdict = "FAIL";
      found = "recall not reached";
    } else if (!results.isMeasured(workload, peers)) {
      verdict = "OPEN";
      found = "no such peer in this run";
    } else if (peer.isEmpty()) {
      verdict = "PASS";
      found = "no peer reaches the recall";
    } else {
      double ratio = ours.get().cpuQps() / peer.get().cpuQps();
      verdict = ratio >= aim ? "PASS, aim reached" : ratio >= must ? "PASS" : "FAIL";
      found = String.format(Locale.ROOT, "%.2f × %s", ratio, peer.get().engine());
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "| %s | %.2f | %s | ≥ %.2g × | ≥ %.2g × | %s | %s |",
            workload,
            recall,
            against,
            must,
            aim,
            found,
            verdict));
  }
}
