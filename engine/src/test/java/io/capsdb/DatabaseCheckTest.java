package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DatabaseCheckTest {
  private static final Path FOLDER = Path.of("/data");

  private final Disk disk = new MemoryDisk();

  private DatabaseOptions options() {
    return DatabaseOptions.defaults()
        .withDisk(disk)
        .withSealRows(256)
        .withMinIndexRows(32)
        .withIdleMillis(1 << 30);
  }

  /// Two segments, deletes, changed payloads, and records in the log.
  private void fill() {
    SplittableRandom random = new SplittableRandom(1);
    try (Database database = Database.open(FOLDER, options())) {
      Collection collection = database.createCollection("c", CollectionConfig.of(4, Metric.EUCLID));
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
        boolean isPadding = file.toString().endsWith(".caps") && good[at] == 0;
        // The last frame of a log can be one that was never acknowledged: it is passed over.
        boolean isLog = file.toString().endsWith(".wal");
        if (!isPadding && !isLog) {
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
