package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.io.FaultyDisk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.storage.SegmentContainer;
import io.capsdb.testdata.Seed;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseCheckTest {
  private static final Path FOLDER = Path.of("/data");

  private final Disk disk = new MemoryDisk();

  private DatabaseOptions options() {
    return options(disk);
  }

  private static DatabaseOptions options(Disk disk) {
    return DatabaseOptions.defaults()
        .withDisk(disk)
        .withSealRows(256)
        .withMinIndexRows(32)
        .withIdleMillis(1 << 30);
  }

  /// Two segments, deletes, changed payloads, and records in the log.
  private void fill() {
    fill(disk);
  }

  private static void fill(Disk disk) {
    fill(disk, ElementType.FLOAT32);
  }

  private static void fill(Disk disk, ElementType type) {
    SplittableRandom random = new SplittableRandom(1);
    try (Database database = Database.open(FOLDER, options(disk))) {
      Collection collection =
          database.createCollection("c", CollectionConfig.of(4, Metric.EUCLID, type));
      for (int round = 0; round < 2; round++) {
        List<Point> batch = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
          float[] vector = {random.nextFloat(), random.nextFloat(), 1, 2};
          batch.add(Point.of(50L * round + i, vector, Map.of("n", (long) i, "t", "x" + i % 3)));
        }
        collection.upsert(batch);
        collection.changePayloads(List.of(PointId.of(3)), _ -> Payload.of(Map.of("n", 9L)));
        collection.seal();
      }
      collection.delete(List.of(PointId.of(7)));
      collection.upsert(List.of(Point.of(500, new float[] {1, 2, 3, 4}, Map.of())));
    }
  }

  private DatabaseCheck.Report check() {
    return DatabaseCheck.run(disk, FOLDER, _ -> {});
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : disk.list(FOLDER)) {
      if (name.equals("catalogue")) {
        files.add(FOLDER.resolve(name));
      } else if (name.startsWith("collection-")) {
        for (String file : disk.list(FOLDER.resolve(name))) {
          files.add(FOLDER.resolve(name).resolve(file));
        }
      }
    }
    return files;
  }

  private byte[] bytes(Path file) throws IOException {
    try (InputStream in = disk.read(file)) {
      return in.readAllBytes();
    }
  }

  private void replace(Path file, byte[] bytes) throws IOException {
    disk.delete(file);
    try (Disk.AppendFile out = disk.create(file)) {
      out.write(ByteBuffer.wrap(bytes));
      out.force();
    }
  }

  @Test
  void aSoundDatabaseHasNoFindings() {
    fill();
    DatabaseCheck.Report report = check();
    assertThat(report.findings()).isEmpty();
    assertThat(report.isSound()).isTrue();
    assertThat(report.collections()).isEqualTo(1);
    assertThat(report.segments()).isEqualTo(2);
    assertThat(report.records()).isPositive();
  }

  /// A flipped bit is found, or no reader ever looks at it.
  @Test
  void flippedBitsAreFoundWithTheirFileOrStandWhereNothingIs() throws IOException {
    fill();
    for (Path file : files()) {
      byte[] good = bytes(file);
      SplittableRandom random = new SplittableRandom(good.length);
      for (int at = 0; at < good.length; at += 1 + good.length / 150) {
        byte[] bad = good.clone();
        bad[at] ^= (byte) (1 << random.nextInt(8));
        replace(file, bad);
        DatabaseCheck.Report report = check();
        // The mark of a log that was closed holds nothing: where it is damaged, nothing is lost.
        boolean isMark = file.toString().endsWith(".wal") && at >= good.length - 20;
        if (!isMark) {
          assertThat(report.isSound()).as("%s, byte %d", file, at).isFalse();
        }
        for (DatabaseCheck.Finding finding : report.findings()) {
          assertThat(file.toString()).as("byte %d", at).contains(finding.file().split(" ", 2)[0]);
          assertThat(finding.offset()).isBetween(0L, (long) good.length);
        }
      }
      replace(file, good);
      assertThat(check().isSound()).isTrue();
    }
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    fill();
    for (Path file : files()) {
      if (file.toString().endsWith(".caps")) {
        byte[] good = bytes(file);
        disk.delete(file);
        assertThat(check().findings())
            .singleElement()
            .satisfies(
                finding -> {
                  assertThat(file.toString()).endsWith(finding.file());
                  assertThat(finding.what()).contains("missing");
                });
        replace(file, good);
      }
    }
  }

  /// All bits of a small database.
  @Test
  @Tag("nightly")
  void everyFlippedBitIsFound() throws IOException {
    fill();
    long bytes = 0;
    for (Path file : files()) {
      byte[] good = bytes(file);
      bytes += good.length;
      int end = file.toString().endsWith(".wal") ? good.length - 20 : good.length;
      for (int bit = 0; bit < 8 * end; bit++) {
        byte[] bad = good.clone();
        bad[bit / 8] ^= (byte) (1 << bit % 8);
        replace(file, bad);
        assertThat(check().isSound()).as("%s, bit %d", file, bit).isFalse();
      }
      replace(file, good);
    }
    assertThat(bytes).isLessThanOrEqualTo(64 << 10);
  }

  @ParameterizedTest
  @EnumSource
  void repairMakesAnewWhatRowsTell(ElementType type) throws IOException {
    fill(disk, type);
    for (Path file : files()) {
      if (!file.toString().endsWith(".caps")) {
        continue;
      }
      List<StoredPoint> before = points();
      byte[] good = bytes(file);
      int repaired = 0;
      for (String part : List.of("ids", "filters", "0.attributes", "0.index.", "payloads")) {
        Optional<Long> at = place(file, part);
        if (at.isEmpty()) {
          continue;
        }
        byte[] bad = good.clone();
        bad[Math.toIntExact(at.get())] ^= 1;
        replace(file, bad);
        assertThat(check().isSound()).as(part).isFalse();
        byte[] manifest = bytes(file.resolveSibling("manifest"));
        DatabaseCheck.Report report = DatabaseCheck.repair(disk, FOLDER, _ -> {});
        if (part.equals("payloads")) {
          assertThat(report.findings()).isNotEmpty();
          assertThat(report.repaired()).isZero();
          assertThat(bytes(file)).isEqualTo(bad);
          replace(file, good);
          continue;
        }
        repaired++;
        assertThat(report.findings()).as(part).isEmpty();
        assertThat(report.repaired()).isEqualTo(1);
        assertThat(check().isSound()).isTrue();
        assertThat(points()).usingRecursiveComparison().isEqualTo(before);
        replace(file, good);
        replace(file.resolveSibling("manifest"), manifest);
      }
      assertThat(repaired).isGreaterThanOrEqualTo(2);
    }
  }

  private List<StoredPoint> points() {
    return points(disk);
  }

  private static List<StoredPoint> points(Disk disk) {
    try (Database database = Database.open(FOLDER, options(disk).withReadOnly(true))) {
      return database.collection("c").scroll(Filters.all(), Optional.empty(), 1_000).points();
    }
  }

  /// Where the first part begins whose name begins so.
  private Optional<Long> place(Path file, String part) throws IOException {
    try (SegmentContainer container = SegmentContainer.open(disk, file, number(file))) {
      return container.parts().stream()
          .filter(name -> name.startsWith(part))
          .findFirst()
          .map(container::offset);
    }
  }

  private static long number(Path segment) {
    return Long.parseLong(String.valueOf(segment.getFileName()).replaceAll("[^0-9]", ""));
  }

  /// Each is whole and sound, in the place of the other.
  @Test
  void segmentsThatWereExchangedAreNoticed() throws IOException {
    fill();
    List<Path> segments =
        files().stream().filter(file -> file.toString().endsWith(".caps")).toList();
    assertThat(segments).hasSize(2);
    byte[] first = bytes(segments.getFirst());
    replace(segments.getFirst(), bytes(segments.getLast()));
    replace(segments.getLast(), first);
    assertThat(check().findings())
        .hasSize(2)
        .allSatisfy(
            finding -> assertThat(finding.what()).contains("it is segment ", "should be segment "));
    try (Database database = Database.open(FOLDER, options())) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> database.collection("c"))
          .withMessageContaining("should be segment");
    }
  }

  /// The bytes of each write in turn land over those of some file, and zeros where they should be.
  @Test
  void writesThatLandElsewhereAreNoticedOrHarmNothing() throws IOException {
    fill();
    List<StoredPoint> all = points();
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    int noticed = 0;
    boolean isDone = false;
    for (long n = 1; !isDone; n++) {
      FaultyDisk faulty = new FaultyDisk();
      faulty.misdirectAt(n, random);
      try {
        fill(faulty);
        isDone = faulty.operations() < n;
      } catch (StorageException | CorruptFileException e) {
        noticed++; // while it was open
        continue;
      }
      DatabaseCheck.Report report = DatabaseCheck.run(faulty, FOLDER, _ -> {});
      String context = "%s, operation %d over %s".formatted(seed, n, faulty.misdirected());
      if (report.isSound()) {
        assertThat(points(faulty)).as(context).usingRecursiveComparison().isEqualTo(all);
      } else {
        assertThat(faulty.misdirected()).as(context).isPresent();
        noticed++;
      }
    }
    assertThat(noticed).isGreaterThan(20);
  }

  /// The first segments of two collections, of the same number and as large.
  @Test
  void theSegmentOfAnotherCollectionIsNoticed() throws IOException {
    try (Database database = Database.open(FOLDER, options())) {
      for (String name : List.of("c", "d")) {
        Collection collection =
            database.createCollection(name, CollectionConfig.of(4, Metric.EUCLID));
        List<Point> batch = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
          batch.add(Point.of(i, new float[] {i, 1, 2, 3}, Map.of("name", name)));
        }
        collection.upsert(batch);
        collection.seal();
      }
    }
    List<Path> segments =
        files().stream().filter(file -> file.toString().endsWith(".caps")).toList();
    assertThat(segments).hasSize(2);
    assertThat(segments.getFirst().getFileName()).isEqualTo(segments.getLast().getFileName());
    replace(segments.getFirst(), bytes(segments.getLast()));
    for (DatabaseCheck.Report report :
        List.of(check(), DatabaseCheck.repair(disk, FOLDER, _ -> {}))) {
      assertThat(report.findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(segments.getFirst().toString()).endsWith(finding.file());
                assertThat(finding.what()).contains("not the file that the manifest names");
              });
    }
    try (Database database = Database.open(FOLDER, options())) {
      assertThat(database.damagedCollections()).containsOnlyKeys("c");
    }
  }

  @Test
  void damagedSnapshotsAreNamed() throws IOException {
    fill();
    try (Database database = Database.open(FOLDER, options())) {
      database.createSnapshot("c");
    }
    assertThat(check().isSound()).isTrue();
    Path place = FOLDER.resolve("snapshots/c");
    Path file = place.resolve(disk.list(place).getFirst());
    byte[] bytes = bytes(file);
    bytes[bytes.length / 2] ^= 1;
    replace(file, bytes);
    assertThat(check().findings())
        .singleElement()
        .satisfies(finding -> assertThat(file.toString()).endsWith(finding.file()));
  }

  @Test
  void damageUnderAnOpenDatabaseIsNoticedInTheBackground(@TempDir Path place) throws Exception {
    DatabaseOptions options =
        DatabaseOptions.defaults().withMinIndexRows(32).withMeasuredCosts(false).withScrub(10);
    try (Database database = Database.open(place, options)) {
      Collection collection = database.createCollection("c", CollectionConfig.of(4, Metric.EUCLID));
      List<Point> batch = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        batch.add(Point.of(i, new float[] {i, 1, 2, 3}, Map.of("n", i)));
      }
      collection.upsert(batch);
      collection.seal();
      assertThat(collection.status().state()).isEqualTo(CollectionStatus.State.GREEN);
      Path file;
      try (Stream<Path> files = Files.list(place.resolve("collection-000000"))) {
        file = files.filter(each -> each.toString().endsWith(".caps")).findFirst().orElseThrow();
      }
      try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
        out.seek(200);
        int old = out.read();
        out.seek(200);
        out.write(old ^ 1);
      }
      for (int look = 0;
          look < 2_000 && collection.status().state() != CollectionStatus.State.RED;
          look++) {
        Thread.sleep(5);
      }
      assertThat(collection.status().state()).isEqualTo(CollectionStatus.State.RED);
      assertThat(collection.status().work()).contains(file.toString(), "is damaged at byte");
    }
  }

  @Test
  void aDatabaseThatIsOpenIsLeftAlone() {
    fill();
    try (Database _ = Database.open(FOLDER, options())) {
      assertThatExceptionOfType(StorageException.class).isThrownBy(this::check);
    }
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> DatabaseCheck.run(disk, Path.of("/other"), _ -> {}))
        .withMessageContaining("/other");
  }
}
