package io.capsdb.bench.report;

import io.capsdb.formats.FileOutput;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One page about our graphs alone: whether they are opponents to be proud of. Over all data sets
/// of some result files, searched for ten hits by one thread.
///
/// Usage: `bench/run graphs FILE... PAGE`
public final class GraphPage {
  private static final int K = 10;
  private static final String GRAPH = "graph";

  /// At equal settings, of the rate of hnswlib.
  private static final double RATE_OF_HNSWLIB = 0.6;

  /// Of the processor time that Lucene takes to build.
  private static final double BUILD_OF_LUCENE = 1.5;

  private static final double COMPARED = 0.95;

  /// Filters that have nothing to do with where a row lies.
  private static final List<String> UNCORRELATED = List.of("range10", "range1", "uniform10");

  /// From fast to slow, as the literature has them on equalities.
  private static final List<String> ORDER =
      List.of(Results.OURS, "stitched-vamana", "filtered-vamana");

  private static final List<String> EQUALITIES =
      List.of("own-label-brightness", "own-label", "power3");

  private final Results all;
  private final StringBuilder text = new StringBuilder();

  GraphPage(Results all) {
    this.all = all;
  }

  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      System.err.println("usage: graphs FILE... PAGE");
      System.exit(2);
    }
    ResultReader reader = new ResultReader();
    for (int i = 0; i < args.length - 1; i++) {
      reader.read(Disk.local(), Path.of(args[i]));
    }
    try (FileOutput out = FileOutput.create(Disk.local(), Path.of(args[args.length - 1]))) {
      out.write(new GraphPage(reader.results()).write().getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }

  String write() {
    text.append("# Our graphs\n\n");
    text.append(
        "HNSW with M = 16 and 100 candidates while it is built, as Lucene and hnswlib here;\n");
    text.append(
        "its ways to keep to a filter; Filtered-Vamana, Stitched-Vamana and NHQ. k = 10,\n");
    text.append(
        "one thread. Rates are queries per second of processor time, medians of at least\n");
    text.append(
        "five repetitions; each engine at its fastest setting that has the recall. Compare\n");
    text.append("ratios within a data set, not times.\n\n");
    for (Run run : all.runs()) {
      text.append("- `").append(run.command()).append("`, commit ").append(run.commit());
      text.append(", ").append(run.machine()).append('\n');
    }
    List<String> dataSets = all.points().stream().map(Point::dataset).distinct().toList();
    bars(dataSets);
    for (String dataSet : dataSets) {
      Results own = all.of(dataSet, K, 1);
      Tables tables = new Tables(own);
      text.append("\n## ").append(dataSet).append('\n');
      text.append(
          "\nQueries per second at recall 0.90 / 0.95 / 0.99; a dash where no setting that\n");
      text.append("was tried has the recall.\n\n").append(tables.rates());
      text.append("\nThe best recall that any setting has:\n\n").append(reached(own));
      text.append('\n').append(tables.builds());
    }
    return text.toString();
  }

  private void bars(List<String> dataSets) {
    text.append("\n## Bars\n\n| data | what | must | found | |\n|---|---|---|---|---|\n");
    for (String dataSet : dataSets) {
      Results own = all.of(dataSet, K, 1);
      for (double recall : new double[] {0.95, 0.99}) {
        rate(dataSet, own, "lucene", recall, 1);
        rate(dataSet, own, "hnswlib-cpp", recall, RATE_OF_HNSWLIB);
      }
      build(dataSet, own);
      for (String workload : UNCORRELATED) {
        reached(dataSet, own, workload, "graph-acorn-1", "ACORN-1, as published,");
        reached(dataSet, own, workload, "graph-acorn", "our walk over matches");
      }
      for (String workload : EQUALITIES) {
        order(dataSet, own, workload);
      }
    }
  }

  private void line(String dataSet, String what, String must, String found, boolean isReached) {
    text.append(
        String.format(
            Locale.ROOT,
            "| %s | %s | %s | %s | %s |%n",
            dataSet,
            what,
            must,
            found,
            isReached ? "PASS" : "FAIL"));
  }

  private void rate(String dataSet, Results own, String peer, double recall, double must) {
    Optional<Point> ours = own.best("none", recall, GRAPH::equals);
    Optional<Point> theirs = own.best("none", recall, peer::equals);
    if (ours.isEmpty() || theirs.isEmpty()) {
      return;
    }
    double ratio = ours.get().cpuQps() / theirs.get().cpuQps();
    line(
        dataSet,
        String.format(Locale.ROOT, "rate without a filter against %s, recall %.2f", peer, recall),
        String.format(Locale.ROOT, "≥ %.1f ×", must),
        String.format(Locale.ROOT, "%.2f ×", ratio),
        ratio >= must);
  }

  private void build(String dataSet, Results own) {
    Optional<Build> ours = build(own, GRAPH);
    Optional<Build> theirs = build(own, "lucene");
    if (ours.isEmpty() || theirs.isEmpty()) {
      return;
    }
    double ratio = ours.get().cpuSeconds() / theirs.get().cpuSeconds();
    line(
        dataSet,
        "processor time of the build against lucene",
        String.format(Locale.ROOT, "≤ %.1f ×", BUILD_OF_LUCENE),
        String.format(Locale.ROOT, "%.2f ×", ratio),
        ratio <= BUILD_OF_LUCENE);
  }

  private static Optional<Build> build(Results own, String engine) {
    return own.builds().stream().filter(each -> each.engine().equals(engine)).findFirst();
  }

  private void reached(
      String dataSet, Results own, String workload, String engine, String inWords) {
    if (own.isMeasured(workload, engine::equals)) {
      double best = bestRecall(own, workload, engine);
      line(
          dataSet,
          "recall that " + inWords + " can reach, " + workload,
          "≥ 0.95",
          String.format(Locale.ROOT, "%.3f", best),
          best >= COMPARED);
    }
  }

  private void order(String dataSet, Results own, String workload) {
    List<Point> found = new ArrayList<>();
    for (String engine : ORDER) {
      own.best(workload, COMPARED, engine::equals).ifPresent(found::add);
    }
    if (found.size() < ORDER.size()) {
      return;
    }
    boolean isInOrder = true;
    List<String> rates = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      isInOrder &= i == 0 || found.get(i - 1).cpuQps() > found.get(i).cpuQps();
      rates.add(Tables.rate(found.get(i).cpuQps()));
    }
    line(
        dataSet,
        "order at recall 0.95, " + workload,
        String.join(" > ", ORDER),
        String.join(", ", rates),
        isInOrder);
  }

  private static double bestRecall(Results own, String workload, String engine) {
    return own.points().stream()
        .filter(point -> point.workload().equals(workload) && point.engine().equals(engine))
        .mapToDouble(Point::recall)
        .max()
        .orElse(0);
  }

  private static String reached(Results own) {
    StringBuilder table = new StringBuilder("| engine |");
    own.workloads().forEach(workload -> table.append(' ').append(workload).append(" |"));
    table.append("\n|---|").append("---|".repeat(own.workloads().size())).append('\n');
    for (String engine : own.engines()) {
      table.append("| ").append(engine).append(" |");
      for (String workload : own.workloads()) {
        table.append(
            own.isMeasured(workload, engine::equals)
                ? String.format(Locale.ROOT, " %.3f |", bestRecall(own, workload, engine))
                : " – |");
      }
      table.append('\n');
    }
    return table.toString();
  }
}
