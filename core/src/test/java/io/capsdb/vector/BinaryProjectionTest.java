package io.capsdb.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.testdata.Damage;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BinaryProjectionTest {
  private static BinaryProjection random(RandomGenerator random, int bits, int dimension) {
    return new BinaryProjection(
        dimension,
        TestData.around(random, new float[bits * dimension], 1),
        TestData.around(random, new float[bits], 1));
  }

  private static byte[] bytes(BinaryProjection projection) {
    CheckedWriter out = new CheckedWriter();
    projection.write(out);
    return out.toByteArray();
  }

  private static BinaryProjection read(byte[] bytes) {
    return BinaryProjection.read(new CheckedReader("test", 0, MemorySegment.ofArray(bytes)));
  }

  @Test
  void bitsAreTheSidesOfThresholds() {
    Seed.repeat(
        3,
        random -> {
          for (int bits : new int[] {1, 31, 63, 64, 65, 130}) {
            for (int dimension : new int[] {1, 2, 17, 100}) {
              BinaryProjection projection = random(random, bits, dimension);
              float[] vector = TestData.around(random, new float[dimension], 1);
              float[] projected = projection.project(vector);
              long[] code = projection.code(vector);
              assertThat(code).hasSize((bits + 63) / 64);
              for (int bit = 0; bit < bits; bit++) {
                double sum = 0;
                double magnitude = 0;
                for (int i = 0; i < dimension; i++) {
                  double product = (double) projection.matrix()[bit * dimension + i] * vector[i];
                  sum += product;
                  magnitude += Math.abs(product);
                }
                double threshold = projection.thresholds()[bit];
                double error = (dimension + 3) * 0x1p-24 * (magnitude + Math.abs(threshold));
                assertThat(Math.abs(projected[bit] - (sum - threshold))).isLessThanOrEqualTo(error);
                assertThat(code[bit >> 6] >>> bit & 1).isEqualTo(projected[bit] >= 0 ? 1 : 0);
              }
              for (int bit = bits; bit < 64 * code.length; bit++) {
                assertThat(code[bit >> 6] >>> bit & 1).as("beyond the last bit").isZero();
              }
            }
          }
        });
  }

  @Test
  void whatLiesAtTheThresholdIsOne() {
    BinaryProjection projection =
        new BinaryProjection(2, new float[] {1, 0, 0, 1, -1, 0}, new float[] {3, 3, -3});
    assertThat(projection.code(new float[] {3, 2})).containsExactly(0b101);
  }

  @Test
  void projectionsAreReadBack() {
    Seed.repeat(
        3,
        random -> {
          BinaryProjection projection =
              random(random, 1 + random.nextInt(100), 1 + random.nextInt(50));
          BinaryProjection read = read(bytes(projection));
          assertThat(read).isEqualTo(projection).hasSameHashCodeAs(projection);
          assertThat(bytes(read)).isEqualTo(bytes(projection));
          float[] vector = TestData.around(random, new float[projection.dimension()], 1);
          assertThat(read.code(vector)).isEqualTo(projection.code(vector));
        });
  }

  @Test
  void nobodyChangesWhatIsInside() {
    float[] matrix = {1, 2};
    float[] thresholds = {0};
    BinaryProjection projection = new BinaryProjection(2, matrix, thresholds);
    matrix[0] = 9;
    thresholds[0] = 9;
    projection.matrix()[1] = 9;
    projection.thresholds()[0] = 9;
    assertThat(projection)
        .isEqualTo(new BinaryProjection(2, new float[] {1, 2}, new float[] {0}))
        .isNotEqualTo(new BinaryProjection(1, new float[] {1, 2}, new float[] {0, 0}));
  }

  @Test
  void valuesThatCannotBeAreRefused() {
    float[] four = {1, 2, 3, 4};
    for (Runnable make :
        List.<Runnable>of(
            () -> new BinaryProjection(0, new float[0], new float[] {1}),
            () -> new BinaryProjection(2, new float[0], new float[0]),
            () -> new BinaryProjection(2, four, new float[3]),
            () -> new BinaryProjection(2, new float[] {1, Float.NaN}, new float[1]),
            () -> new BinaryProjection(1, new float[1], new float[] {Float.NEGATIVE_INFINITY}),
            () -> new BinaryProjection(2, four, new float[2]).code(new float[3]))) {
      assertThatIllegalArgumentException().isThrownBy(make::run);
    }
  }

  @Test
  void damagedBytesAreNoticedOrHarmless() {
    Seed.repeat(
        2,
        random -> {
          BinaryProjection projection = random(random, 20, 10);
          byte[] bytes = bytes(projection);
          for (int i = 0; i < 300; i++) {
            Damage.check(random, bytes, damaged -> read(damaged).toString());
          }
          byte[] other = bytes.clone();
          other[0] = 9;
          assertThatExceptionOfType(CorruptFileException.class)
              .isThrownBy(() -> read(other))
              .withMessageContaining("projection of format 9, this version reads 1");
          assertThatExceptionOfType(CorruptFileException.class)
              .isThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length - 4)));
        });
  }
}
