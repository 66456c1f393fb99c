package io.capsdb.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.capsdb.testdata.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricTest {
  @Test
  void scoresAreWhatTheApiShows() {
    float[] a = {1, 0, 0};
    float[] b = {0, 1, 0};
    Kernels kernels = Kernels.best();
    assertThat(Metric.COSINE.toScore(kernels.distance(Metric.COSINE, a, a))).isEqualTo(1);
    assertThat(Metric.COSINE.toScore(kernels.distance(Metric.COSINE, a, b))).isZero();
    assertThat(Metric.COSINE.toScore(kernels.distance(Metric.COSINE, a, new float[] {-1, 0, 0})))
        .isEqualTo(-1);
    float[] c = {3, 4, 0};
    float[] zero = new float[3];
    assertThat(Metric.EUCLID.toScore(kernels.distance(Metric.EUCLID, c, zero))).isEqualTo(5);
    assertThat(Metric.MANHATTAN.toScore(kernels.distance(Metric.MANHATTAN, c, zero))).isEqualTo(7);
    assertThat(Metric.DOT.toScore(kernels.distance(Metric.DOT, c, c))).isEqualTo(25);
    assertThat(Metric.EUCLID.toScore(-1e-9f)).as("rounding below zero").isZero();
  }

  @ParameterizedTest
  @EnumSource
  void toDistanceIsTheInverseOfToScore(Metric metric) {
    Seed.repeat(
        200,
        random -> {
          float distance =
              switch (metric) {
                case COSINE -> random.nextFloat() * 4;
                case DOT -> (float) random.nextGaussian() * 100;
                case EUCLID, MANHATTAN -> random.nextFloat() * 1000;
              };
          assertThat(metric.toDistance(metric.toScore(distance)))
              .isCloseTo(distance, within(Math.max(1e-6f, Math.abs(distance) * 1e-6f)));
        });
  }

  /// A score threshold becomes a distance: what is nearer by score must be nearer by distance, for
  /// any threshold that a caller may name.
  @ParameterizedTest
  @EnumSource
  void nearerScoresAreSmallerDistances(Metric metric) {
    float[] scores = {-2000, -3, -1, -0.5f, 0, 0.5f, 1, 3, 2000};
    for (int i = 1; i < scores.length; i++) {
      float lower = metric.toDistance(scores[i - 1]);
      float higher = metric.toDistance(scores[i]);
      if (metric.isHigherNearer()) {
        assertThat(higher).isLessThan(lower);
      } else {
        assertThat(higher).as("%s of %s", metric, scores[i]).isGreaterThan(lower);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void valuesThatAreNotFiniteAreRefusedByTheirPlace(Metric metric) {
    for (float bad :
        new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, (float) 1e39}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> metric.prepare(new float[] {1, 2, bad, 4}))
          .withMessage("vector[2] is " + bad + ", must be finite");
    }
  }

  @Test
  void zeroHasNoDirection() {
    for (float[] zero : new float[][] {{0, 0}, {-0.0f, 0}, {}}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Metric.COSINE.prepare(zero))
          .withMessageContaining("vector is zero");
    }
    for (Metric metric : new Metric[] {Metric.DOT, Metric.EUCLID, Metric.MANHATTAN}) {
      float[] zero = new float[2];
      assertThat(metric.prepare(zero)).isSameAs(zero);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.MIN_VALUE, 1e-38f, 1e-20f, 1, 1e20f, Float.MAX_VALUE})
  void cosineStoresUnitVectorsWhateverTheLengthWas(float size) {
    float[] given = {size, -size, size, 0};
    float[] unit = Metric.COSINE.prepare(given);
    float third = (float) (1 / Math.sqrt(3));
    assertThat(unit).containsExactly(new float[] {third, -third, third, 0}, within(1e-6f));
    assertThat(given).as("the given array stays").containsExactly(size, -size, size, 0);
  }

  @Test
  void preparingTwiceChangesNothingThatMatters() {
    Seed.repeat(
        50,
        random -> {
          float[] vector = new float[1 + random.nextInt(200)];
          for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian() * 10;
          }
          float[] once = Metric.COSINE.prepare(vector);
          assertThat(Kernels.plain().dot(once, once)).isCloseTo(1, within(1e-5f));
          assertThat(Metric.COSINE.prepare(once)).containsExactly(once, within(1e-6f));
        });
  }
}
