package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReachTest {
  /// Two ranks: at width 1 the excess is 0, 0.1, 0.2, … for the shares of [Reach#LOST], at width 4
  /// one more.
  private static Reach reach() {
    float[] excesses = new float[2 * Reach.LOST.length];
    for (int i = 0; i < Reach.LOST.length; i++) {
      excesses[i] = 0.1f * i;
      excesses[Reach.LOST.length + i] = 1 + 0.1f * i;
    }
    return new Reach(new float[] {1, 4}, excesses, new float[] {100, 1_000});
  }

  @Test
  void excessesThatWereMeasuredAreAnswered() {
    for (int i = 0; i < Reach.LOST.length; i++) {
      assertThat(reach().excess(Reach.LOST[i], 1)).isEqualTo(0.1f * i);
      assertThat(reach().excess(Reach.LOST[i], 4)).isEqualTo(1 + 0.1f * i);
    }
  }

  @Test
  void betweenThemTheExcessRisesWithWhatMustBeFoundAndWithTheWidth() {
    float last = -1;
    for (double lost = 0.6; lost > 0.0005; lost *= 0.97) {
      float excess = reach().excess(lost, 2);
      assertThat(excess).as("at %s", lost).isGreaterThanOrEqualTo(last).isBetween(0.5f, 2.1f);
      last = excess;
    }
    last = -1;
    for (double width = 0.1; width < 100; width *= 1.1) {
      float excess = reach().excess(0.01, width);
      assertThat(excess).as("at %s", width).isGreaterThanOrEqualTo(last);
      last = excess;
    }
    assertThat(reach().excess(0.1, 2)).as("half way between").isCloseTo(0.8f, within(1e-6f));
  }

  @Test
  void widthsThatWereNotMeasuredTakeTheNearest() {
    assertThat(reach().excess(0.1, 0)).isEqualTo(reach().excess(0.1, 1));
    assertThat(reach().excess(0.1, Double.POSITIVE_INFINITY)).isEqualTo(reach().excess(0.1, 4));
  }

  @Test
  void nothingIsPassedOverWhereNothingIsKnown() {
    assertThat(Reach.UNKNOWN.isKnown()).isFalse();
    assertThat(Reach.UNKNOWN.excess(0.5, 1)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Reach.UNKNOWN.visitedRows(10, 77)).isEqualTo(77);
  }

  @Test
  void visitedRowsRiseWithTheRank() {
    assertThat(reach().visitedRows(10, 10_000)).isEqualTo(100);
    assertThat(reach().visitedRows(100, 10_000)).isCloseTo(1_000, within(1e-6));
    assertThat(reach().visitedRows(100, 500)).as("no more than there are").isEqualTo(500);
    double[] visited =
        Arrays.stream(new double[] {1, 10, 30, 100, 1_000, 1e6})
            .map(nearest -> reach().visitedRows(nearest, 1_000_000))
            .toArray();
    assertThat(visited).isSorted();
  }
}
