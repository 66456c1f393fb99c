package io.capsdb.server.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// An evaluation as lines of cells, for a terminal.
public final class EvaluationTable {
  public static final List<String> HEADER =
      List.of(
          "filter", "match", "index", "setting", "recall", "q/s", "p50 µs", "p95 µs", "p99 µs",
          "rows");

  private EvaluationTable() {}

  public static List<List<String>> rows(Evaluation evaluation) {
    List<List<String>> rows = new ArrayList<>();
    for (Evaluation.Workload workload : evaluation.workloads()) {
      for (Evaluation.Series series : workload.series()) {
        for (Evaluation.Run run : series.runs()) {
          rows.add(
              List.of(
                  workload.name(),
                  share(workload.share()),
                  series.index(),
                  run.setting(),
                  String.format(Locale.ROOT, "%.4f", run.recall()),
                  String.format(Locale.ROOT, "%.0f", run.rate()),
                  String.format(Locale.ROOT, "%.0f", run.p50()),
                  String.format(Locale.ROOT, "%.0f", run.p95()),
                  String.format(Locale.ROOT, "%.0f", run.p99()),
                  String.format(Locale.ROOT, "%.0f", run.rowsScored())));
        }
      }
    }
    return rows;
  }

  /// What stands above the table: what was measured, and what indexes cost.
  public static List<String> head(Evaluation evaluation) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %,d points, %d dimensions, %s; %d queries, k = %d",
            evaluation.name(),
            evaluation.points(),
            evaluation.dimension(),
            evaluation.metric().toLowerCase(Locale.ROOT),
            evaluation.queries(),
            evaluation.k()));
    for (Evaluation.Index index : evaluation.indexes()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: %s, %s",
              index.name(),
              index.buildSeconds() < 0
                  ? "build time not known"
                  : String.format(Locale.ROOT, "built in %.1f s", index.buildSeconds()),
              bytes(index.bytes())));
    }
    return lines;
  }

  /// What stands below: notes, and what must not be.
  public static List<String> foot(Evaluation evaluation) {
    List<String> lines = new ArrayList<>(evaluation.notes());
    int missing = 0;
    int wrong = 0;
    for (Evaluation.Workload workload : evaluation.workloads()) {
      for (Evaluation.Series series : workload.series()) {
        for (Evaluation.Run run : series.runs()) {
          missing += run.missing();
          wrong += run.wrong();
        }
      }
    }
    lines.add(
        missing + wrong == 0
            ? "Every search had as many hits as there are matches, up to k, and no wrong one."
            : missing + " searches had fewer hits than there are, " + wrong + " hits were wrong.");
    lines.add(
        String.format(
            Locale.ROOT,
            "One thread, times of the fastest passes; exact answers in %.1f s, all in %.1f s.",
            evaluation.truthSeconds(),
            evaluation.seconds()));
    return lines;
  }

  static String share(double share) {
    return share >= 0.1
        ? String.format(Locale.ROOT, "%.0f %%", 100 * share)
        : String.format(Locale.ROOT, "%.2g %%", 100 * share);
  }

  static String bytes(long bytes) {
    if (bytes < 0) {
      return "size not known";
    }
    return bytes < 10_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
