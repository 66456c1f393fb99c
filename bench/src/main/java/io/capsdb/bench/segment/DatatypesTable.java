package io.capsdb.bench.segment;

import io.capsdb.Collection;
import io.capsdb.SearchRequest;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.TruthFiles;
import io.capsdb.io.Disk;
import io.capsdb.io.LocalDisk;
import io.capsdb.vector.ElementType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What vectors of fewer bytes are worth: bytes on the disk, processor time of exact search, and of
/// searches at equal recall, against float32. Recall is that of the given vectors, so that what is
/// rounded away counts as lost.
///
/// Usage: `bench/run datatypes FOLDER [WORKLOAD,...]`; the launcher adds an empty folder for the
/// data. Bytes take part where all values of the set are whole numbers from 0 to 255.
public final class DatatypesTable {
  private static final int EXACT_QUERIES = 50;
  private static final int ROUNDS = 9;

  private DatatypesTable() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: datatypes FOLDER [WORKLOAD,...] DATA");
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
              : set.workloads().keySet().stream().sorted().toList();
      System.out.printf(
          Locale.ROOT,
          "%s%s: %,d rows x %d%n%n",
          set.name(),
          set.isGenerated() ? " (generated)" : "",
          set.rowCount(),
          set.dimension());
      List<ElementType> types = types(set);
      List<OneSegment> sides = new ArrayList<>();
      try {
        for (ElementType type : types) {
          sides.add(OneSegment.load(set, type, data.resolve(type.apiName())));
        }
        List<Collection> collections = sides.stream().map(OneSegment::collection).toList();
        printBytes(disk, set, types, data, exactMicros(set, collections));
        for (int side = 1; side < types.size(); side++) {
          contest(
              set,
              new TruthFiles(disk, folder),
              workloads,
              types.get(side),
              collections.getFirst(),
              collections.get(side));
        }
      } finally {
        sides.forEach(OneSegment::close);
      }
    }
  }

  private static List<ElementType> types(DataSet set) {
    List<ElementType> types = new ArrayList<>(List.of(ElementType.FLOAT32, ElementType.FLOAT16));
    if (isWhole(set)) {
      types.add(ElementType.UINT8);
    }
    return types;
  }

  private static boolean isWhole(DataSet set) {
    for (int row = 0; row < set.rowCount(); row++) {
      for (float value : set.rows().row(row)) {
        if (!(value >= 0 && value <= 255 && value == Math.rint(value))) {
          return false;
        }
      }
    }
    return true;
  }

  /// Processor time of an exact search without a filter; medians of rounds in which sides take
  /// turns.
  private static double[] exactMicros(DataSet set, List<Collection> sides) {
    double[][] micros = new double[sides.size()][ROUNDS];
    for (int round = -2; round < ROUNDS; round++) {
      for (int side = 0; side < sides.size(); side++) {
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int query = 0; query < EXACT_QUERIES; query++) {
          sides
              .get(side)
              .search(
                  SearchRequest.nearest(set.queries()[query % set.queries().length])
                      .limit(Contest.K)
                      .exact(true)
                      .withPayload(false));
        }
        long taken = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
        if (round >= 0) {
          micros[side][round] = taken / 1e3 / EXACT_QUERIES;
        }
      }
    }
    return Arrays.stream(micros).mapToDouble(DatatypesTable::median).toArray();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static void printBytes(
      Disk disk, DataSet set, List<ElementType> types, Path data, double[] exact)
      throws IOException {
    System.out.println("| type | vectors MiB | segment MiB | of float32 | exact µs | rate |");
    System.out.println("|---|---|---|---|---|---|");
    double first = 0;
    for (int side = 0; side < types.size(); side++) {
      ElementType type = types.get(side);
      Path file = BytesTable.segment(disk, data.resolve(type.apiName()));
      long bytes = disk.size(file);
      first = side == 0 ? bytes : first;
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.0f %% | %,.0f | %.2f |%n",
          type.apiName(),
          (double) set.rowCount() * set.dimension() * type.bytes() / (1 << 20),
          (double) bytes / (1 << 20),
          100 * bytes / first,
          exact[side],
          exact[0] / exact[side]);
    }
    System.out.println();
  }

  private static void contest(
      DataSet set,
      TruthFiles truths,
      List<String> workloads,
      ElementType type,
      Collection floats,
      Collection narrow)
      throws IOException {
    Contest contest =
        new Contest(set, truths, List.of("float32", type.apiName()), List.of(floats, narrow));
    Contest.printHead();
    StringBuilder outcomes = new StringBuilder();
    for (String workload : workloads) {
      Contest.Outcome outcome = contest.run(workload);
      outcomes.append(
          String.format(
              Locale.ROOT,
              "%s, %s: %.2f times the rate of float32 at equal recall; recall where 0.95 was asked"
                  + " for: %+.4f%n",
              type.apiName(),
              workload,
              outcome.ratio(),
              outcome.recall()));
    }
    System.out.printf("%n%s%n", outcomes);
  }
}
