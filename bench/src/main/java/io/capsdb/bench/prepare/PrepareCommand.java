package io.capsdb.bench.prepare;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.Ranges;
import io.capsdb.bench.data.TruthFiles;
import io.capsdb.io.Disk;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// Writes a data set as a folder, and the exact answers of its workloads at k = 10.
///
/// Usage: `bench/run prepare NAME FOLDER [--from FOLDER]`; the second folder holds the public files
/// of a real set.
public final class PrepareCommand {
  private static final int K = 10;
  private static final int QUERIES = 500;

  private PrepareCommand() {}

  public static void main(String[] args) throws IOException {
    boolean hasSource = args.length == 4 && args[2].equals("--from");
    if (args.length != 2 && !hasSource) {
      System.err.println("usage: prepare NAME FOLDER [--from FOLDER]");
      System.exit(2);
    }
    Disk disk = Disk.local();
    Path target = Path.of(args[1]);
    try (Arena arena = Arena.ofShared()) {
      DataSet set = make(disk, args[0], Path.of(hasSource ? args[3] : ""), arena);
      new DataSetFiles(disk, target).write(set);
      System.out.printf(
          Locale.ROOT,
          "%s: %,d rows x %d, %d queries%n",
          set.name(),
          set.rowCount(),
          set.dimension(),
          set.queries().length);
      TruthFiles truth = new TruthFiles(disk, target);
      for (Map.Entry<String, Ranges> workload : set.workloads().entrySet()) {
        truth.get(set, workload.getKey(), K);
        System.out.printf(
            Locale.ROOT,
            "%s: %.3f %% of the rows match%n",
            workload.getKey(),
            100 * workload.getValue().selectivity(set.columns(), set.rowCount()));
      }
    }
  }

  private static DataSet make(Disk disk, String name, Path source, Arena arena) throws IOException {
    return switch (name) {
      case "s100k" ->
          new GeneratedSet(name, 100_000, 128, Metric.EUCLID, 158, QUERIES).generate(arena);
      case "s1m" ->
          new GeneratedSet(name, 1_000_000, 128, Metric.EUCLID, 500, QUERIES).generate(arena);
      case "s100k-768" ->
          new GeneratedSet(name, 100_000, 768, Metric.COSINE, 158, QUERIES).generate(arena);
      case "passages" -> new PassagesSet(disk, source).make(arena);
      case "products" -> new ProductsSet(disk, source).make(arena);
      case "fashion" -> new FashionSet(disk, source).make(arena);
      default ->
          throw new IllegalArgumentException(
              "unknown data set '"
                  + name
                  + "', there are s100k, s1m, s100k-768, passages, products and fashion");
    };
  }
}
