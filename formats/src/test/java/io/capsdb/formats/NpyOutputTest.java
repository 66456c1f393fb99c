package io.capsdb.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.testdata.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class NpyOutputTest {
  private static final Path FOLDER = Path.of("npy").toAbsolutePath();

  private static Disk disk() throws Exception {
    Disk disk = new MemoryDisk();
    disk.createFolders(FOLDER);
    return disk;
  }

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    Seed seed = Seed.next();
    RandomGenerator random = seed.random();
    for (String name : List.of("v.npy", "v.npy.gz")) {
      for (int dimension : new int[] {1, 3, 384, 20_000}) {
        Disk disk = disk();
        List<float[]> rows = new ArrayList<>();
        try (NpyOutput out = NpyOutput.create(disk, FOLDER.resolve(name))) {
          for (int i = 0; i < 1 + random.nextInt(60); i++) {
            float[] row = new float[dimension];
            for (int k = 0; k < dimension; k++) {
              row[k] = random.nextFloat();
            }
            rows.add(row);
            out.write(row);
          }
          out.commit();
        }
        assertThat(disk.list(FOLDER)).containsExactly(name);
        try (RowSource source = RowSources.open(disk, FOLDER.resolve(name))) {
          for (float[] row : rows) {
            assertThat(Objects.requireNonNull(source.next().orElseThrow().vector()))
                .as("%s, %s", seed, dimension)
                .isEqualTo(row);
          }
          assertThat(source.next()).isEqualTo(Optional.empty());
        }
      }
    }
  }

  @Test
  void nothingIsLeftOfWhatWasBrokenOff() throws Exception {
    Disk disk = disk();
    try (NpyOutput out = NpyOutput.create(disk, FOLDER.resolve("v.npy"))) {
      out.write(new float[2]);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> out.write(new float[3]))
          .withMessage("a vector has 3 values, the first has 2");
    }
    assertThat(disk.list(FOLDER)).isEmpty();
  }
}
