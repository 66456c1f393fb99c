package io.capsdb.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CostModelTest {
  @Test
  void costsOfASizeAreThoseOfItsUnits() {
    CostModel costs = new CostModel(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    assertThat(costs.vectorNanos(100)).isEqualTo(201);
    assertThat(costs.recordNanos(2)).isEqualTo(11);
    assertThat(costs.scanNanos(4)).isEqualTo(29);
  }

  @Test
  void costsThatCannotBeAreNamed() {
    assertThatThrownBy(() -> new CostModel(1, 2, 3, 4, 5, 6, 7, -0.1, 9, 10, 11, 12))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maskRow")
        .hasMessageContaining("-0.1");
    assertThatThrownBy(() -> new CostModel(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, Double.NaN))
        .hasMessageContaining("hit");
    assertThatThrownBy(
            () -> new CostModel(Double.POSITIVE_INFINITY, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))
        .hasMessageContaining("vector");
  }

  @Test
  void aLineGoesThroughBothPointsAndIsNeverBelowZero() {
    CostMeter.Line line = CostMeter.Line.through(4, 10, 24, 30);
    assertThat(line.slope()).isCloseTo(1, within(1e-9));
    assertThat(line.intercept()).isCloseTo(6, within(1e-9));
    assertThat(CostMeter.Line.through(4, 10, 24, 9).slope()).isZero();
    assertThat(CostMeter.Line.through(4, 10, 24, 900).intercept()).isZero();
  }
}
