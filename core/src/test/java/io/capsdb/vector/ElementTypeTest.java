package io.capsdb.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.testdata.Seed;
import org.junit.jupiter.api.Test;

class ElementTypeTest {
  @Test
  void valuesOfTheTypeStayAsTheyAre() {
    float[] bytes = {0, 1, 127, 255};
    assertThat(ElementType.UINT8.round(bytes)).isSameAs(bytes);
    float[] halves = {0, -0f, 1, -65_504, 65_504, 0x1p-24f, 1 / 1024f};
    assertThat(ElementType.FLOAT16.round(halves)).isSameAs(halves);
    float[] floats = {1e30f, 0.1f};
    assertThat(ElementType.FLOAT32.round(floats)).isSameAs(floats);
  }

  @Test
  void othersBecomeTheNearestOfTheTypeAndTheEvenOneOfTwo() {
    assertThat(ElementType.UINT8.round(new float[] {0.4f, 0.5f, 1.5f, 2.5f, 254.7f}))
        .containsExactly(0, 0, 2, 2, 255);
    assertThat(ElementType.FLOAT16.round(new float[] {2_049, 2_051, 0.1f, 1e-9f}))
        .containsExactly(2_048, 2_052, 0.099975586f, 0);
  }

  @Test
  void halvesAreTheNearestOnes() {
    Seed.repeat(
        1_000,
        random -> {
          float value = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-8, 4)));
          float half = ElementType.FLOAT16.round(new float[] {value})[0];
          short bits = Float.floatToFloat16(half);
          assertThat(Float.float16ToFloat(bits)).isEqualTo(half);
          for (int step = -1; step <= 1; step += 2) {
            float other = Float.float16ToFloat((short) (bits + step));
            if (Float.isFinite(other)) {
              assertThat(Math.abs((double) half - value))
                  .isLessThanOrEqualTo(Math.abs((double) other - value));
            }
          }
        });
  }

  @Test
  void valuesBeyondTheBoundsAreNamedWithThem() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ElementType.UINT8.round(new float[] {0, 256}))
        .withMessage("vector[1] is 256.0, a value of type uint8 must be in 0..255");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ElementType.UINT8.round(new float[] {-0.25f}))
        .withMessage("vector[0] is -0.25, a value of type uint8 must be in 0..255");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ElementType.FLOAT16.round(new float[] {65_505}))
        .withMessage("vector[0] is 65505.0, a value of type float16 must be in -65504..65504");
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ElementType.FLOAT16.round(new float[] {value}));
    }
  }
}
