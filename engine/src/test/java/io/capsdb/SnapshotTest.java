package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.filter.Filter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import io.capsdb.vector.Metric;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  private static final long MOST = 1L << 30;

  @TempDir Path folder;

  private static DatabaseOptions options() {
    return DatabaseOptions.defaults()
        .withSealRows(256)
        .withMinIndexRows(32)
        .withIdleMillis(5)
        .withMeasuredCosts(false);
  }

  private static List<Point> batch(RandomGenerator random, int ids) {
    List<Point> batch = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      float[] vector = {random.nextFloat(), random.nextFloat(), random.nextFloat()};
      long id = random.nextInt(ids);
      batch.add(Point.of(id, vector, Map.of("n", (long) random.nextInt(10))));
    }
    return batch;
  }

  private static void write(RandomGenerator random, Collection collection, int steps) {
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(8)) {
        case 0 -> collection.delete(Filters.eq("n", random.nextInt(10)));
        case 1 -> collection.delete(List.of(PointId.of(random.nextInt(900))));
        case 2 ->
            collection.changePayloads(
                Filters.eq("n", random.nextInt(10)), _ -> Payload.of(Map.of("n", 3L)));
        default -> collection.upsert(batch(random, 900));
      }
    }
  }

  private static List<StoredPoint> all(Collection collection) {
    return collection.scroll(Filter.ALL, Optional.empty(), 10_000).points();
  }

  private static void requireSame(List<StoredPoint> found, List<StoredPoint> expected) {
    assertThat(found).usingRecursiveComparison().isEqualTo(expected);
  }

  private static byte[] bytes(Database database, String name) throws IOException {
    try (InputStream in = database.readSnapshot("c", name)) {
      return in.readAllBytes();
    }
  }

  @Test
  void aSnapshotHoldsWhatWasWrittenBeforeItAndNothingSince() {
    Seed.repeat(
        3,
        random -> {
          try (Database database =
              Database.open(folder.resolve("run" + random.nextInt()), options())) {
            Collection collection =
                database.createCollection("c", CollectionConfig.of(3, Metric.EUCLID));
            write(random, collection, random.nextInt(60));
            List<StoredPoint> before = all(collection);
            SnapshotInfo info = database.createSnapshot("c");
            write(random, collection, 20);
            requireSame(
                all(database.restore("d", database.readSnapshot("c", info.name()), MOST)), before);
            requireSame(
                all(database.restore("c", database.readSnapshot("c", info.name()), MOST)), before);
            // It goes on from there.
            write(random, database.collection("c"), 10);
          }
        });
  }

  @Test
  void snapshotsOutliveTheirCollectionAndARestart() throws IOException {
    List<StoredPoint> before;
    SnapshotInfo info;
    try (Database database = Database.open(folder, options())) {
      Collection collection = database.createCollection("c", CollectionConfig.of(3, Metric.COSINE));
      collection.upsert(List.of(Point.of(1, new float[] {1, 2, 3}, Map.of("a", "x"))));
      before = all(collection);
      info = database.createSnapshot("c");
      assertThat(info.bytes()).isEqualTo(bytes(database, info.name()).length);
      assertThat(database.createSnapshot("c").name()).isNotEqualTo(info.name());
      database.dropCollection("c");
    }
    try (Database database = Database.open(folder, options())) {
      assertThat(database.snapshots("c")).hasSize(2).contains(info);
      database.restore("c", database.readSnapshot("c", info.name()), MOST);
    }
    try (Database database = Database.open(folder, options())) {
      requireSame(all(database.collection("c")), before);
      database.deleteSnapshot("c", info.name());
      assertThat(database.snapshots("c")).hasSize(1);
      assertThatExceptionOfType(SnapshotNotFoundException.class)
          .isThrownBy(() -> database.readSnapshot("c", info.name()));
      assertThatExceptionOfType(SnapshotNotFoundException.class)
          .isThrownBy(() -> database.readSnapshot("c", "../catalogue"));
    }
  }

  @Test
  void aDatabaseWithoutALogIsSealedFirst() {
    try (Database database = Database.inMemory()) {
      Collection collection = database.createCollection("c", CollectionConfig.of(3, Metric.DOT));
      collection.upsert(List.of(Point.of(1, new float[] {1, 2, 3}, Map.of())));
      SnapshotInfo info = database.createSnapshot("c");
      requireSame(
          all(database.restore("d", database.readSnapshot("c", info.name()), MOST)),
          all(collection));
    }
  }

  @Test
  void aDamagedArchiveChangesNothing() throws IOException {
    try (Database database = Database.open(folder, options())) {
      Collection collection = database.createCollection("c", CollectionConfig.of(3, Metric.EUCLID));
      collection.upsert(batch(new SplittableRandom(1), 900));
      collection.seal();
      List<StoredPoint> before = all(collection);
      byte[] good = bytes(database, database.createSnapshot("c").name());
      for (int at = 0; at < good.length; at += 1 + good.length / 200) {
        byte[] bad = good.clone();
        bad[at] ^= 4;
        assertThatExceptionOfType(CorruptFileException.class)
            .as("byte %d", at)
            .isThrownBy(() -> database.restore("c", new ByteArrayInputStream(bad), MOST));
      }
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> database.restore("c", new ByteArrayInputStream(good), good.length / 2));
      requireSame(all(database.collection("c")), before);
      assertThat(database.collectionNames()).containsExactly("c");
    }
  }

  /// All members of a group change in one batch: a snapshot never shows half of it.
  @Test
  void aSnapshotUnderLoadIsOfOneMoment() throws Exception {
    try (Database database = Database.open(folder, options())) {
      Collection collection = database.createCollection("c", CollectionConfig.of(3, Metric.EUCLID));
      AtomicBoolean isDone = new AtomicBoolean();
      collection.upsert(group(0));
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (long round = 1; !isDone.get(); round++) {
                      collection.upsert(group(round));
                      if (round % 3 == 0) {
                        long now = round;
                        collection.changePayloads(
                            Filter.ALL, _ -> Payload.of(Map.of("round", now, "changed", true)));
                      }
                    }
                  });
      try {
        for (int i = 0; i < 10; i++) {
          SnapshotInfo info = database.createSnapshot("c");
          Collection restored =
              database.restore("d", database.readSnapshot("c", info.name()), MOST);
          List<StoredPoint> points = all(restored);
          assertThat(points).hasSize(40);
          assertThat(points.stream().map(StoredPoint::payload).distinct()).hasSize(1);
        }
      } finally {
        isDone.set(true);
        writer.join();
      }
    }
  }

  @Test
  void snapshotsThatAreTakenAtTheSameTimeAreAllWhole() throws Exception {
    try (Database database = Database.open(folder, options())) {
      Collection collection = database.createCollection("c", CollectionConfig.of(3, Metric.EUCLID));
      for (int round = 0; round < 20; round++) {
        collection.upsert(batch(new SplittableRandom(round), 900));
      }
      List<StoredPoint> all = all(collection);
      try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
        List<Future<SnapshotInfo>> taken = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
          taken.add(threads.submit(() -> createInTurn(database)));
        }
        for (Future<SnapshotInfo> info : taken) {
          requireSame(
              all(database.restore("d", database.readSnapshot("c", info.get().name()), MOST)), all);
        }
      }
      assertThat(database.snapshots("c")).hasSize(12);
    }
  }

  private static SnapshotInfo createInTurn(Database database) throws InterruptedException {
    while (true) {
      try {
        return database.createSnapshot("c");
      } catch (OverloadedException e) {
        Thread.sleep(1);
      }
    }
  }

  @Test
  void aSecondSnapshotOfACollectionIsRefusedAtOnceAndNothingElseWaits() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    FailingDisk disk = new FailingDisk();
    try (Database database = Database.open(Path.of("memory"), options().withDisk(disk));
        ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Collection collection = database.createCollection("c", CollectionConfig.of(3, Metric.EUCLID));
      collection.upsert(batch(new SplittableRandom(1), 900));
      List<StoredPoint> all = all(collection);
      SnapshotInfo first = database.createSnapshot("c");
      SnapshotInfo other = database.createSnapshot("c");
      disk.failure =
          operation -> {
            if (operation.equals("create new.tmp")) {
              begun.countDown();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }
            return false;
          };
      Future<SnapshotInfo> slow = threads.submit(() -> database.createSnapshot("c"));
      begun.await();
      assertThatExceptionOfType(OverloadedException.class)
          .isThrownBy(() -> database.createSnapshot("c"))
          .withMessage("a snapshot of collection 'c' is being made already");
      assertThat(database.snapshots("c")).containsExactlyInAnyOrder(first, other);
      database.deleteSnapshot("c", other.name());
      requireSame(all(database.restore("d", database.readSnapshot("c", first.name()), MOST)), all);
      goOn.countDown();
      SnapshotInfo second = slow.get();
      assertThat(database.snapshots("c")).containsExactlyInAnyOrder(first, second);
      SnapshotInfo next = database.createSnapshot("c");
      assertThat(database.snapshots("c")).hasSize(3).contains(next);
    } finally {
      goOn.countDown();
    }
  }

  private static List<Point> group(long round) {
    List<Point> group = new ArrayList<>();
    for (int id = 0; id < 40; id++) {
      group.add(Point.of(id, new float[] {id, round % 50, 1}, Map.of("round", round)));
    }
    return group;
  }

  @Test
  void aSnapshotHasTheChecksumOfItsBytesAsLongAsItIsThere() throws Exception {
    try (Database database = Database.open(folder, options())) {
      Collection collection = database.createCollection("c", CollectionConfig.of(3, Metric.DOT));
      collection.upsert(List.of(Point.of(1, new float[] {1, 2, 3}, Map.of("a", "x"))));
      SnapshotInfo info = database.createSnapshot("c");
      String sum =
          HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(database, info.name())));
      assertThat(info.checksum()).hasValue(sum);
      assertThat(database.snapshots("c")).containsExactly(info);
      database.deleteSnapshot("c", info.name());
      assertThat(Disk.local().list(folder.resolve("snapshots/c"))).isEmpty();
    }
  }

  @Test
  void aSnapshotIsReadByItsPlaceAndNothingElseIs() throws IOException {
    try (Database database = Database.open(folder, options())) {
      database.createCollection("c", CollectionConfig.of(3, Metric.DOT));
      String name = database.createSnapshot("c").name();
      byte[] bytes = bytes(database, name);
      for (Path place :
          List.of(
              Path.of("snapshots/c", name),
              Path.of("snapshots/x/../c", name),
              folder.toAbsolutePath().resolve("snapshots/c").resolve(name))) {
        try (InputStream in = database.readSnapshot(place)) {
          assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
      }
      for (Path place :
          List.of(
              Path.of("catalogue"),
              Path.of("snapshots"),
              Path.of("snapshots/c"),
              Path.of("snapshots/../catalogue"),
              Path.of("snapshots/c", name + ".sha256"),
              Path.of("snapshots/c/..", "..", "LOCK"),
              Path.of("/etc/passwd"))) {
        assertThatExceptionOfType(SnapshotNotFoundException.class)
            .as("%s", place)
            .isThrownBy(() -> database.readSnapshot(place));
      }
    }
  }
}
