package io.capsdb.caps.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationTest {
  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static float[] rotated(Rotation rotation, float[] vector) {
    float[] copy = vector.clone();
    rotation.rotate(copy);
    return copy;
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 31, 32, 33, 63, 64, 65, 96, 100, 127, 128, 129, 384, 768, 784, 1536})
  void lengthsAndInnerProductsAreKept(int dimension) {
    Rotation rotation = new Rotation(dimension);
    Seed.repeat(
        4,
        random -> {
          float[] a = TestData.around(random, new float[dimension], 1);
          float[] b = TestData.around(random, a, 0.5);
          float[] ra = rotated(rotation, a);
          float[] rb = rotated(rotation, b);
          // Each of at most 6 transforms adds log2 d roundings and one for its factor.
          double bound =
              2
                  * 6
                  * (Math.log(dimension) / Math.log(2) + 2)
                  * 0x1p-24
                  * Math.sqrt(product(a, a) * product(b, b));
          assertThat(Math.abs(product(ra, ra) - product(a, a))).isLessThanOrEqualTo(bound);
          assertThat(Math.abs(product(ra, rb) - product(a, b))).isLessThanOrEqualTo(bound);
        });
  }

  @Test
  void equalDimensionsRotateAlike() {
    Seed.repeat(
        1,
        random -> {
          for (int dimension : new int[] {1, 2, 100, 128, 384}) {
            float[] vector = TestData.around(random, new float[dimension], 1);
            float[] rotated = rotated(new Rotation(dimension), vector);
            assertThat(rotated(new Rotation(dimension), vector)).isEqualTo(rotated);
            for (CodeLoops loops : CodeLoopsTest.widths()) {
              assertThat(rotated(new Rotation(dimension, loops), vector)).isEqualTo(rotated);
            }
            assertThat(rotated(new Rotation(dimension, new ScalarCodeLoops()), vector))
                .isEqualTo(rotated);
            if (dimension > 1) {
              assertThat(rotated).isNotEqualTo(vector);
            }
          }
        });
  }

  /// A vector in the direction of one axis gets no value that is far from all the others, whichever
  /// axis it is.
  @ParameterizedTest
  @ValueSource(ints = {32, 33, 64, 96, 100, 127, 128, 129, 384, 784, 1536})
  void oneAxisIsSpreadOverAllValues(int dimension) {
    Rotation rotation = new Rotation(dimension);
    for (int axis = 0; axis < dimension; axis++) {
      float[] vector = new float[dimension];
      vector[axis] = 1;
      rotation.rotate(vector);
      double absolutes = 0;
      float largest = 0;
      for (float value : vector) {
        absolutes += Math.abs(value);
        largest = Math.max(largest, Math.abs(value));
      }
      // The sum of a vector of normal values would be 0.8 times the largest that there can be.
      assertThat(absolutes / Math.sqrt(dimension))
          .as("spread of axis %s of %s", axis, dimension)
          .isGreaterThan(0.55);
      assertThat(largest * Math.sqrt(dimension)).isLessThan(8);
    }
  }

  @Test
  void otherDimensionsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Rotation(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rotation(3).rotate(new float[4]))
        .withMessage("vector has 4 values, the rotation 3");
  }

  @Test
  void zeroStaysZero() {
    float[] zero = new float[100];
    new Rotation(100).rotate(zero);
    for (float value : zero) {
      assertThat(Math.abs(value)).isZero();
    }
  }
}
