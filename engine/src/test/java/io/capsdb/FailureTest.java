package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.filter.Filter;
import io.capsdb.io.NoRoomException;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A disk that fails: reads go on, writers are refused, nothing that was acknowledged is lost.
@Timeout(60)
class FailureTest {
  private static final Path FOLDER = Path.of("failing");
  private static final int SEAL_ROWS = 256;
  private static final int BATCH = 64;

  private final FailingDisk disk = new FailingDisk();
  private int written;

  private Database open() {
    return Database.open(
        FOLDER,
        DatabaseOptions.defaults()
            .withDisk(disk)
            .withSealRows(SEAL_ROWS)
            .withMinIndexRows(32)
            .withIdleMillis(5));
  }

  private static Collection create(Database database) {
    return database.createCollection("c", CollectionConfig.of(4, Metric.EUCLID));
  }

  private void write(Collection collection) {
    List<Point> batch = new ArrayList<>();
    for (int i = written; i < written + BATCH; i++) {
      batch.add(Point.of(i, new float[] {i, 1, 2, 3}, Map.of("n", i)));
    }
    collection.upsert(batch);
    written += BATCH;
  }

  private void assertReadable(Collection collection) {
    assertThat(collection.count(Filter.ALL)).isEqualTo(written);
    assertThat(collection.count(Filters.lt("n", 10))).isEqualTo(Math.min(10, written));
    SearchResult near = collection.search(SearchRequest.nearest(new float[] {7, 1, 2, 3}).limit(1));
    assertThat(near.hits().getFirst().id()).isEqualTo(io.capsdb.point.PointId.of(7));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(end);
      Thread.sleep(5);
    }
  }

  private static boolean isRed(Collection collection) {
    return collection.status().state() == CollectionStatus.State.RED;
  }

  @ParameterizedTest
  @ValueSource(strings = {"create segment-", "force segment-", "map segment-", "rename manifest"})
  void writersAreRefusedWhenSealingFailsUntilItSucceeds(String failing) throws Exception {
    try (Database database = open()) {
      Collection collection = create(database);
      disk.failure = operation -> operation.startsWith(failing);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  write(collection);
                }
              })
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("collection 'c'")
          .hasMessageContaining("sealing failed: no space left");
      assertThat(written).as("rows held in memory").isLessThanOrEqualTo(3 * SEAL_ROWS);
      assertThat(isRed(collection)).isTrue();
      assertThat(collection.status().work()).contains("no space left");
      assertReadable(collection);
      assertThatThrownBy(collection::seal).isInstanceOf(StorageException.class);
      // Two more tries of the background leave no heap of files.
      Thread.sleep(2_300);
      assertThat(segmentFiles()).hasSizeLessThanOrEqualTo(1);

      disk.failure = _ -> false;
      await(() -> !isRed(collection));
      write(collection);
      collection.seal();
      assertThat(collection.status().state()).isEqualTo(CollectionStatus.State.GREEN);
      assertThat(collection.status().indexedPoints()).isEqualTo(written);
      assertReadable(collection);
    }
    try (Database database = open()) {
      assertReadable(database.collection("c"));
      assertThat(segmentFiles()).hasSize(database.collection("c").status().segments());
    }
  }

  @Test
  void lackOfMemoryInTheBackgroundIsReportedAndNotFatal() throws Exception {
    try (Database database = open()) {
      Collection collection = create(database);
      disk.isError = true;
      disk.failure = operation -> operation.startsWith("create segment-");
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  write(collection);
                }
              })
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("no memory left");
      assertReadable(collection);
      disk.failure = _ -> false;
      await(() -> !isRed(collection));
      write(collection);
      assertReadable(collection);
    }
  }

  @Test
  void logThatCouldNotBeForcedTakesNothingMoreUntilItIsOpenedAgain() throws Exception {
    try (Database database = open()) {
      Collection collection = create(database);
      write(collection);
      collection.seal();
      write(collection);
      disk.failure = operation -> operation.startsWith("force log-");
      assertRefused(() -> write(collection));
      disk.failure = _ -> false;
      assertRefused(() -> write(collection));
      assertRefused(() -> collection.delete(Filter.ALL));
      assertRefused(collection::seal);
      // Work of the background does not make the log whole.
      Thread.sleep(100);
      assertThat(isRed(collection)).isTrue();
      assertThat(collection.status().work()).contains("the log could not be written");
      assertReadable(collection);
    }
    try (Database database = open()) {
      Collection collection = database.collection("c");
      // A batch that was written but not forced may be there, as a whole.
      assertThat(collection.count(Filter.ALL)).isIn((long) written, (long) written + BATCH);
      write(collection);
      assertReadable(collection);
    }
  }

  /// What a disk does on which another program took the reserve as well. The half frame is cut as
  /// soon as the disk takes anything, and points are taken once there is room.
  @ParameterizedTest
  @ValueSource(strings = {"write log-", "tear log-"})
  void logThatCouldNotBeWrittenTakesDeletesAtOnceAndPointsOnceThereIsRoom(String failing)
      throws Exception {
    try (Database database = open()) {
      Collection collection = create(database);
      write(collection);
      collection.seal();
      write(collection);
      disk.failure = operation -> operation.startsWith(failing);
      assertRefused(() -> write(collection));
      assertThat(isRed(collection)).isTrue();
      // Mended, and torn again.
      assertRefused(() -> write(collection));
      // Work of the background does not make the log whole.
      Thread.sleep(100);
      assertThat(isRed(collection)).isTrue();
      assertThat(collection.status().work()).contains("the log could not be written");
      assertReadable(collection);

      disk.free = 1_000;
      disk.failure = _ -> false;
      deleteLast(collection);
      assertThat(isRed(collection)).isFalse();
      assertThatThrownBy(() -> write(collection))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("until there is room on the disk");
      assertReadable(collection);

      disk.free = Long.MAX_VALUE;
      write(collection);
      deleteLast(collection);
      collection.seal();
      write(collection);
      assertReadable(collection);
    }
    try (Database database = open()) {
      assertReadable(database.collection("c"));
      write(database.collection("c"));
    }
    assertThat(DatabaseCheck.run(disk, FOLDER, _ -> {}).findings()).isEmpty();
  }

  private void deleteLast(Collection collection) {
    collection.delete(List.of(io.capsdb.point.PointId.of(written - 1)));
    written--;
  }

  /// At intervals, what was answered before and is in the log stays too.
  @Test
  void logThatIsForcedAtIntervalsGoesOnAfterAWriteThatFailed() throws Exception {
    try (Database database = open()) {
      Collection collection =
          database.createCollection(
              "c", CollectionConfig.of(4, Metric.EUCLID).withLogInterval(60_000));
      write(collection);
      disk.failure = operation -> operation.startsWith("tear log-");
      assertRefused(() -> write(collection));
      assertReadable(collection);
      disk.failure = _ -> false;
      write(collection);
      assertReadable(collection);
    }
    try (Database database = open()) {
      assertReadable(database.collection("c"));
    }
  }

  private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable write) {
    assertThatThrownBy(write)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the log could not be written: no space left")
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void logThatCannotGoOnInANewFileTakesNothingMore() {
    try (Database database = open()) {
      Collection collection = create(database);
      disk.failure = operation -> operation.startsWith("create log-");
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  write(collection);
                }
              })
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("a new log file could not be begun");
      assertThat(written).isLessThanOrEqualTo(SEAL_ROWS);
      assertThat(isRed(collection)).isTrue();
      assertReadable(collection);
      disk.failure = _ -> false;
    }
    try (Database database = open()) {
      Collection collection = database.collection("c");
      write(collection);
      assertReadable(collection);
    }
  }

  @Test
  void oldLogThatCannotBeDeletedDoesNoHarm() {
    try (Database database = open()) {
      Collection collection = create(database);
      disk.failure = operation -> operation.startsWith("delete log-");
      write(collection);
      collection.seal();
      assertThat(collection.awaitGreen(Duration.ofSeconds(10)).state())
          .isEqualTo(CollectionStatus.State.GREEN);
      disk.failure = _ -> false;
    }
    try (Database database = open()) {
      assertReadable(database.collection("c"));
    }
  }

  private List<String> segmentFiles() throws IOException {
    return disk.list(FOLDER.resolve("collection-000000")).stream()
        .filter(name -> name.startsWith("segment-"))
        .toList();
  }

  @Test
  void onAFullDiskReadsAndDeletesGoOnAndWritesDoWhenThereIsRoomAgain() throws Exception {
    try (Database database = open()) {
      Collection collection = create(database);
      for (int i = 0; i < 12; i++) {
        write(collection);
      }
      assertThat(collection.status().isFull()).isFalse();
      disk.free = (64L << 20) + 500;
      assertThat(collection.status().isFull()).isTrue();
      assertThatThrownBy(() -> write(collection))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("until there is room on the disk");
      assertThatThrownBy(() -> collection.changePayloads(Filter.ALL, old -> old))
          .isInstanceOf(StorageException.class);
      assertReadable(collection);
      deleteLast(collection);
      assertThat(collection.count(Filter.ALL)).isEqualTo(written);
      collection.seal();
      assertThat(isRed(collection)).isFalse();

      disk.free = Long.MAX_VALUE;
      assertThat(collection.status().isFull()).isFalse();
      write(collection);
      assertReadable(collection);
    }
  }

  @Test
  void snapshotsAreWrittenAndUnpackedWithoutTheReserveOrNotAtAll() throws Exception {
    try (Database database = open()) {
      Collection collection = create(database);
      for (int i = 0; i < 12; i++) {
        write(collection);
      }
      collection.seal();
      String name = database.createSnapshot("c").name();
      Path snapshots = FOLDER.resolve("snapshots").resolve("c");
      List<String> before = disk.list(FOLDER);
      List<String> archives = disk.list(snapshots);

      disk.free = (64L << 20) + 1_000;
      assertThatThrownBy(() -> database.createSnapshot("c"))
          .isInstanceOf(StorageException.class)
          .hasCauseInstanceOf(NoRoomException.class);
      assertThat(disk.list(snapshots)).isEqualTo(archives);
      for (String into : List.of("c", "d")) {
        assertThatThrownBy(
                () -> database.restore(into, database.readSnapshot("c", name), Long.MAX_VALUE))
            .isInstanceOf(StorageException.class)
            .hasCauseInstanceOf(NoRoomException.class)
            .hasMessageContaining("67109864 bytes of the disk are free");
      }
      assertThat(disk.list(FOLDER)).isEqualTo(before);
      assertReadable(collection);

      disk.free = Long.MAX_VALUE;
      assertReadable(database.restore("c", database.readSnapshot("c", name), Long.MAX_VALUE));
    }
  }

  @Test
  void withoutDescriptorsForANewLogWritesAreRefusedAndGoOnAfterwards() throws Exception {
    try (Database database = open()) {
      Collection collection = create(database);
      disk.failure = operation -> operation.startsWith("create ");
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  write(collection);
                }
              })
          .isInstanceOf(StorageException.class);
      assertThat(written).as("rows held in memory").isLessThanOrEqualTo(3 * SEAL_ROWS);
      assertReadable(collection);
      disk.failure = _ -> false;
      // Sealing is tried again after a pause.
      await(() -> !isRed(collection));
      write(collection);
      collection.seal();
      assertReadable(collection);
    }
    try (Database database = open()) {
      assertReadable(database.collection("c"));
    }
  }

  @Test
  void aFileThatCannotBeReadKeepsItsCollectionClosedAndNoOther() {
    try (Database database = open()) {
      Collection sealed = create(database);
      write(sealed);
      sealed.seal();
      database.createCollection("whole", CollectionConfig.of(4, Metric.EUCLID));
    }
    disk.failure = operation -> operation.matches("map .*\\.caps");
    try (Database database = open()) {
      assertThat(database.collection("whole").count(Filter.ALL)).isZero();
      assertThat(database.damagedCollections()).containsOnlyKeys("c");
      assertThatThrownBy(() -> database.collection("c"))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("was not opened")
          .hasCauseInstanceOf(IOException.class);
      database.dropCollection("whole");
    }
    // Where no collection can be read, that is told at once.
    assertThatThrownBy(this::open).isInstanceOf(StorageException.class);
    disk.failure = _ -> false;
    try (Database database = open()) {
      assertReadable(database.collection("c"));
    }
  }
}
