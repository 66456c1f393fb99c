package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter;
import io.capsdb.io.Disk;
import io.capsdb.io.FaultyDisk;
import io.capsdb.io.FaultyDisk.Unforced;
import io.capsdb.point.Payload;
import io.capsdb.testdata.Seed;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A collection is snapshot and restored over another one, again and again; in every second
/// cycle the machine stops in some operation of it.
class SnapshotCrashTest {
  private static final Path FOLDER = Path.of("/data");
  private static final long MOST = 1L << 30;
  private static final int BATCH = 50;

  /// Above the ids that are written at random.
  private static final int FRESH = 1_000;

  @Test
  void whatIsSnapshotAndRestoredIsEqualAlsoWhereTheMachineStops() {
    Seed.repeat(1, random -> cycles(4, random));
  }

  @Test
  @Tag("nightly")
  void fiftyCyclesAreEqualAlsoWhereTheMachineStops() {
    Seed.repeat(1, random -> cycles(50, random));
  }

  private static DatabaseOptions options(Disk disk) {
    return DatabaseOptions.defaults()
        .withDisk(disk)
        .withSealRows(256)
        .withMinIndexRows(32)
        .withIdleMillis(1 << 30);
  }

  private static void cycles(int count, RandomGenerator random) throws Exception {
    Disk disk = new FaultyDisk();
    try (Database database = Database.open(FOLDER, options(disk))) {
      database.createCollection("c", CollectionConfig.of(3, Metric.EUCLID));
      database.createCollection("d", CollectionConfig.of(2, Metric.DOT));
    }
    int stops = 0;
    for (int cycle = 0; cycle < count; cycle++) {
      write(disk, random, FRESH + cycle * BATCH);
      FaultyDisk whole = FaultyDisk.over(disk, FOLDER);
      List<StoredPoint> before = all(disk, "c").orElseThrow();
      List<StoredPoint> old = all(disk, "d").orElseThrow();
      Span span = snapshotAndRestore(whole, 0);
      for (Unforced unforced : Unforced.values()) {
        // What was answered is there, also where the power goes right afterwards.
        requireEqual(
            whole.afterCrash(unforced, random), before, before, "cycle " + cycle + ", " + unforced);
      }
      requireEqual(whole, before, before, "cycle " + cycle);
      if (cycle % 2 == 0) {
        disk = whole;
        continue;
      }
      FaultyDisk stopping = FaultyDisk.over(disk, FOLDER);
      long operation = random.nextLong(span.first(), span.last()) + 1;
      snapshotAndRestore(stopping, operation);
      stops += stopping.hasCrashed() ? 1 : 0;
      for (Unforced unforced : Unforced.values()) {
        String context = "cycle %d, operation %d, %s".formatted(cycle, operation, unforced);
        disk = stopping.afterCrash(unforced, random);
        requireEqual(disk, before, old, context);
        // It goes on.
        snapshotAndRestore(FaultyDisk.over(disk, FOLDER), 0);
      }
    }
    assertThat(stops).isEqualTo(count / 2);
  }

  /// Operations before a snapshot was begun, and when it was restored.
  private record Span(long first, long last) {}

  /// @param crashAt the operation in which the machine stops; 0 for none
  private static Span snapshotAndRestore(FaultyDisk disk, long crashAt) {
    disk.crashAt(crashAt);
    try (Database database = Database.open(FOLDER, options(disk))) {
      long first = disk.operations();
      List<StoredPoint> before = all(database.collection("c"));
      SnapshotInfo info = database.createSnapshot("c");
      Collection restored = database.restore("d", database.readSnapshot("c", info.name()), MOST);
      Span span = new Span(first, disk.operations());
      requireSame(all(restored), before, "while it was open");
      return span;
    } catch (CapsDbException | IllegalStateException e) {
      assertThat(disk.hasCrashed()).as("%s", e).isTrue();
      return new Span(0, 0);
    }
  }

  /// The source is what it was, the target is what it was or all of the source, and so is each
  /// snapshot that is listed.
  private static void requireEqual(
      Disk disk, List<StoredPoint> source, List<StoredPoint> target, String context)
      throws Exception {
    assertThat(DatabaseCheck.run(disk, FOLDER, _ -> {}).findings()).as(context).isEmpty();
    try (Database database = Database.open(FOLDER, options(disk))) {
      requireSame(all(database.collection("c")), source, context);
      List<StoredPoint> found = all(database.collection("d"));
      if (!SamePoints.isSame(found, target)) {
        requireSame(found, source, context);
      }
      List<SnapshotInfo> snapshots = database.snapshots("c");
      if (!snapshots.isEmpty()) {
        String name = snapshots.getLast().name();
        Collection copy = database.restore("copy", database.readSnapshot("c", name), MOST);
        requireSame(all(copy), source, context);
        database.dropCollection("copy");
      }
      for (SnapshotInfo info : snapshots) {
        database.deleteSnapshot("c", info.name());
      }
    }
  }

  /// Leaves nothing for the background to do, so that operations are the same in each try, and some
  /// rows in the log.
  private static void write(Disk disk, RandomGenerator random, int fresh) {
    try (Database database = Database.open(FOLDER, options(disk))) {
      Collection collection = database.collection("c");
      for (int step = random.nextInt(3, 12); step > 0; step--) {
        switch (random.nextInt(8)) {
          case 0 -> collection.delete(Filters.eq("n", random.nextInt(10)));
          case 1 ->
              collection.changePayloads(
                  Filters.eq("n", random.nextInt(10)), _ -> Payload.of(Map.of("n", 3L)));
          case 2 -> collection.seal();
          default -> collection.upsert(batch(random, 0, 500));
        }
      }
      collection.seal();
      collection.upsert(batch(random, fresh, BATCH));
    }
  }

  private static List<Point> batch(RandomGenerator random, int from, int ids) {
    List<Point> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      float[] vector = {random.nextFloat(), random.nextFloat(), random.nextFloat()};
      batch.add(
          Point.of(from + random.nextInt(ids), vector, Map.of("n", (long) random.nextInt(10))));
    }
    return batch;
  }

  private static Optional<List<StoredPoint>> all(Disk disk, String name) {
    try (Database database = Database.open(FOLDER, options(disk))) {
      return database.find(name).map(SnapshotCrashTest::all);
    }
  }

  private static List<StoredPoint> all(Collection collection) {
    return collection.scroll(Filter.ALL, Optional.empty(), 10_000).points();
  }

  private static void requireSame(
      List<StoredPoint> found, List<StoredPoint> expected, String context) {
    if (!SamePoints.isSame(found, expected)) {
      assertThat(found).as(context).usingRecursiveComparison().isEqualTo(expected);
      throw new AssertionError(context + ": the points differ");
    }
  }
}
