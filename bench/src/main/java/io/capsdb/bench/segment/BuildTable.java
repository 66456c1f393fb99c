package io.capsdb.bench.segment;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.index.RowOrder;
import io.capsdb.io.LocalDisk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/// What it costs to seal all rows of a data set into one segment: ids, documents, attributes,
/// partitions, codes, and writing them, from rows that are in memory.
///
/// Usage: `bench/run build FOLDER`; the launcher adds an empty folder for the data, and runs it on
/// one processor and on two.
public final class BuildTable {
  /// Processor seconds at a million rows of 128 values.
  private static final double BAR_SECONDS = 20;

  private static final int BAR_ROWS = 1_000_000;
  private static final int BAR_DIMENSION = 128;
  private static final int PROGRESS_SECONDS = 5;

  private BuildTable() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: build FOLDER DATA");
      System.exit(2);
    }
    LongSupplier nanoClock = System::nanoTime;
    try (Arena arena = Arena.ofShared()) {
      DataSet set = new DataSetFiles(new LocalDisk(), Path.of(args[0])).read(arena);
      List<Integer> all = IntStream.range(0, set.attributes().size()).boxed().toList();
      try (OneSegment loaded =
              OneSegment.fill(set, all, Path.of(args[1]), RowOrder.GAIN, List.of());
          ScheduledExecutorService progress = Executors.newSingleThreadScheduledExecutor()) {
        ScheduledFuture<?> telling =
            progress.scheduleAtFixedRate(
                () -> System.err.println(loaded.collection().status().work()),
                PROGRESS_SECONDS,
                PROGRESS_SECONDS,
                TimeUnit.SECONDS);
        long begin = nanoClock.getAsLong();
        double processorBegin = processorSeconds();
        loaded.collection().seal();
        double processor = processorSeconds() - processorBegin;
        double wall = (nanoClock.getAsLong() - begin) / 1e9;
        telling.cancel(true);
        boolean isBar = set.rowCount() == BAR_ROWS && set.dimension() == BAR_DIMENSION;
        System.out.printf(
            Locale.ROOT,
            "%s: %,d rows x %d, %d processors: %.1f s of processor time, %.1f s%s%n",
            set.name(),
            set.rowCount(),
            set.dimension(),
            Runtime.getRuntime().availableProcessors(),
            processor,
            wall,
            isBar ? processor <= BAR_SECONDS ? "  PASS (at most 20 s)" : "  FAIL (20 s)" : "");
      }
    }
  }

  private static double processorSeconds() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getProcessCpuTime()
        / 1e9;
  }
}
