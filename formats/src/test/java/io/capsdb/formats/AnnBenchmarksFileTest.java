package io.capsdb.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnBenchmarksFileTest {
  private static final float[][] TRAIN = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {1, 1, 1}};
  private static final float[][] TEST = {{1, 2, 2}, {7, 7, 7}};

  @TempDir Path folder;

  /// A file with these data sets and this distance.
  private byte[] bytes(String distance, Map<String, Object> dataSets) throws IOException {
    Path path = folder.resolve("made.hdf5");
    Files.deleteIfExists(path);
    try (WritableHdfFile out = HdfFile.write(path)) {
      dataSets.forEach(out::putDataset);
      if (!distance.isEmpty()) {
        out.putAttribute("distance", distance);
      }
    }
    return Files.readAllBytes(path);
  }

  private static AnnBenchmarksFile open(byte[] bytes) throws IOException {
    Disk disk = new MemoryDisk();
    Path file = Path.of("/files", "set.hdf5");
    disk.createFolders(Path.of("/files"));
    try (Disk.AppendFile out = disk.create(file)) {
      out.write(ByteBuffer.wrap(bytes));
    }
    return new AnnBenchmarksFile(disk, file);
  }

  private static void requireTold(ThrowingCallable reading, String message) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(reading)
        .withMessageContaining(message);
  }

  @Test
  void rowsQueriesNeighboursAndDistanceAreRead() throws IOException {
    int[][] neighbours = {{0, 3, 1}, {2, 1, 0}};
    AnnBenchmarksFile file =
        open(bytes("angular", Map.of("train", TRAIN, "test", TEST, "neighbors", neighbours)));
    try (RowSource rows = file.rows();
        RowSource queries = file.queries()) {
      assertThat(rows.rowCount()).hasValue(4);
      assertThat(rows.next().orElseThrow().vector()).containsExactly(1, 2, 3);
      assertThat(queries.next().orElseThrow().vector()).containsExactly(1, 2, 2);
      assertThat(queries.next().orElseThrow().vector()).containsExactly(7, 7, 7);
      assertThat(queries.next()).isEmpty();
    }
    assertThat(file.neighbours(10).orElseThrow()).isDeepEqualTo(neighbours);
    assertThat(file.neighbours(1).orElseThrow()).isDeepEqualTo(new int[][] {{0, 3, 1}});
    assertThat(file.distance()).contains("angular");
  }

  @Test
  void numbersOfRowsMayTakeEightBytes() throws IOException {
    long[][] neighbours = {{3}, {0}};
    assertThat(
            open(bytes("", Map.of("train", TRAIN, "test", TEST, "neighbors", neighbours)))
                .neighbours(2)
                .orElseThrow())
        .isDeepEqualTo(new int[][] {{3}, {0}});
  }

  @Test
  void whatIsNotThereIsLeftOutOrNamed() throws IOException {
    AnnBenchmarksFile file = open(bytes("", Map.of("train", TRAIN)));
    assertThat(file.distance()).isEmpty();
    assertThat(file.neighbours(5)).isEmpty();
    requireTold(file::queries, "set.hdf5, root: it has no data set 'test'");
    requireTold(
        () -> new AnnBenchmarksFile(new MemoryDisk(), Path.of("/files/set.hdf5")),
        "there is no such file");
  }

  @Test
  void partsThatDoNotFitAreNamedWithTheirNumbers() throws IOException {
    requireTold(
        () -> open(bytes("", Map.of("train", TRAIN, "test", new float[][] {{1, 2}}))).queries(),
        "test: its rows have 2 values, those of train have 3");
    requireTold(
        () -> neighbours(new int[][] {{0}, {1}, {2}}), "neighbors: it has 3 rows for 2 queries");
    requireTold(
        () -> neighbours(new int[][] {{0, 1}, {2, 4}}),
        "neighbors of query 1: there is no row 4, train has 4");
    requireTold(() -> neighbours(new int[][] {{-1}, {2}}), "there is no row -1");
    requireTold(() -> neighbours(new float[][] {{0}, {1}}), "its values are no whole numbers");
  }

  private Optional<int[][]> neighbours(Object table) throws IOException {
    return open(bytes("", Map.of("train", TRAIN, "test", TEST, "neighbors", table))).neighbours(2);
  }

  /// Whatever is wrong, it is told as such.
  @Test
  void damagedFilesAreToldOrRead() throws IOException {
    byte[] good =
        bytes(
            "euclidean",
            Map.of("train", TRAIN, "test", TEST, "neighbors", new int[][] {{0, 3}, {2, 1}}));
    SplittableRandom random = new SplittableRandom(5);
    int told = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bad = i % 3 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      for (int flips = i % 3; flips > 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        AnnBenchmarksFile file = open(bad);
        file.distance();
        file.queries().close();
        file.neighbours(2);
      } catch (FormatException e) {
        told++;
      }
    }
    assertThat(told).isGreaterThan(100);
  }
}
