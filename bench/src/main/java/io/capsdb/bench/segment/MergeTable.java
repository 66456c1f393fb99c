package io.capsdb.bench.segment;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.TruthFiles;
import io.capsdb.io.Disk;
import io.capsdb.io.LocalDisk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What it costs to merge ten segments, each of a tenth of a data set, against sealing all rows
/// into one, and whether searches find as much in the result for the same effort.
///
/// Usage: `bench/run merge FOLDER [WORKLOAD,...]`; the launcher adds an empty folder for the data.
public final class MergeTable {
  private static final int PIECES = 10;
  private static final double BAR = 1 / 3.0;
  private static final double AIM = 1 / 5.0;
  private static final double BAR_RECALL = 0.01;
  private static final List<String> WORKLOADS = List.of("none", "range10");

  private MergeTable() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: merge FOLDER [WORKLOAD,...] DATA");
      System.exit(2);
    }
    Disk disk = new LocalDisk();
    Path folder = Path.of(args[0]);
    Path data = Path.of(args[args.length - 1]);
    try (Arena arena = Arena.ofShared()) {
      DataSet set = new DataSetFiles(disk, folder).read(arena);
      List<String> workloads =
          args.length == 3
              ? List.of(args[1].split(","))
              : WORKLOADS.stream().filter(set.workloads()::containsKey).toList();
      run(set, new TruthFiles(disk, folder), workloads, data);
    }
  }

  private static void run(DataSet set, TruthFiles truths, List<String> workloads, Path data)
      throws IOException {
    // What sealing and merging need is compiled before they are measured.
    Path before = data.resolve("before");
    try (Pieces merged =
        Pieces.load(set, set.rowCount() / PIECES, PIECES, before).reopen(before, PIECES)) {
      merged.collection().seal();
    }
    Pieces pieces = Pieces.load(set, PIECES, data.resolve("pieces"));
    try (Pieces fresh = Pieces.create(set, data.resolve("fresh"))) {
      fresh.fill(set, 0, set.rowCount());
      double begin = processorSeconds();
      fresh.collection().seal();
      double built = processorSeconds() - begin;
      try (Pieces merged = pieces.reopen(data.resolve("pieces"), PIECES)) {
        begin = processorSeconds();
        merged.collection().seal();
        double taken = processorSeconds() - begin;
        if (merged.collection().status().segments() != 1) {
          throw new IllegalStateException("not merged: " + merged.collection().status());
        }
        System.out.printf(
            Locale.ROOT,
            "%s%s: %,d rows x %d, processor time: %.1f s to seal them as one segment,"
                + " %.1f s to merge %d segments: %.2f%s%n%n",
            set.name(),
            set.isGenerated() ? " (generated)" : "",
            set.rowCount(),
            set.dimension(),
            built,
            taken,
            PIECES,
            taken / built,
            taken <= AIM * built
                ? "  PASS, aim reached (1/5)"
                : taken <= BAR * built ? "  PASS (1/3)" : "  FAIL (1/3)");
        Contest contest =
            new Contest(
                set,
                truths,
                List.of("fresh", "merged"),
                List.of(fresh.collection(), merged.collection()));
        Contest.printHead();
        StringBuilder outcomes = new StringBuilder();
        for (String workload : workloads) {
          Contest.Outcome outcome = contest.run(workload);
          outcomes.append(
              String.format(
                  Locale.ROOT,
                  "%s: recall %+.4f%s, rate at equal recall %.2f%n",
                  workload,
                  outcome.recall(),
                  outcome.recall() >= -BAR_RECALL ? " PASS" : " FAIL (0.01)",
                  outcome.ratio()));
        }
        System.out.printf("%n%s", outcomes);
      }
    }
  }

  private static double processorSeconds() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getProcessCpuTime()
        / 1e9;
  }
}
