package io.capsdb.bench;

import io.capsdb.Database;
import io.capsdb.io.LocalDisk;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Recall, rows scored and rate of the default setting on real data, with exact search in the same
/// run as oracle and baseline, and whether the bars are met.
///
/// Usage: `bench/run recall (fashion|products) FOLDER [QUERIES]`. Ends with status 1 if a bar is
/// missed.
public final class RecallTable {
  private static final int WARM_UP_ROUNDS = 3;
  private static final int DEFAULT_QUERIES = 500;

  private final PrintStream out;
  private boolean isPassed = true;

  private RecallTable(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: recall (fashion|products) FOLDER [QUERIES]");
      System.exit(2);
    }
    int queries = args.length > 2 ? Integer.parseInt(args[2]) : DEFAULT_QUERIES;
    Path folder = Path.of(args[1]);
    BenchSet set =
        switch (args[0]) {
          case "fashion" -> FashionSet.read(new LocalDisk(), folder, queries);
          case "products" -> ProductsSet.read(new LocalDisk(), folder, queries);
          default -> throw new IllegalArgumentException("unknown data set: " + args[0]);
        };
    // Where the data is large enough for an index to spare most rows.
    if (!new RecallTable(System.out).run(set, args[0].equals("fashion"))) {
      System.exit(1);
    }
  }

  private boolean run(BenchSet set, boolean isProbeAsked) {
    List<Measured> all = new ArrayList<>();
    try (Database database = Database.inMemory()) {
      Measurement measurement = Measurement.load(database, set, WARM_UP_ROUNDS);
      out.printf(
          Locale.ROOT,
          "%s: %,d rows x %d, %s, %d queries, k = %d, %s kernels%n%s%n%n",
          set.name(),
          set.vectors().size(),
          set.vectors().getFirst().length,
          set.metric(),
          set.queries().size(),
          Measurement.K,
          io.capsdb.vector.Kernels.best().name(),
          measurement.collection().status());
      out.println(
          "| workload | matches | recall@10 | probes | rows scored | partitions | µs | exact µs |"
              + " ratio |");
      out.println("|---|---|---|---|---|---|---|---|---|");
      for (Workload workload : set.workloads()) {
        Measured measured = measurement.run(workload);
        all.add(measured);
        row(measured);
      }
    }
    out.println();
    for (Measured measured : all) {
      bar(measured.name(), "recall@10 at least 0.99", measured.hasRecall());
      bar(measured.name(), "every hit satisfies the filter", measured.foreign() == 0);
      bar(measured.name(), "never fewer than min(10, matches) hits", measured.tooFew() == 0);
      if (isProbeAsked && measured.isBroad()) {
        bar(
            measured.name(),
            "a probe that scored at most 15 % of the rows",
            measured.isProbe() && measured.hasRecall());
      }
    }
    out.println(isPassed ? "\nPASS" : "\nFAIL");
    return isPassed;
  }

  private void row(Measured measured) {
    out.printf(
        Locale.ROOT,
        "| %s | %.2f %% | %.4f | %.0f %% | %.2f %% | %.0f | %.0f | %.0f | %.1f |%n",
        measured.name(),
        100 * measured.matchRatio(),
        measured.recall(),
        100 * measured.probeRatio(),
        100 * measured.scoredRatio(),
        measured.partitions(),
        measured.micros(),
        measured.exactMicros(),
        measured.exactMicros() / measured.micros());
  }

  private void bar(String workload, String what, boolean isMet) {
    out.printf("%s  %s: %s%n", isMet ? "PASS" : "FAIL", workload, what);
    isPassed &= isMet;
  }
}
