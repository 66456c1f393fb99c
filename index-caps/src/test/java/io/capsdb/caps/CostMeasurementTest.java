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
    measured.ifPresent(
        costs -> {
          assertThat(costs.vectorNanos(128)).isBetween(1.0, 10_000.0);
          assertThat(costs.vectorNanos(1_536)).isGreaterThan(costs.vectorNanos(32));
          assertThat(costs.recordNanos(1)).isBetween(0.5, 10_000.0);
          assertThat(costs.scanNanos(4)).isBetween(0.01, 1_000.0);
          assertThat(costs.maskRow()).isBetween(0.001, 100.0);
          assertThat(costs.partition()).isBetween(1.0, 100_000.0);
        });
  }

  @Test
  void nothingIsMeasuredWhenItIsStopped() {
    assertThat(CostMeasurement.measure(System::nanoTime, () -> true)).isEmpty();
  }
}
