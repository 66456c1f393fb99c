package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.testdata.Seed;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One random bit in each 512 bytes of a database is flipped, and found with its file.
///
/// Each look is at one flipped bit in each segment and each log; the files that others are found
/// through are damaged one at a time.
class BitFlipTest {
  private static final Path FOLDER = Path.of("/data");
  private static final int SECTOR = 512;

  /// What a log ends with when it was closed. It holds nothing: where it is damaged, nothing is
  /// lost.
  private static final int MARK = 20;

  private final Disk disk = new MemoryDisk();

  @Test
  void oneBitInEachSectorOfADatabaseIsFound() {
    Seed.repeat(
        1,
        random -> {
          fill(random, 2, 2, 150);
          assertThat(bytes()).isGreaterThan(100 << 10);
          flip(random);
        });
  }

  @Test
  @Tag("nightly")
  void oneBitInEachSectorOfTenMegabytesIsFound() {
    Seed.repeat(
        1,
        random -> {
          fill(random, 4, 9, 1_400);
          assertThat(bytes()).isGreaterThan(10_000_000);
          flip(random);
        });
  }

  /// Collections of some segments each, with changed payloads and deletes, and of a log that is as
  /// long as a segment.
  private void fill(RandomGenerator random, int collections, int segments, int rows) {
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .withDisk(disk)
            .withIdleMillis(1 << 30)
            .withMinIndexRows(64)
            .withMergeCount(1_000);
    try (Database database = Database.open(FOLDER, options)) {
      for (int i = 0; i < collections; i++) {
        Collection collection =
            database.createCollection("c" + i, CollectionConfig.of(24, Metric.EUCLID));
        for (int segment = 0; segment <= segments; segment++) {
          List<Point> batch = new ArrayList<>();
          for (int row = 0; row < rows; row++) {
            float[] vector = new float[24];
            for (int j = 0; j < vector.length; j++) {
              vector[j] = random.nextFloat();
            }
            long id = (long) segment * rows + row;
            batch.add(Point.of(id, vector, Map.of("n", id % 100, "t", "word" + id % 7)));
          }
          collection.upsert(batch);
          if (segment < segments) {
            collection.seal();
          }
        }
        collection.delete(Filters.eq("n", 7));
        collection.changePayloads(Filters.eq("n", 8), old -> old);
      }
    }
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(FOLDER.resolve("catalogue"));
    for (String name : disk.list(FOLDER)) {
      if (name.startsWith("collection-")) {
        for (String file : disk.list(FOLDER.resolve(name))) {
          files.add(FOLDER.resolve(name).resolve(file));
        }
      }
    }
    return files;
  }

  private long bytes() throws IOException {
    long bytes = 0;
    for (Path file : files()) {
      bytes += disk.size(file);
    }
    return bytes;
  }

  private static boolean isLeaf(Path file) {
    return file.toString().endsWith(".caps") || file.toString().endsWith(".wal");
  }

  private void flip(RandomGenerator random) throws IOException {
    Map<Path, byte[]> good = new TreeMap<>();
    for (Path file : files()) {
      try (InputStream in = disk.read(file)) {
        good.put(file, in.readAllBytes());
      }
    }
    DatabaseCheck.Report sound = check();
    assertThat(sound.findings()).isEmpty();
    long flips = 0;
    int most = 0;
    for (Map.Entry<Path, byte[]> entry : good.entrySet()) {
      int sectors = (entry.getValue().length + SECTOR - 1) / SECTOR;
      flips += sectors;
      if (isLeaf(entry.getKey())) {
        most = Math.max(most, sectors);
      } else {
        for (int sector = 0; sector < sectors; sector++) {
          requireFound(random, Map.of(entry.getKey(), entry.getValue()), sector, sound);
        }
      }
    }
    Map<Path, byte[]> leaves = new TreeMap<>(good);
    leaves.keySet().removeIf(file -> !isLeaf(file));
    for (int sector = 0; sector < most; sector++) {
      requireFound(random, leaves, sector, sound);
    }
    assertThat(flips).isGreaterThanOrEqualTo(bytes() / SECTOR);
    assertThat(check().findings()).isEmpty();
    System.out.printf("%,d bits flipped in %,d bytes, all found%n", flips, bytes());
  }

  /// Flips a bit in one sector of each of the files that has it, looks, and puts all back.
  private void requireFound(
      RandomGenerator random, Map<Path, byte[]> files, int sector, DatabaseCheck.Report sound)
      throws IOException {
    Map<String, Integer> flipped = new TreeMap<>();
    Set<String> harmless = new TreeSet<>();
    for (Map.Entry<Path, byte[]> entry : files.entrySet()) {
      byte[] bad = entry.getValue().clone();
      int from = sector * SECTOR;
      if (from >= bad.length) {
        continue;
      }
      int at = from + random.nextInt(Math.min(SECTOR, bad.length - from));
      bad[at] ^= (byte) (1 << random.nextInt(8));
      replace(entry.getKey(), bad);
      String name = FOLDER.relativize(entry.getKey()).toString();
      flipped.put(name, at);
      if (name.endsWith(".wal") && at >= bad.length - MARK) {
        harmless.add(name);
      }
    }
    DatabaseCheck.Report report = check();
    Set<String> found =
        report.findings().stream()
            .map(finding -> finding.file().split(" ", 2)[0])
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> expected = new TreeSet<>(flipped.keySet());
    expected.removeAll(harmless);
    assertThat(found).as("sector %d, bits at %s", sector, flipped).isEqualTo(expected);
    if (harmless.containsAll(flipped.keySet())) {
      assertThat(report.records()).isEqualTo(sound.records());
    }
    for (DatabaseCheck.Finding finding : report.findings()) {
      long size = disk.size(FOLDER.resolve(finding.file().split(" ", 2)[0]));
      assertThat(finding.offset()).as("%s", finding).isBetween(0L, size);
    }
    for (Map.Entry<Path, byte[]> entry : files.entrySet()) {
      if (flipped.containsKey(FOLDER.relativize(entry.getKey()).toString())) {
        replace(entry.getKey(), entry.getValue());
      }
    }
  }

  private DatabaseCheck.Report check() {
    return DatabaseCheck.run(disk, FOLDER, _ -> {});
  }

  private void replace(Path file, byte[] bytes) throws IOException {
    disk.delete(file);
    try (Disk.AppendFile out = disk.create(file)) {
      out.write(ByteBuffer.wrap(bytes));
    }
  }
}
