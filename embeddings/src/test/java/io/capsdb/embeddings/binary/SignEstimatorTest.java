package io.capsdb.embeddings.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignEstimatorTest {
  private static final SignEstimator RESTE = new RectifiedStraightThroughEstimator();

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1, 0", "2, 3.1623, 0.7071, 0.4096, 0", "3, 4.6416, 0.5291, 0.2555, 0"})
  void gradientsAreThoseOfThePaper(double o, double near, double half, double edge, double beyond) {
    for (double sign : new double[] {1, -1}) {
      assertThat(RESTE.backwardScale(0.05 * sign, o)).isCloseTo(near, within(1e-4));
      assertThat(RESTE.backwardScale(0.5 * sign, o)).isCloseTo(half, within(1e-4));
      assertThat(RESTE.backwardScale(1.49 * sign, o)).isCloseTo(edge, within(1e-4));
      assertThat(RESTE.backwardScale(1.51 * sign, o)).isEqualTo(beyond);
    }
    assertThat(RESTE.backwardScale(0, o)).isCloseTo(near, within(1e-4));
  }

  @Test
  void gradientIsTheDerivativeOfWhatItStandsFor() {
    for (double o : new double[] {1, 1.7, 3}) {
      for (double z = -1.4; z <= 1.4; z += 0.07) {
        if (Math.abs(z) > 0.11) {
          double slope = (RESTE.smooth(z + 1e-6, o) - RESTE.smooth(z - 1e-6, o)) / 2e-6;
          assertThat(RESTE.backwardScale(z, o)).isCloseTo(slope, within(1e-4));
        }
      }
    }
  }

  @Test
  void steepnessSlidesFromOneTowardsItsEnd() {
    assertThat(RESTE.steepness(0, 15)).isEqualTo(1);
    double before = 1;
    for (int epoch = 1; epoch < 15; epoch++) {
      double now = RESTE.steepness(epoch, 15);
      assertThat(now).isGreaterThan(before).isLessThan(3);
      before = now;
    }
    assertThat(before).isGreaterThan(2.7);
  }

  @Test
  void plainEstimatorsPassTheGradientOrCutIt() {
    SignEstimator windowed =
        new StraightThroughEstimator(StraightThroughEstimator.Window.HARD_TANH);
    SignEstimator identity = new StraightThroughEstimator(StraightThroughEstimator.Window.NONE);
    assertThat(windowed.backwardScale(-1, 1)).isEqualTo(1);
    assertThat(windowed.backwardScale(1.01, 1)).isZero();
    assertThat(identity.backwardScale(9, 1)).isEqualTo(1);
  }

  @Test
  void steeperEstimatorsErrLessAndAreLessStable() {
    float[][] z = {{0.3f, -0.8f, 1.2f, -0.2f}};
    float[][] flat = scaled(z, 1);
    float[][] steep = scaled(z, 3);
    EstimatorIndicators at1 = EstimatorIndicators.of(RESTE, 1, z, flat);
    EstimatorIndicators at3 = EstimatorIndicators.of(RESTE, 3, z, steep);
    assertThat(at3.estimatingError()).isLessThan(at1.estimatingError());
    assertThat(at3.gradientStability()).isGreaterThan(at1.gradientStability());
  }

  private static float[][] scaled(float[][] z, double o) {
    float[][] gradient = new float[1][z[0].length];
    for (int i = 0; i < z[0].length; i++) {
      gradient[0][i] = (float) RESTE.backwardScale(z[0][i], o);
    }
    return gradient;
  }

  @Test
  void impossibleConstantsAreRefused() {
    assertThatThrownBy(() -> new RectifiedStraightThroughEstimator(0.1, 0.2, 3))
        .hasMessageContaining("clip must be above linearZone");
    assertThatThrownBy(() -> new RectifiedStraightThroughEstimator(1.5, 0.1, 0.5))
        .hasMessage("end must be at least 1, was 0.5");
  }
}
