package io.capsdb.bench.report;

import io.capsdb.formats.FileOutput;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Writes a page of tables, with charts, for each data set, number of hits and number of threads of
/// some result files.
///
/// Usage: `bench/run report FILE... FOLDER`
public final class ReportCommand {
  private static final int USUAL_K = 10;
  private static final double LATENCY_TARGET = 0.95;

  private final Disk disk;
  private final Path folder;

  ReportCommand(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
  }

  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      System.err.println("usage: report FILE... FOLDER");
      System.exit(2);
    }
    ResultReader reader = new ResultReader();
    for (int i = 0; i < args.length - 1; i++) {
      reader.read(Disk.local(), Path.of(args[i]));
    }
    new ReportCommand(Disk.local(), Path.of(args[args.length - 1])).write(reader.results());
  }

  /// What one page is about.
  private record Page(String dataset, int k, int threads) {
    String file() {
      return dataset
          + (k == USUAL_K ? "" : "-k" + k)
          + (threads == 1 ? "" : "-" + threads + "-threads");
    }
  }

  void write(Results all) throws IOException {
    disk.createFolders(folder);
    Set<Page> pages = new LinkedHashSet<>();
    for (Point point : all.points()) {
      pages.add(new Page(point.dataset(), point.k(), point.threads()));
    }
    for (Page page : pages) {
      page(page, all.of(page.dataset(), page.k(), page.threads()));
    }
  }

  private void page(Page page, Results results) throws IOException {
    Tables tables = new Tables(results);
    StringBuilder text = new StringBuilder();
    text.append("# ").append(page.dataset()).append('\n');
    text.append(heading(page, results));
    text.append("\n## How many times faster than the best peer, at recall 0.95\n\n");
    text.append(tables.ratios(0.95));
    text.append("\n## The same at recall 0.99\n\n").append(tables.ratios(0.99));
    String bars =
        page.k() == USUAL_K && page.threads() == 1 ? Bars.table(page.dataset(), results) : "";
    if (!bars.isEmpty()) {
      text.append("\n## Bars\n\n").append(bars);
    }
    text.append("\n## Queries per second at recall 0.90 / 0.95 / 0.99\n\n");
    text.append("A dash: no setting that was tried has the recall.\n\n").append(tables.rates());
    text.append("\n## Cost of the index\n\n").append(tables.builds());
    text.append("\n## Charts\n");
    Charts charts = new Charts(results);
    Optional<Chart> latency = charts.latency(LATENCY_TARGET);
    if (latency.isPresent()) {
      image(text, page.file() + "-latency.svg", "time against selectivity", latency.get());
    }
    for (String workload : results.workloads()) {
      image(text, page.file() + "-" + workload + ".svg", workload, charts.recall(workload));
    }
    text.append("\n## Settings and latencies at recall 0.95\n\n").append(tables.latencies(0.95));
    if (!results.skipped().isEmpty()) {
      text.append("\n## Left out\n\n");
      for (Map.Entry<String, String> skip : results.skipped().entrySet()) {
        text.append("- ").append(skip.getKey()).append(": ").append(skip.getValue()).append('\n');
      }
    }
    write(page.file() + ".md", text.toString());
  }

  private static String heading(Page page, Results results) {
    StringBuilder text = new StringBuilder("\n");
    for (Run run : results.runs().stream().limit(1).toList()) {
      if (run.isGenerated()) {
        text.append("**This data is generated**; real data stands on pages of its own.\n\n");
      }
      text.append(
          String.format(
              Locale.ROOT,
              "%s: %,d rows × %d, %s.%n%n",
              run.about().isEmpty() ? run.dataset() : run.about(),
              run.rows(),
              run.dimension(),
              run.metric()));
    }
    for (Run run : results.runs()) {
      text.append("- `").append(run.command()).append("`, commit ").append(run.commit());
      text.append(", ").append(run.machine()).append('\n');
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%nk = %d, %d thread%s. Rates are queries per second of processor time of a searching"
                + " thread, medians%nof at least five repetitions; each engine at its fastest"
                + " setting that has the recall. Compare%nratios within a page, not times.%n",
            page.k(),
            page.threads(),
            page.threads() == 1 ? "" : "s"));
    return text.toString();
  }

  private void image(StringBuilder text, String file, String title, Chart chart)
      throws IOException {
    text.append("\n![").append(title).append("](").append(file).append(")\n");
    write(file, chart.svg());
  }

  private void write(String name, String text) throws IOException {
    try (FileOutput out = FileOutput.create(disk, folder.resolve(name))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }
}
