package io.capsdb.bench;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.CollectionStatus;
import io.capsdb.Database;
import io.capsdb.Point;
import io.capsdb.io.Disk;
import io.capsdb.io.LocalDisk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Time from the first batch to `status: green`, through the library with its log, and the bytes
/// that lie on the disk then.
///
/// Usage: `bench/run load (fashion|products) FOLDER`; the launcher adds an empty folder for the
/// data.
public final class LoadTable {
  private static final int BATCH = 1_000;

  private LoadTable() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("usage: load (fashion|products) FOLDER DATA");
      System.exit(2);
    }
    Disk disk = new LocalDisk();
    BenchSet set =
        switch (args[0]) {
          case "fashion" -> FashionSet.read(disk, Path.of(args[1]), 1);
          case "products" -> ProductsSet.read(disk, Path.of(args[1]), 1);
          default -> throw new IllegalArgumentException("unknown data set: " + args[0]);
        };
    int rows = set.vectors().size();
    int dimension = set.vectors().getFirst().length;
    Path data = Path.of(args[2]);
    try (Database database = Database.open(data)) {
      Collection collection =
          database.createCollection("bench", CollectionConfig.of(dimension, set.metric()));
      double begin = seconds();
      for (int from = 0; from < rows; from += BATCH) {
        List<Point> batch = new ArrayList<>();
        for (int i = from; i < Math.min(from + BATCH, rows); i++) {
          batch.add(Point.of(i, set.vectors().get(i), set.payloads().get(i)));
        }
        collection.upsert(batch);
      }
      double upserted = seconds() - begin;
      CollectionStatus status = collection.awaitGreen(Duration.ofMinutes(30));
      double green = seconds() - begin;
      long raw = 4L * rows * dimension;
      long bytes = bytes(disk, data);
      System.out.printf(
          Locale.ROOT, "%s: %,d rows x %d%n%s%n%n", set.name(), rows, dimension, status);
      System.out.println(
          "| stored after | green after | rows/s to green | MiB on disk | over raw vectors |");
      System.out.println("|---|---|---|---|---|");
      System.out.printf(
          Locale.ROOT,
          "| %.1f s | %.1f s | %,.0f | %,.1f | %.1f %% |%n",
          upserted,
          green,
          rows / green,
          bytes / 1048576.0,
          100.0 * (bytes - raw) / raw);
    }
  }

  private static double seconds() {
    return ManagementFactory.getRuntimeMXBean().getUptime() / 1e3;
  }

  private static long bytes(Disk disk, Path folder) throws IOException {
    long sum = 0;
    for (String name : disk.list(folder)) {
      Path path = folder.resolve(name);
      if (name.startsWith("collection-")) {
        sum += bytes(disk, path);
      } else {
        sum += disk.size(path);
      }
    }
    return sum;
  }
}
