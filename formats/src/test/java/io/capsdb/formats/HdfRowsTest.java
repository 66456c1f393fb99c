package io.capsdb.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HdfRowsTest {
  private static final int ROWS = 700;

  @ParameterizedTest
  @ValueSource(strings = {"float32", "float64", "packed"})
  void theRowsOfTrainAreRead(String name) throws IOException {
    List<RowSource.Row> rows = TableFiles.read(name + ".hdf5", TableFiles.bytes(name + ".hdf5"));
    assertThat(rows).hasSize(ROWS);
    for (int r = 0; r < ROWS; r++) {
      assertThat(rows.get(r).vector()).containsExactly(r, r + 0.25f, r + 0.5f);
      assertThat(rows.get(r).number()).isEqualTo(r);
      assertThat(rows.get(r).rejection()).isEmpty();
    }
  }

  @Test
  void bytesAreNumbersWithoutASign() throws IOException {
    List<RowSource.Row> rows = TableFiles.read("a.h5", TableFiles.bytes("uint8.hdf5"));
    assertThat(rows).hasSize(ROWS);
    for (int r = 0; r < ROWS; r++) {
      assertThat(rows.get(r).vector()).containsExactly(r % 256, 1, 255);
    }
  }

  @Test
  void progressAndCountAreKnown() throws IOException {
    try (RowSource rows = TableFiles.open("a.hdf5", TableFiles.bytes("float32.hdf5"))) {
      assertThat(rows.rowCount()).hasValue(ROWS);
      assertThat(rows.progress()).isZero();
      for (int i = 0; i < ROWS; i++) {
        rows.next();
      }
      assertThat(rows.progress()).isEqualTo(1);
      assertThat(rows.next()).isEmpty();
      assertThat(rows.file()).isEqualTo("a.hdf5");
    }
  }

  @Test
  void otherLayoutsAreTold() {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> TableFiles.read("x.hdf5", TableFiles.bytes("no-train.hdf5")))
        .withMessageContaining("no data set 'train'");
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> TableFiles.read("x.hdf5", TableFiles.bytes("flat.hdf5")))
        .withMessageContaining("sides are [4]");
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> TableFiles.read("x.hdf5.gz", TableFiles.bytes("float32.hdf5")))
        .withMessageContaining("not read packed");
  }

  /// Whatever is wrong, it is told as such.
  @Test
  void damagedFilesAreToldOrReadToTheirEnd() throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    for (String name : List.of("float32.hdf5", "packed.hdf5")) {
      byte[] good = TableFiles.bytes(name);
      int told = 0;
      for (int i = 0; i < 300; i++) {
        byte[] bad = i % 3 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
        for (int flips = i % 3; flips > 0; flips--) {
          bad[random.nextInt(Math.min(bad.length, 2_048))] = (byte) random.nextInt();
        }
        try {
          assertThat(TableFiles.read(name, bad)).hasSizeLessThanOrEqualTo(1 << 20);
        } catch (FormatException e) {
          told++;
        }
      }
      assertThat(told).as(name).isGreaterThan(100);
    }
  }
}
