package io.capsdb.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class VecsRowsTest {
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  @Nested
  class Fvecs extends RowSourceContract {
    @Override
    SampleFile sample(RandomGenerator random) {
      SampleFile file = new SampleFile("base.fvecs");
      int dimension = 1 + random.nextInt(6);
      for (int r = random.nextInt(1, 9); r > 0; r--) {
        file.number(dimension, 4, LITTLE);
        boolean isGood = random.nextInt(4) > 0;
        float[] vector = new float[dimension];
        for (int d = 0; d < dimension; d++) {
          vector[d] = Numbers.float32(random, isGood || d > 0);
          file.number(Float.floatToRawIntBits(vector[d]), 4, LITTLE);
        }
        file.vector(vector);
      }
      return file;
    }

    @Override
    boolean mayEndAt(SampleFile sample, int length) {
      return length == 0 || sample.rows().stream().anyMatch(row -> row.end() == length);
    }
  }

  @Nested
  class Bvecs extends RowSourceContract {
    @Override
    SampleFile sample(RandomGenerator random) {
      SampleFile file = new SampleFile("base.bvecs");
      int dimension = 1 + random.nextInt(9);
      for (int r = random.nextInt(1, 9); r > 0; r--) {
        file.number(dimension, 4, LITTLE);
        float[] vector = new float[dimension];
        for (int d = 0; d < dimension; d++) {
          int value = random.nextInt(256);
          vector[d] = value;
          file.raw(value);
        }
        file.vector(vector);
      }
      return file;
    }

    @Override
    boolean mayEndAt(SampleFile sample, int length) {
      return length == 0 || sample.rows().stream().anyMatch(row -> row.end() == length);
    }
  }

  @Test
  void impossibleDimensionsAreRefusedBeforeMemoryIsTaken() throws IOException {
    for (int dimension : new int[] {0, -1, 65_537, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      byte[] bytes = new SampleFile("x").number(dimension, 4, LITTLE).raw(new byte[100]).bytes();
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> RowSourceContract.read("x.fvecs", bytes))
          .withMessage("x.fvecs, row 0: dimension " + dimension + ", must be from 1 to 65536");
    }
  }

  @Test
  void theLargestDimensionIsRead() throws IOException {
    byte[] bytes = new SampleFile("x").number(65_536, 4, LITTLE).raw(new byte[65_536]).bytes();
    assertThat(RowSourceContract.read("x.bvecs", bytes).getFirst().vector()).hasSize(65_536);
  }

  /// A damaged dimension would shift all rows behind it.
  @Test
  void rowsOfAnotherDimensionAreRefused() {
    SampleFile file = new SampleFile("x");
    file.number(2, 4, LITTLE).raw(1, 2).number(3, 4, LITTLE).raw(1, 2, 3);
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> RowSourceContract.read("x.bvecs", file.bytes()))
        .withMessage("x.bvecs, row 1: dimension 3, the rows before have 2");
  }
}
