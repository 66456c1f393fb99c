package io.capsdb.bench.durable;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Point;
import io.capsdb.bench.durable.ForceTimes.Time;
import io.capsdb.storage.LogRecord;
import io.capsdb.storage.WriteAheadLog;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/// Upserts that are on the disk when they return, against a log that takes the same records and
/// does nothing else: batches of 1,000 points of 128 values and a number as payload, by one thread.
/// The time in forces is subtracted from both, and told beside them. Processor time of the writing
/// thread tells where others had the processors meanwhile, the background of the database among
/// them.
///
/// Each round writes some batches to the one, then to the other, so that both see the same machine,
/// and waits until the background has indexed and sealed them: what is measured is a burst of
/// points. The first rounds do not count. Then as many points are written without a rest, which the
/// building of the index bounds; no bar is on that here.
///
/// Usage: `bench/run durable [FOLDER]`. Ends with status 1 if the bar is missed.
public final class DurableCommand {
  private static final int ROWS = 1_000;
  private static final int DIMENSION = 128;
  private static final int BATCHES_A_ROUND = 10;
  private static final int WARM_ROUNDS = 10;
  private static final int ROUNDS = 30;

  private static final Duration MOST_REST = Duration.ofMinutes(1);

  /// Of the rate of the log.
  private static final double BAR = 0.5;

  private final ForceTimes disk = new ForceTimes(System::nanoTime);
  private final SplittableRandom random = new SplittableRandom(1);
  private long sequence;

  private DurableCommand() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: durable FOLDER");
      System.exit(2);
    }
    if (!new DurableCommand().run(Path.of(args[0]))) {
      System.exit(1);
    }
  }

  /// Something that writes.
  private interface Writing {
    void run() throws IOException;
  }

  private boolean run(Path folder) throws IOException {
    Path place = folder.resolve("log");
    disk.createFolders(place);
    DatabaseOptions options = DatabaseOptions.defaults().withDisk(disk).withMeasuredCosts(false);
    Writers burst;
    Writers sustained;
    int counted;
    try (WriteAheadLog raw = WriteAheadLog.open(disk, place, 0, 0, _ -> {});
        Database database = Database.open(folder.resolve("database"), options)) {
      Collection collection =
          database.createCollection("c", CollectionConfig.of(DIMENSION, Metric.EUCLID));
      write(raw, collection, WARM_ROUNDS, true);
      counted = disk.times().size();
      burst = write(raw, collection, ROUNDS, true);
      sustained = write(raw, collection, ROUNDS, false);
    }
    List<Long> forces = disk.times().stream().skip(counted).map(Time::nanos).sorted().toList();
    report("without a rest", sustained);
    report("bursts of " + BATCHES_A_ROUND * ROWS + " points", burst);
    System.out.printf(
        Locale.ROOT,
        "one force of %,d: p50 %.2f ms, p99 %.2f ms%n",
        forces.size(),
        forces.get(forces.size() / 2) / 1e6,
        forces.get(forces.size() * 99 / 100) / 1e6);
    boolean isReached = burst.ratio() >= BAR;
    System.out.printf(
        Locale.ROOT, "%s  bursts: %.0f %% of the log%n", isReached ? "PASS" : "FAIL", 100 * BAR);
    return isReached;
  }

  /// What both took, without forces.
  private record Writers(Time log, Time upserts) {
    double ratio() {
      return (double) log.nanos() / upserts.nanos();
    }
  }

  private Writers write(WriteAheadLog raw, Collection collection, int rounds, boolean isResting)
      throws IOException {
    Time log = Time.NONE;
    Time upserts = Time.NONE;
    for (int round = 0; round < rounds; round++) {
      List<List<Point>> batches = new ArrayList<>();
      List<LogRecord> records = new ArrayList<>();
      for (int i = 0; i < BATCHES_A_ROUND; i++) {
        batches.add(batch());
        records.add(record(batches.getLast()));
      }
      log =
          log.plus(
              withoutForces(
                  () -> {
                    for (LogRecord record : records) {
                      raw.append(record);
                    }
                  }));
      upserts = upserts.plus(withoutForces(() -> batches.forEach(collection::upsert)));
      // So that the file does not grow for ever.
      raw.dropBefore(raw.roll());
      if (isResting) {
        collection.awaitGreen(MOST_REST);
      }
    }
    return new Writers(log, upserts);
  }

  private static void report(String what, Writers writers) {
    double points = (double) ROUNDS * BATCHES_A_ROUND * ROWS;
    System.out.printf(
        Locale.ROOT,
        "%s: log alone %,.0f points/s; upserts %,.0f points/s, %.0f %% of it, time in forces"
            + " subtracted from both%n",
        what,
        points / writers.log().nanos() * 1e9,
        points / writers.upserts().nanos() * 1e9,
        100 * writers.ratio());
    System.out.printf(
        Locale.ROOT,
        "  processor time of the writing thread: %.2f and %.2f µs a point, %.0f %%%n",
        writers.log().processorNanos() / points / 1e3,
        writers.upserts().processorNanos() / points / 1e3,
        100.0 * writers.log().processorNanos() / writers.upserts().processorNanos());
  }

  private Time withoutForces(Writing writing) throws IOException {
    int before = disk.times().size();
    Time begin = disk.now();
    writing.run();
    return disk.now().minus(begin).minus(disk.since(before));
  }

  private List<Point> batch() {
    List<Point> batch = new ArrayList<>(ROWS);
    for (int i = 0; i < ROWS; i++) {
      float[] vector = new float[DIMENSION];
      for (int j = 0; j < DIMENSION; j++) {
        vector[j] = random.nextFloat();
      }
      long id = sequence * ROWS + i;
      batch.add(Point.of(id, vector, Map.of("n", id % 100)));
    }
    sequence++;
    return batch;
  }

  private LogRecord record(List<Point> batch) {
    return new LogRecord.Upsert(
        sequence,
        batch.stream()
            .map(point -> new LogRecord.Entry(point.id(), point.vectors(), point.payload()))
            .toList());
  }
}
