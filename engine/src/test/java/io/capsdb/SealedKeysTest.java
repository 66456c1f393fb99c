package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.storage.Catalogue;
import io.capsdb.storage.ChronicleKeys;
import io.capsdb.storage.KeysFile;
import io.capsdb.storage.Manifest;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The key directory in files, from the first seal to what is left after a stop.
class SealedKeysTest {
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults()
          .withSealRows(256)
          .withMinIndexRows(1)
          .withIdleMillis(5)
          .withMeasuredCosts(false)
          .withOffHeapRows(1);
  private static final CollectionConfig CONFIG = CollectionConfig.of(2, Metric.EUCLID);

  @TempDir Path folder;

  private Path place() {
    return folder.resolve("collection-000000");
  }

  private List<Path> shards() throws IOException {
    try (Stream<Path> files = Files.list(place())) {
      return files.filter(file -> file.toString().endsWith(".map")).toList();
    }
  }

  /// Numbers and UUIDs in turn: few tables are asked for numbers without the directory.
  private static PointId id(int number) {
    return number % 2 == 0 ? PointId.of(number) : PointId.of(new UUID(number, number));
  }

  private static void write(Collection collection, int from, int end, String kind) {
    List<Point> points = new ArrayList<>();
    for (int i = from; i < end; i++) {
      points.add(
          new Point(id(i), Map.of("", new float[] {i, 1}), Payload.of(Map.of("kind", kind))));
    }
    collection.upsert(points);
    collection.seal();
  }

  private static void requireOnce(Collection collection, int count, String kind) {
    assertThat(collection.count(Filters.all())).isEqualTo(count);
    List<PointId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(id(i));
    }
    assertThat(collection.get(ids)).hasSize(count);
    assertThat(collection.count(Filters.eq("kind", kind))).isEqualTo(count);
  }

  @Test
  void overwritesFindRowsThatWereSealedMergedAndReopened() throws IOException {
    try (Database database = Database.open(folder, OPTIONS)) {
      Collection collection = database.createCollection("c", CONFIG);
      for (int part = 0; part < 6; part++) {
        write(collection, part * 300, part * 300 + 300, "old");
      }
      assertThat(shards()).isNotEmpty();
      assertThat(KeysFile.read(Disk.local(), place())).isEmpty();
      write(collection, 0, 1_800, "new");
      requireOnce(collection, 1_800, "new");
    }
    assertThat(KeysFile.read(Disk.local(), place())).isPresent();
    try (Database database = Database.open(folder, OPTIONS)) {
      Collection collection = database.collection("c");
      requireOnce(collection, 1_800, "new");
      write(collection, 0, 1_800, "newer");
      requireOnce(collection, 1_800, "newer");
      collection.delete(List.of(id(1_799)));
      requireOnce(collection, 1_799, "newer");
    }
    requireSound();
  }

  @Test
  void damagedFilesAreMadeAnew() throws IOException {
    try (Database database = Database.open(folder, OPTIONS)) {
      write(database.createCollection("c", CONFIG), 0, 600, "old");
    }
    for (Path shard : shards()) {
      byte[] bytes = Files.readAllBytes(shard);
      for (int i = 0; i < bytes.length; i += 64) {
        bytes[i] ^= 1;
      }
      Files.write(shard, bytes);
    }
    try (Database database = Database.open(folder, OPTIONS)) {
      Collection collection = database.collection("c");
      write(collection, 0, 600, "new");
      requireOnce(collection, 600, "new");
      assertThat(shards()).isNotEmpty();
    }
    requireSound();
  }

  @Test
  void filesOfAProcessThatWasKilledAreMadeAnew() throws IOException {
    Path copy = folder.resolve("copy");
    try (Database database = Database.open(folder.resolve("first"), OPTIONS)) {
      write(database.createCollection("c", CONFIG), 0, 600, "old");
      copy(folder.resolve("first"), copy);
    }
    try (Database database = Database.open(copy, OPTIONS)) {
      Collection collection = database.collection("c");
      write(collection, 0, 600, "new");
      requireOnce(collection, 600, "new");
    }
    assertThat(DatabaseCheck.run(Disk.local(), copy, _ -> {}).findings()).isEmpty();
  }

  /// Otherwise a collection of points that come and go would fill its directory.
  @Test
  void idsThatWereDeletedLeaveTheDirectory() throws IOException {
    try (Database database = Database.open(folder, OPTIONS)) {
      Collection collection = database.createCollection("c", CONFIG);
      write(collection, 0, 600, "old");
      List<PointId> first = IntStream.range(0, 100).mapToObj(SealedKeysTest::id).toList();
      collection.delete(first);
      collection.delete(List.of(id(200), id(5_000)));
      assertThat(collection.count(Filters.all())).isEqualTo(499);
    }
    KeysFile closed = KeysFile.read(Disk.local(), place()).orElseThrow();
    try (ChronicleKeys keys = ChronicleKeys.open(Disk.local(), place(), closed)) {
      assertThat(keys.count()).isEqualTo(499);
    }
  }

  /// The thread that seals is ended while it enters a segment, and maybe while it makes a file.
  @Test
  void aDirectoryThatWasLeftHalfWayIsNotClosedAsIfItWereWhole() throws IOException {
    try (Database database = Database.open(folder, OPTIONS)) {
      write(database.createCollection("c", CONFIG), 0, 600, "old");
    }
    long identity =
        Catalogue.read(Disk.local(), folder.resolve("catalogue")).entries().getFirst().identity();
    SegmentFiles files = new SegmentFiles(Disk.local(), place(), CONFIG, identity);
    Manifest manifest = files.readManifest();
    List<SegmentView> views = files.open(manifest);
    try (SegmentSet set = new SegmentSet(manifest.sequence(), views)) {
      SealedKeys keys = new SealedKeys(OPTIONS, place());
      keys.begin(views);
      keys.seal(set, views.getFirst());
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(CancellationException.class)
          .isThrownBy(() -> keys.seal(set, views.getFirst()));
      assertThat(Thread.interrupted()).isTrue();
      keys.close(set);
    }
    assertThat(KeysFile.read(Disk.local(), place())).isEmpty();
    try (Database database = Database.open(folder, OPTIONS)) {
      Collection collection = database.collection("c");
      write(collection, 0, 600, "new");
      requireOnce(collection, 600, "new");
    }
    requireSound();
  }

  @Test
  void nothingIsOpenedBeforeAWriteNeedsIt() throws IOException {
    try (Database database = Database.open(folder, OPTIONS)) {
      write(database.createCollection("c", CONFIG), 0, 600, "old");
    }
    byte[] before = Files.readAllBytes(KeysFile.path(place()));
    try (Database database = Database.open(folder, OPTIONS)) {
      requireOnce(database.collection("c"), 600, "old");
      database.collection("c").delete(List.of(id(599)));
      requireOnce(database.collection("c"), 599, "old");
      assertThat(Files.readAllBytes(KeysFile.path(place()))).isEqualTo(before);
    }
  }

  private void requireSound() {
    assertThat(DatabaseCheck.run(Disk.local(), folder, _ -> {}).findings()).isEmpty();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        if (!file.endsWith("LOCK")) {
          Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
      }
    }
  }
}
