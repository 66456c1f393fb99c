package io.capsdb.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.point.Payload;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class IdxRowsTest {
  private static final ByteOrder BIG = ByteOrder.BIG_ENDIAN;

  @Nested
  class Images extends RowSourceContract {
    @Override
    SampleFile sample(RandomGenerator random) {
      SampleFile file = new SampleFile("train-images-idx3-ubyte");
      int rows = random.nextInt(1, 8);
      int height = random.nextInt(1, 4);
      int width = random.nextInt(1, 4);
      file.raw(0, 0, 8, 3).number(rows, 4, BIG).number(height, 4, BIG).number(width, 4, BIG);
      for (int r = 0; r < rows; r++) {
        float[] vector = new float[height * width];
        for (int d = 0; d < vector.length; d++) {
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
      return false;
    }
  }

  @Nested
  class Floats extends RowSourceContract {
    @Override
    SampleFile sample(RandomGenerator random) {
      SampleFile file = new SampleFile("vectors.idx");
      int rows = random.nextInt(1, 8);
      int width = random.nextInt(1, 4);
      boolean isDouble = random.nextBoolean();
      file.raw(0, 0, isDouble ? 0x0e : 0x0d, 2).number(rows, 4, BIG).number(width, 4, BIG);
      for (int r = 0; r < rows; r++) {
        float[] vector = new float[width];
        boolean isGood = random.nextInt(4) > 0;
        for (int d = 0; d < vector.length; d++) {
          if (isDouble) {
            double value = Numbers.float64(random, isGood);
            vector[d] = (float) value;
            file.number(Double.doubleToRawLongBits(value), 8, BIG);
          } else {
            vector[d] = Numbers.float32(random, isGood);
            file.number(Float.floatToRawIntBits(vector[d]), 4, BIG);
          }
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
  class Labels extends RowSourceContract {
    @Override
    SampleFile sample(RandomGenerator random) {
      SampleFile file = new SampleFile("train-labels-idx1-ubyte");
      int rows = random.nextInt(1, 20);
      boolean isSigned = random.nextBoolean();
      file.raw(0, 0, isSigned ? 9 : 8, 1).number(rows, 4, BIG);
      for (int r = 0; r < rows; r++) {
        int value = random.nextInt(256);
        file.raw(value);
        long label = isSigned ? (byte) value : value;
        file.row(r + 1, Optional.empty(), null, Payload.of(Map.of("label", label)), true);
      }
      return file;
    }

    @Override
    boolean mayEndAt(SampleFile sample, int length) {
      return false;
    }
  }

  @Test
  void labelsWithFractionsKeepThem() throws IOException {
    SampleFile file = new SampleFile("x").raw(0, 0, 0x0d, 1).number(3, 4, BIG);
    for (float label : new float[] {0.5f, 2, Float.NaN}) {
      file.number(Float.floatToRawIntBits(label), 4, BIG);
    }
    List<RowSource.Row> rows = RowSourceContract.read("x.idx", file.bytes());
    assertThat(rows.get(0).payload()).isEqualTo(Payload.of(Map.of("label", 0.5)));
    assertThat(rows.get(1).payload()).isEqualTo(Payload.of(Map.of("label", 2.0)));
    assertThat(rows.get(2).rejection().orElseThrow()).contains("label is NaN");
  }

  @Test
  void impossibleHeadersAreRefusedBeforeMemoryIsTaken() {
    int most = Integer.MAX_VALUE;
    int[][] sides = {
      {-1, 2},
      {1, 0},
      {1, -1},
      {1, 65_537},
      {1, most},
      {1, most, most},
      {1, 65_536, 65_536},
      {1, -1, -1}
    };
    for (int[] side : sides) {
      SampleFile file = new SampleFile("x").raw(0, 0, 8, side.length);
      for (int length : side) {
        file.number(length, 4, BIG);
      }
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> RowSourceContract.read("x.idx", file.raw(new byte[50]).bytes()))
          .withMessageContaining("rows have 1 to 65536 values");
    }
    for (int type : new int[] {0, 0x0b, 0x0c, 0x7f}) {
      SampleFile file = new SampleFile("x").raw(0, 0, type, 2).number(1, 4, BIG).number(1, 4, BIG);
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> RowSourceContract.read("x.idx", file.raw(1).bytes()))
          .withMessageContaining("values of type " + type);
    }
    for (int[] begin : new int[][] {{1, 0, 8, 1}, {0, 1, 8, 1}, {0, 0, 8, 0}, {0, 0, 8, 4}}) {
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> RowSourceContract.read("x.idx", new SampleFile("x").raw(begin).bytes()))
          .withMessageContaining("does not begin as an idx file");
    }
  }
}
