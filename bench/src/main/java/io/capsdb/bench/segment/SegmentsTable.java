package io.capsdb.bench.segment;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.TruthFiles;
import io.capsdb.io.Disk;
import io.capsdb.io.LocalDisk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What searches cost in six segments of equal size against one with the same rows, at equal
/// recall.
///
/// Usage: `bench/run segments FOLDER [WORKLOAD,...]`; the launcher adds an empty folder for the
/// data.
public final class SegmentsTable {
  private static final int PIECES = 6;
  private static final double BAR = 0.7;
  private static final double AIM = 0.9;

  private SegmentsTable() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: segments FOLDER [WORKLOAD,...] DATA");
      System.exit(2);
    }
    Disk disk = new LocalDisk();
    Path folder = Path.of(args[0]);
    Path data = Path.of(args[args.length - 1]);
    boolean isPassed = true;
    try (Arena arena = Arena.ofShared()) {
      DataSet set = new DataSetFiles(disk, folder).read(arena);
      List<String> workloads =
          args.length == 3
              ? List.of(args[1].split(","))
              : set.workloads().keySet().stream().sorted().toList();
      try (Pieces one = Pieces.load(set, 1, data.resolve("one"));
          Pieces many = Pieces.load(set, PIECES, data.resolve("many"))) {
        System.out.printf(
            Locale.ROOT,
            "%s%s: %,d rows x %d, k = %d, processor time%n%n",
            set.name(),
            set.isGenerated() ? " (generated)" : "",
            set.rowCount(),
            set.dimension(),
            Contest.K);
        Contest contest =
            new Contest(
                set,
                new TruthFiles(disk, folder),
                List.of("one segment", PIECES + " segments"),
                List.of(one.collection(), many.collection()));
        Contest.printHead();
        StringBuilder outcomes = new StringBuilder();
        for (String workload : workloads) {
          Contest.Outcome outcome = contest.run(workload);
          isPassed &= outcome.ratio() >= BAR;
          outcomes.append(
              String.format(
                  Locale.ROOT,
                  "%s: %.2f times the rate at equal recall  %s%n",
                  workload,
                  outcome.ratio(),
                  outcome.ratio() >= AIM
                      ? "PASS, aim reached (0.9)"
                      : outcome.ratio() >= BAR ? "PASS (0.7)" : "FAIL (0.7)"));
        }
        System.out.printf("%n%s", outcomes);
      }
    }
    if (!isPassed) {
      System.exit(1);
    }
  }
}
