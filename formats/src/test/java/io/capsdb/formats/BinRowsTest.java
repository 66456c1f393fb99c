package io.capsdb.formats;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BinRowsTest {
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  @Nested
  class Fbin extends RowSourceContract {
    @Override
    SampleFile sample(RandomGenerator random) {
      SampleFile file = new SampleFile("base.fbin");
      int dimension = 1 + random.nextInt(6);
      int rows = random.nextInt(1, 9);
      file.number(rows, 4, LITTLE).number(dimension, 4, LITTLE);
      for (int r = 0; r < rows; r++) {
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
      return false;
    }
  }

  @Nested
  class U8bin extends RowSourceContract {
    @Override
    SampleFile sample(RandomGenerator random) {
      return bytes("base.u8bin", 0, random);
    }

    @Override
    boolean mayEndAt(SampleFile sample, int length) {
      return false;
    }
  }

  @Nested
  class I8bin extends RowSourceContract {
    @Override
    SampleFile sample(RandomGenerator random) {
      return bytes("base.i8bin", -128, random);
    }

    @Override
    boolean mayEndAt(SampleFile sample, int length) {
      return false;
    }
  }

  private static SampleFile bytes(String name, int least, RandomGenerator random) {
    SampleFile file = new SampleFile(name);
    int dimension = 1 + random.nextInt(9);
    int rows = random.nextInt(1, 9);
    file.number(rows, 4, LITTLE).number(dimension, 4, LITTLE);
    for (int r = 0; r < rows; r++) {
      float[] vector = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        int value = least + random.nextInt(256);
        vector[d] = value;
        file.raw(value);
      }
      file.vector(vector);
    }
    return file;
  }

  @Test
  void impossibleDimensionsAreRefusedBeforeMemoryIsTaken() {
    for (int dimension : new int[] {0, 65_537, -1}) {
      byte[] bytes = new SampleFile("x").number(1, 4, LITTLE).number(dimension, 4, LITTLE).bytes();
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> RowSourceContract.read("x.fbin", bytes))
          .withMessageContaining("rows have 1 to 65536 values");
    }
  }
}
