package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.index.CostModel;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// That something sensible is measured; how much, nobody can tell of every machine.
class CostMeasurementTest {
  @Test
  void whatIsMeasuredIsNearWhatMachinesCost() {
    // A machine that is too busy measures nothing.
    Optional<CostModel> measured = CostMeasurement.measure(System::nanoTime, () -> false);
    measured.ifPresent(costs -> assertThat(CostMeasurement.isLikely(costs)).isTrue());
  }

  @Test
  void whatNoMachineCostsIsNotTaken() {
    CostModel usual = CostModel.DEFAULT;
    assertThat(CostMeasurement.isLikely(usual)).isTrue();
    assertThat(CostMeasurement.isLikely(scaled(usual, 20))).isTrue();
    assertThat(CostMeasurement.isLikely(scaled(usual, 0.05))).isTrue();
    assertThat(CostMeasurement.isLikely(scaled(usual, 200))).isFalse();
    assertThat(CostMeasurement.isLikely(scaled(usual, 0.005))).isFalse();
  }

  private static CostModel scaled(CostModel costs, double factor) {
    return new CostModel(
        factor * costs.vector(),
        factor * costs.vectorValue(),
        factor * costs.record(),
        factor * costs.recordLine(),
        factor * costs.scanRow(),
        factor * costs.scanWord(),
        factor * costs.group(),
        factor * costs.maskRow(),
        factor * costs.findRow(),
        factor * costs.partition(),
        factor * costs.start(),
        factor * costs.hit());
  }

  @Test
  void nothingIsMeasuredWhenItIsStopped() {
    assertThat(CostMeasurement.measure(System::nanoTime, () -> true)).isEmpty();
  }
}
