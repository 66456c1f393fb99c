package io.capsdb.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.capsdb.testdata.Seed;
import org.junit.jupiter.api.Test;

class MagnitudesTest {
  @Test
  void largestAndSquaresAreThoseOfTheValuesOneByOne() {
    Seed.repeat(
        300,
        random -> {
          float[] vector = new float[random.nextInt(70)];
          float largest = 0;
          double squares = 0;
          for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-40, 38)));
            largest = Math.max(largest, Math.abs(vector[i]));
            squares += (double) vector[i] * vector[i];
          }
          assertThat(Magnitudes.largest(vector)).isEqualTo(largest);
          assertThat(Magnitudes.squares(vector)).isCloseTo(squares, within(1e-12 * squares));
        });
  }

  @Test
  void valueThatIsNotFiniteShowsWhereverItIs() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      for (int length = 1; length < 12; length++) {
        for (int at = 0; at < length; at++) {
          float[] vector = new float[length];
          vector[at] = bad;
          assertThat(Magnitudes.largest(vector)).isEqualTo(Float.valueOf(Math.abs(bad)));
          assertThat(Magnitudes.squares(vector)).isNotFinite();
        }
      }
    }
  }
}
