package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter;
import io.capsdb.io.Disk;
import io.capsdb.io.FaultyDisk;
import io.capsdb.io.FaultyDisk.Unforced;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The machine stops in some operation on a file, while points are written, sealed, merged and
/// snapshot: what is there afterwards is a state that existed, with all that was acknowledged.
class DatabaseCrashTest {
  private static final Path FOLDER = Path.of("/data");
  private static final int WRITES = 40;
  private static final int IDS = 150;

  /// About the operations of the whole script.
  private static final int OPERATIONS = 500;

  private static final CollectionConfig CONFIG =
      new CollectionConfig(
          Map.of(
              "", new VectorConfig(4, Metric.EUCLID), "text", new VectorConfig(3, Metric.COSINE)));

  /// The log is forced when something else needs it, and otherwise hardly ever.
  private static final CollectionConfig AT_INTERVALS = CONFIG.withLogInterval(60_000);

  /// What was written: the state after each write, and how far the script came.
  private static final class Witness {
    final List<List<StoredPoint>> states = new ArrayList<>();
    int acknowledged = -1;

    Witness() {
      states.add(List.of());
    }
  }

  private static DatabaseOptions options(Disk disk) {
    return DatabaseOptions.defaults()
        .withDisk(disk)
        .withSealRows(256)
        .withMinIndexRows(32)
        .withIdleMillis(1 << 30);
  }

  private static List<PointId> ids(RandomGenerator random, int most) {
    return Stream.generate(() -> PointId.of(random.nextInt(IDS)))
        .limit(random.nextInt(most))
        .toList();
  }

  /// Writes until all is done or the disk fails. Equal seeds write equal things.
  private static void script(Disk disk, CollectionConfig config, long seed, Witness witness) {
    RandomGenerator random = new SplittableRandom(seed);
    CollectionModel model = new CollectionModel(config);
    try (Database database = Database.open(FOLDER, options(disk))) {
      Collection collection = database.createCollection("c", config);
      witness.acknowledged = 0;
      for (int i = 1; i <= WRITES; i++) {
        write(random, collection, model, witness);
        switch (random.nextInt(12)) {
          case 0, 1, 2 -> collection.seal();
          case 3 -> database.createSnapshot("c");
          case 4 -> {
            database.createCollection("other", CollectionConfig.of(2, Metric.DOT));
            database.dropCollection("other");
          }
          default -> {}
        }
      }
    } catch (CapsDbException | IllegalStateException e) {
      // The machine has stopped.
    }
  }

  /// The model first: where the write fails, nobody knows whether it is there.
  private static void write(
      RandomGenerator random, Collection collection, CollectionModel model, Witness witness) {
    long sequence = witness.states.size();
    switch (random.nextInt(8)) {
      case 0 -> {
        List<PointId> ids = ids(random, 20);
        model.delete(ids);
        witness.states.add(List.copyOf(model.points().values()));
        collection.delete(ids);
      }
      case 1 -> {
        Filter filter = Filters.eq("label", random.nextInt(10));
        model.delete(filter);
        witness.states.add(List.copyOf(model.points().values()));
        collection.delete(filter);
      }
      case 2, 3 -> {
        List<PointId> ids = ids(random, 40);
        Payload next = RandomPayloads.next(random);
        UnaryOperator<Payload> change = _ -> next;
        model.change(sequence, ids, change);
        witness.states.add(List.copyOf(model.points().values()));
        collection.changePayloads(ids, change);
      }
      default -> {
        List<Point> batch = batch(random);
        model.upsert(sequence, batch);
        witness.states.add(List.copyOf(model.points().values()));
        collection.upsert(batch);
      }
    }
    witness.acknowledged = witness.states.size() - 1;
  }

  private static List<Point> batch(RandomGenerator random) {
    List<Point> batch = new ArrayList<>();
    for (PointId id : ids(random, 90)) {
      float[] vector = TestData.around(random, new float[4], 1);
      float[] text = TestData.around(random, new float[3], 1);
      batch.add(
          new Point(
              id,
              random.nextBoolean() ? Map.of("", vector) : Map.of("", vector, "text", text),
              RandomPayloads.next(random)));
    }
    batch.add(Point.of(random.nextInt(IDS), new float[] {1, 2, 3, 4}, Payload.empty()));
    return batch;
  }

  private static List<StoredPoint> all(Collection collection) {
    return collection.scroll(Filter.ALL, Optional.empty(), 10_000).points();
  }

  private static void check(Disk disk, Witness witness, String context) {
    List<StoredPoint> found;
    try (Database database = Database.open(FOLDER, options(disk))) {
      Optional<Collection> collection = database.find("c");
      if (collection.isEmpty()) {
        assertThat(witness.acknowledged).as("%s: the collection is gone", context).isNegative();
        return;
      }
      found = all(collection.get());
      int state = -1;
      for (int i = Math.max(0, witness.acknowledged); i < witness.states.size(); i++) {
        if (SamePoints.isSame(found, witness.states.get(i))) {
          state = i;
        }
      }
      assertThat(state)
          .as(
              "%s: none of the states %d to %d",
              context, witness.acknowledged, witness.states.size() - 1)
          .isNotNegative();
      // It goes on.
      collection.get().upsert(List.of(Point.of(9_999, new float[] {1, 1, 1, 1}, Map.of())));
      collection.get().seal();
    }
    try (Database database = Database.open(FOLDER, options(disk))) {
      Collection collection = database.collection("c");
      assertThat(collection.get(PointId.of(9_999))).as(context).isPresent();
      collection.delete(List.of(PointId.of(9_999)));
      assertThat(SamePoints.isSame(all(collection), found)).as(context).isTrue();
    }
    assertThat(DatabaseCheck.run(disk, FOLDER, _ -> {}).findings()).as(context).isEmpty();
  }

  @Test
  void withoutACrashAllIsThere() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    Witness witness = new Witness();
    script(disk, CONFIG, 1, witness);
    assertThat(witness.acknowledged).isEqualTo(WRITES);
    assertThat(disk.operations()).isGreaterThan(OPERATIONS / 2);
    for (Unforced unforced : Unforced.values()) {
      check(disk.afterCrash(unforced, new SplittableRandom(2)), witness, unforced.name());
    }
  }

  @Test
  void afterACrashWhatIsThereIsAStateThatExistedWithAllThatWasAcknowledged() {
    crash(25);
  }

  @Test
  @Tag("nightly")
  void afterThousandsOfCrashesToo() {
    crash(5_000);
  }

  private static void crash(int times) {
    Seed.repeat(
        times,
        random -> {
          FaultyDisk disk = new FaultyDisk();
          int crash = 1 + random.nextInt(OPERATIONS);
          long seed = random.nextInt(1_000);
          disk.crashAt(crash);
          Witness witness = new Witness();
          script(disk, CONFIG, seed, witness);
          for (Unforced unforced : Unforced.values()) {
            String context = "script %d, operation %d, %s".formatted(seed, crash, unforced);
            check(disk.afterCrash(unforced, random), witness, context);
          }
        });
  }

  /// With a log that is forced at intervals, writes that were answered may be gone, but only the
  /// last ones.
  @Test
  void atIntervalsWhatIsThereIsAStateThatExisted() {
    Seed.repeat(
        25,
        random -> {
          FaultyDisk disk = new FaultyDisk();
          int crash = 1 + random.nextInt(OPERATIONS / 2);
          long seed = random.nextInt(1_000);
          disk.crashAt(crash);
          Witness witness = new Witness();
          script(disk, AT_INTERVALS, seed, witness);
          witness.acknowledged = Math.min(witness.acknowledged, 0);
          for (Unforced unforced : Unforced.values()) {
            String context = "script %d, operation %d, %s".formatted(seed, crash, unforced);
            check(disk.afterCrash(unforced, random), witness, context);
          }
        });
  }

  /// A point is overwritten while the segment with its old version is built: the manifest tells
  /// that the old one is dead, and only the log has the new one.
  @Test
  void atIntervalsAManifestTellsOfNothingThatTheLogMayLose() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    AtomicReference<Runnable> whileBuilding = new AtomicReference<>(() -> {});
    Disk watched =
        (Disk)
            Proxy.newProxyInstance(
                Disk.class.getClassLoader(),
                new Class<?>[] {Disk.class},
                (_, method, arguments) -> {
                  if (method.getName().equals("create")
                      && String.valueOf(arguments[0]).contains("segment-")) {
                    whileBuilding.getAndSet(() -> {}).run();
                  }
                  return method.invoke(disk, arguments);
                });
    try (Database database = Database.open(FOLDER, options(watched))) {
      Collection collection = database.createCollection("c", AT_INTERVALS);
      List<Point> old = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        old.add(Point.of(i, new float[] {1, 2, 3, 4}, Map.of()));
      }
      collection.upsert(old);
      whileBuilding.set(
          () -> collection.upsert(List.of(Point.of(1, new float[] {5, 6, 7, 8}, Map.of()))));
      collection.seal();
      assertThat(collection.status().indexedPoints()).isEqualTo(99);
      assertThat(isThereAfterCrash(disk, "c")).isTrue();
    }
  }

  @Test
  void atIntervalsAWriteIsOnTheDiskSoonAfterItWasAnswered() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    Point point = Point.of(1, new float[] {1, 2, 3, 4}, Map.of());
    try (Database database = Database.open(FOLDER, options(disk))) {
      database.createCollection("late", CONFIG.withLogInterval(60_000)).upsert(List.of(point));
      database.createCollection("soon", CONFIG.withLogInterval(1)).upsert(List.of(point));
      boolean isThere = false;
      for (int look = 0; look < 2_000 && !isThere; look++) {
        Thread.sleep(5);
        isThere = isThereAfterCrash(disk, "soon");
      }
      assertThat(isThere).isTrue();
      assertThat(isThereAfterCrash(disk, "late")).isFalse();
    }
    assertThat(isThereAfterCrash(disk, "late")).as("closing forces").isTrue();
  }

  private static boolean isThereAfterCrash(FaultyDisk disk, String collection) throws Exception {
    Disk after = disk.afterCrash(Unforced.DROPPED, new SplittableRandom(1));
    try (Database database = Database.open(FOLDER, options(after))) {
      return database.collection(collection).get(PointId.of(1)).isPresent();
    }
  }
}
