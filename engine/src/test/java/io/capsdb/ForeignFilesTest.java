package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.filter.Filter;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files of one collection in the folder of another, of the same database or another one: each of
/// them whole, with the same name and the same shape.
class ForeignFilesTest {
  private static final Path FOLDER = Path.of("/data");
  private static final Path ELSEWHERE = Path.of("/elsewhere");
  private static final Path OWN = FOLDER.resolve("collection-000000");
  private static final Path OTHER = FOLDER.resolve("collection-000001");
  private static final int ROWS = 30;

  private final Disk disk = new MemoryDisk();

  private Database open() {
    return open(FOLDER);
  }

  private Database open(Path folder) {
    return Database.open(
        folder, DatabaseOptions.defaults().withDisk(disk).withSealRows(256).withMinIndexRows(16));
  }

  /// Two collections with a segment, settings, and a log with as many writes.
  private void fill() {
    try (Database database = open()) {
      for (String name : List.of("own", "other")) {
        Collection collection =
            database.createCollection(name, CollectionConfig.of(2, Metric.EUCLID));
        collection.changeSettings(
            old -> old.withField("n", new FieldIndex(FieldIndex.Type.INTEGER, "")));
        collection.upsert(points(name, 0));
        collection.seal();
        collection.upsert(points(name, ROWS));
      }
    }
  }

  private static List<Point> points(String name, int from) {
    List<Point> points = new ArrayList<>();
    for (int i = from; i < from + ROWS; i++) {
      points.add(Point.of(i, new float[] {i, name.length()}, Map.of("n", (long) i)));
    }
    return points;
  }

  @ParameterizedTest
  @CsvSource({
    "log-000000000001.wal, it is a log of another collection",
    "manifest, it is the manifest of another collection",
    "settings, settings of another collection",
    "segment-000000000001.caps, it is not the file that the manifest names"
  })
  void aFileOfAnotherCollectionIsRefusedAndLeftAsItIs(String name, String what) throws IOException {
    fill();
    byte[] own = bytes(OWN.resolve(name));
    byte[] foreign = bytes(OTHER.resolve(name));
    replace(OWN.resolve(name), foreign);
    assertThat(DatabaseCheck.run(disk, FOLDER, _ -> {}).findings())
        .anySatisfy(finding -> assertThat(finding.what()).contains(what))
        .allSatisfy(finding -> assertThat(finding.file()).startsWith("collection-000000/"));
    try (Database database = open()) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> database.collection("own"))
          .withMessageContaining(what)
          .withMessageContaining(name);
      assertThat(database.collection("other").count(Filter.ALL)).isEqualTo(2 * ROWS);
    }
    assertThat(bytes(OWN.resolve(name))).isEqualTo(foreign);
    replace(OWN.resolve(name), own);
    try (Database database = open()) {
      assertThat(database.collection("own").count(Filter.ALL)).isEqualTo(2 * ROWS);
    }
    assertThat(DatabaseCheck.run(disk, FOLDER, _ -> {}).findings()).isEmpty();
  }

  /// The archive's files keep the identity that they have.
  @Test
  void aCollectionThatWasRestoredIsOpenedAgain() throws IOException {
    fill();
    try (Database database = open();
        Database elsewhere = open(ELSEWHERE)) {
      SnapshotInfo snapshot = database.createSnapshot("own");
      elsewhere.restore("own", database.readSnapshot("own", snapshot.name()), Long.MAX_VALUE);
      elsewhere.collection("own").upsert(points("own", 2 * ROWS));
    }
    assertThat(DatabaseCheck.run(disk, ELSEWHERE, _ -> {}).findings()).isEmpty();
    try (Database elsewhere = open(ELSEWHERE)) {
      assertThat(elsewhere.collection("own").count(Filter.ALL)).isEqualTo(3 * ROWS);
    }
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
}
