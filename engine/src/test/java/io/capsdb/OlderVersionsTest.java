package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter;
import io.capsdb.io.Disk;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Any file of any version can be opened by every later one: promise 5 of the README.
class OlderVersionsTest {
  private static final Path VERSIONS = Path.of("src", "test", "resources", "versions");
  private static final String NEWEST = "2";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"1", NEWEST})
  void whatAVersionLeftIsOpenedAndGoneOnWith(String version) throws IOException {
    Path place = folder.resolve(version);
    copy(VERSIONS.resolve(version), place);
    assertThat(DatabaseCheck.run(Disk.local(), place, _ -> {}).findings()).isEmpty();
    try (Database database = SampleDatabase.open(place)) {
      SampleDatabase.check(database);
      Collection films = database.collection(SampleDatabase.NAME);
      films.upsert(List.of(Point.of(1_000, new float[] {1, 2, 3, 4}, Map.of())));
      films.seal();
      films.upsert(List.of(Point.of(1_001, new float[] {1, 2, 3, 4}, Map.of())));
      database.createCollection("another", CollectionConfig.of(2, Metric.DOT));
    }
    try (Database database = SampleDatabase.open(place)) {
      Collection films = database.collection(SampleDatabase.NAME);
      films.delete(List.of(io.capsdb.point.PointId.of(1_000), io.capsdb.point.PointId.of(1_001)));
      SampleDatabase.check(database);
      assertThat(database.collection("another").count(Filter.ALL)).isZero();
    }
    assertThat(DatabaseCheck.run(Disk.local(), place, _ -> {}).findings()).isEmpty();
  }

  /// Where this fails, a format was changed, and a sample of the new one is missing.
  @Test
  void theNewestSampleHasTheFormatsThatAreWritten() throws IOException {
    SampleDatabase.write(folder.resolve("now"));
    Map<String, String> written = formats(folder.resolve("now"));
    assertThat(formats(VERSIONS.resolve(NEWEST))).isEqualTo(written).hasSize(8);
    assertThat(formats(VERSIONS.resolve("1"))).isNotEqualTo(written);
  }

  /// By file, how it begins, and the number of its format where it has one.
  private static Map<String, String> formats(Path place) throws IOException {
    Map<String, String> formats = new TreeMap<>();
    for (Path file : files(place)) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      String name = place.relativize(file).toString();
      if (name.equals("LOCK") || name.endsWith(".sha256")) {
        continue; // have none
      }
      String magic = Long.toHexString(bytes.getLong(0));
      if (name.endsWith(".wal") || name.endsWith(".caps")) {
        formats.put(name, magic);
      } else {
        formats.put(name, magic + " " + bytes.getInt(name.endsWith(".snapshot") ? 8 : 16));
      }
    }
    return formats;
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : files(from)) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(Objects.requireNonNull(target.getParent()));
      Files.copy(file, target);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
