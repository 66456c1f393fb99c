package io.capsdb.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.formats.FileOutput;
import io.capsdb.formats.FormatException;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataSetFilesTest {
  private static final Path FOLDER = Path.of("data").toAbsolutePath();

  private final Disk disk = new MemoryDisk();
  private final DataSetFiles files = new DataSetFiles(disk, FOLDER);

  @Test
  void whatIsWrittenIsRead() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      DataSet set =
          SmallSet.of(arena, Map.of("half", Ranges.free(2, 2).set(0, 0, 0, 0).set(1, 1, 2, 4)));
      files.write(set);
      DataSet read = files.read(arena);
      assertThat(read.name()).isEqualTo("small");
      assertThat(read.metric()).isEqualTo(Metric.EUCLID);
      assertThat(read.isGenerated()).isTrue();
      assertThat(read.about()).isEqualTo("six rows");
      assertThat(read.attributes()).containsExactly("half", "number");
      assertThat(read.columns()).isDeepEqualTo(set.columns());
      assertThat(read.queries()).isDeepEqualTo(set.queries());
      assertThat(read.rowCount()).isEqualTo(SmallSet.ROWS);
      for (int row = 0; row < SmallSet.ROWS; row++) {
        assertThat(read.rows().row(row)).containsExactly(set.rows().row(row));
      }
      assertThat(read.workloads()).containsOnlyKeys("half", "none");
      assertThat(read.ranges("half").bounds()).containsExactly(0, 0, -1, -1, -1, -1, 2, 4);
      assertThat(read.ranges("none").isFree(1)).isTrue();
      assertThatThrownBy(() -> read.ranges("third"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("[half, none]");
    }
  }

  @Test
  void anotherSetInTheSameFolderLeavesNothingOfTheFirst() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      DataSet first = SmallSet.of(arena, Map.of("half", Ranges.free(2, 2).set(0, 0, 0, 0)));
      files.write(first);
      new TruthFiles(disk, FOLDER).get(first, "half", 2);
      files.write(SmallSet.of(arena, Map.of()));
      assertThat(disk.list(FOLDER))
          .containsExactly("attributes.ivecs", "base.fvecs", "dataset.properties", "queries.fvecs");
    }
  }

  @Test
  void rowsOfCosineSetsGetUnitLength() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      disk.createFolders(FOLDER);
      write("dataset.properties", "metric=cosine\n".getBytes(StandardCharsets.UTF_8));
      byte[] row = new byte[12];
      ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).putInt(2).putFloat(3).putFloat(4);
      write("base.fvecs", row);
      write("queries.fvecs", row);
      DataSet read = files.read(arena);
      assertThat(read.rows().row(0)).containsExactly(0.6f, 0.8f);
      assertThat(read.queries()[0]).containsExactly(0.6f, 0.8f);
      assertThat(read.attributes()).isEmpty();
    }
  }

  @Test
  void filesThatDoNotBelongTogetherAreRefused() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      files.write(SmallSet.of(arena, Map.of()));
      byte[] tooFew = new byte[4];
      write("half.filters.ivecs", tooFew);
      assertThatThrownBy(() -> files.read(arena))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("not 2 rows of 4 integers");
      disk.delete(FOLDER.resolve("half.filters.ivecs"));
      write("attributes.ivecs", tooFew);
      assertThatThrownBy(() -> files.read(arena))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("1 rows, the vectors are 6");
      write("attributes.ivecs", new byte[3]);
      assertThatThrownBy(() -> files.read(arena))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("row 0");
    }
  }

  private void write(String name, byte[] bytes) throws IOException {
    try (FileOutput out = FileOutput.create(disk, FOLDER.resolve(name))) {
      out.write(bytes);
      out.commit();
    }
  }
}
