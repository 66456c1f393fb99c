package io.capsdb.bench.segment;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Point;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.index.RowOrder;
import io.capsdb.io.LocalDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What changing payloads costs beside storing the same points again: the time until the calls have
/// returned, which readers see at once, and the processor time of the process until what was
/// written is indexed and sealed. The bar is on the latter; points that are stored are not in the
/// index when their call returns.
///
/// Usage: `bench/run changes FOLDER`; the launcher adds an empty folder for the data.
public final class ChangesTable {
  private static final int PART = 100;
  private static final int BATCH = 1_000;
  private static final int ROUNDS = 7;

  /// Batches of both that run before, on another collection, so that what both need is compiled.
  private static final int WARM_UPS = 300;
  private static final double BAR = 20;

  private ChangesTable() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: changes FOLDER DATA");
      System.exit(2);
    }
    LongSupplier nanoClock = System::nanoTime;
    try (Arena arena = Arena.ofShared()) {
      DataSet set = new DataSetFiles(new LocalDisk(), Path.of(args[0])).read(arena);
      List<Integer> all = IntStream.range(0, set.attributes().size()).boxed().toList();
      try (OneSegment loaded =
          OneSegment.load(set, all, Path.of(args[1]), RowOrder.GAIN, List.of())) {
        SplittableRandom random = new SplittableRandom(1);
        warmUp(set, loaded, random);
        double[] changed = new double[ROUNDS];
        double[] stored = new double[ROUNDS];
        double[] allOfChanged = new double[ROUNDS];
        double[] allOfStored = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
          int[] rows =
              random.ints(0, set.rowCount()).distinct().limit(set.rowCount() / PART).toArray();
          List<List<PointId>> ids = new ArrayList<>();
          List<List<Point>> points = new ArrayList<>();
          for (int from = 0; from < rows.length; from += BATCH) {
            int[] batch = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + BATCH));
            ids.add(IntStream.of(batch).mapToObj(PointId::of).toList());
            points.add(points(set, batch));
          }
          Collection collection = loaded.collection();
          Payload payload = payload(set, random.nextInt(set.rowCount()));
          long before = processorNanos();
          changed[round] =
              millis(
                  nanoClock,
                  () -> ids.forEach(each -> collection.changePayloads(each, _ -> payload)));
          collection.seal();
          long between = processorNanos();
          stored[round] = millis(nanoClock, () -> points.forEach(collection::upsert));
          collection.seal();
          allOfChanged[round] = (between - before) / 1e6;
          allOfStored[round] = (processorNanos() - between) / 1e6;
        }
        System.out.printf(
            Locale.ROOT,
            "%s: %,d of %,d rows%n",
            set.name(),
            set.rowCount() / PART,
            set.rowCount());
        print("time until the calls have returned", changed, stored);
        double ratio = print("processor time until all is indexed", allOfChanged, allOfStored);
        System.out.printf(
            Locale.ROOT, "%s  at least %.0f x%n", ratio >= BAR ? "PASS" : "FAIL", BAR);
      }
    }
  }

  /// Prints medians; answers how many times as much storing takes.
  private static double print(String what, double[] changed, double[] stored) {
    Arrays.sort(changed);
    Arrays.sort(stored);
    double ratio = stored[ROUNDS / 2] / changed[ROUNDS / 2];
    System.out.printf(
        Locale.ROOT,
        "%s: payloads changed %.1f ms, points stored %.1f ms: %.1f x%n",
        what,
        changed[ROUNDS / 2],
        stored[ROUNDS / 2],
        ratio);
    return ratio;
  }

  private static long processorNanos() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }

  private static void warmUp(DataSet set, OneSegment loaded, SplittableRandom random) {
    Collection other =
        loaded
            .database()
            .createCollection("warm", CollectionConfig.of(set.dimension(), set.metric()));
    int rows = Math.min(set.rowCount(), 20 * BATCH);
    for (int from = 0; from < rows; from += BATCH) {
      other.upsert(points(set, IntStream.range(from, Math.min(rows, from + BATCH)).toArray()));
    }
    other.seal();
    for (int i = 0; i < WARM_UPS; i++) {
      int[] some = random.ints(0, rows).distinct().limit(BATCH / 10).toArray();
      Payload payload = payload(set, random.nextInt(set.rowCount()));
      other.changePayloads(IntStream.of(some).mapToObj(PointId::of).toList(), _ -> payload);
      other.upsert(points(set, some));
    }
    loaded.database().dropCollection("warm");
  }

  private static List<Point> points(DataSet set, int[] rows) {
    return IntStream.of(rows)
        .mapToObj(row -> Point.of(row, set.rows().row(row), payload(set, row)))
        .toList();
  }

  private static double millis(LongSupplier nanoClock, Runnable action) {
    long begin = nanoClock.getAsLong();
    action.run();
    return (nanoClock.getAsLong() - begin) / 1e6;
  }

  private static Payload payload(DataSet set, int row) {
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    for (int attribute = 0; attribute < set.columns().length; attribute++) {
      payload.put(set.attributes().get(attribute), set.columns()[attribute][row]);
    }
    return Payload.of(payload);
  }
}
