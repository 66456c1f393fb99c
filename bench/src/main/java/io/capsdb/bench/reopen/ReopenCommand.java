package io.capsdb.bench.reopen;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.CollectionStatus;
import io.capsdb.Database;
import io.capsdb.Point;
import io.capsdb.SearchRequest;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.io.Disk;
import io.capsdb.io.LocalDisk;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How long a database of a data set takes from the call that opens it to the first search and the
/// first write, and what of the heap is in use then.
///
/// Each step is a process of its own, which `bench/run reopen` starts one after the other: `load`,
/// `open`, `churn` until it is killed, `open`.
public final class ReopenCommand {
  private static final String NAME = "reopen";
  private static final int BATCH = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  /// Milliseconds to the first search and the first write that are to be reached, after a clean
  /// stop and after a kill.
  private static final double[][] BARS = {{2_000, 10_000}, {5_000, 10_000}};

  private static final double HEAP_BAR = 300;

  private ReopenCommand() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("usage: reopen (load|churn|clean|killed) FOLDER DATA");
      System.exit(2);
    }
    Path data = Path.of(args[2]);
    switch (args[0]) {
      case "load" -> load(Path.of(args[1]), data);
      case "churn" -> churn(Path.of(args[1]), data);
      case "clean", "killed" -> {
        if (!open(args[0], data)) {
          System.exit(1);
        }
      }
      default -> throw new IllegalArgumentException("unknown step: " + args[0]);
    }
  }

  private static void load(Path folder, Path data) throws IOException {
    try (Arena arena = Arena.ofShared();
        Database database = Database.open(data)) {
      DataSet set = new DataSetFiles(new LocalDisk(), folder).read(arena);
      Collection collection =
          database.createCollection(NAME, CollectionConfig.of(set.dimension(), set.metric()));
      for (int from = 0; from < set.rowCount(); from += BATCH) {
        collection.upsert(points(set, from, Math.min(BATCH, set.rowCount() - from)));
      }
      collection.seal();
      collection.awaitGreen(PATIENCE);
      // The rows of a whole segment more stay in the log.
      collection.upsert(points(set, 0, Math.min(BATCH, set.rowCount())));
    }
  }

  /// Overwrites one batch after the other, until the process is killed.
  private static void churn(Path folder, Path data) throws IOException {
    try (Arena arena = Arena.ofShared();
        Database database = Database.open(data)) {
      DataSet set = new DataSetFiles(new LocalDisk(), folder).read(arena);
      Collection collection = only(database);
      for (int from = 0; ; from = (from + BATCH) % (set.rowCount() - BATCH)) {
        collection.upsert(points(set, from, BATCH));
      }
    }
  }

  /// The one collection: a folder may come from elsewhere.
  private static Collection only(Database database) {
    return database.collection(database.collectionNames().getFirst());
  }

  private static List<Point> points(DataSet set, int from, int count) {
    List<Point> points = new ArrayList<>();
    for (int row = from; row < from + count; row++) {
      points.add(Point.of(row, set.rows().row(row), Map.of("row", row % 100)));
    }
    return points;
  }

  private static boolean open(String stop, Path data) throws IOException {
    double begin = millis();
    try (Database database = Database.open(data)) {
      double opened = millis() - begin;
      Collection collection = only(database);
      float[] query =
          new float[collection.config().vectors().values().iterator().next().dimension()];
      collection.search(SearchRequest.nearest(query).limit(10));
      double searched = millis() - begin;
      collection.upsert(List.of(Point.of(7, query, Map.of("row", 7))));
      double written = millis() - begin;
      double heap = heapMebibytes();
      // Twelve thousand look-ups, after which a key directory is opened or made.
      for (int from = 0; from < 12_000; from += BATCH) {
        List<PointId> ids = new ArrayList<>();
        for (int i = from; i < from + BATCH; i++) {
          ids.add(PointId.of(i));
        }
        collection.changePayloads(ids, old -> old);
      }
      CollectionStatus status = collection.awaitGreen(PATIENCE);
      double[] bars = BARS[stop.equals("clean") ? 0 : 1];
      boolean isMet = searched <= bars[0] && written <= bars[1] && heap <= HEAP_BAR;
      System.out.printf(
          Locale.ROOT,
          "%s stop, %,d points in %d segments: open %.0f ms, first search after %.0f ms (bar %.0f),"
              + " first write after %.0f ms (bar %.0f), heap in use %.0f MiB (bar %.0f), key"
              + " directory %.1f bytes/point: %s%n",
          stop,
          status.points(),
          status.segments(),
          opened,
          searched,
          bars[0],
          written,
          bars[1],
          heap,
          HEAP_BAR,
          (double) keyBytes(data) / status.points(),
          isMet ? "PASS" : "FAIL");
      return isMet;
    }
  }

  private static double millis() {
    return ManagementFactory.getRuntimeMXBean().getUptime();
  }

  private static double heapMebibytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
  }

  private static long keyBytes(Path data) throws IOException {
    Disk disk = new LocalDisk();
    long bytes = 0;
    for (String folder : disk.list(data)) {
      if (folder.startsWith("collection-")) {
        for (String name : disk.list(data.resolve(folder))) {
          bytes += name.startsWith("keys-") ? disk.size(data.resolve(folder).resolve(name)) : 0;
        }
      }
    }
    return bytes;
  }
}
