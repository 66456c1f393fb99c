package io.capsdb.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.index.CostMeter.Piece;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CostMeterTest {
  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger runs = new AtomicInteger();

  private Piece taking(double units, java.util.function.IntToLongFunction nanosOfRun) {
    AtomicInteger own = new AtomicInteger();
    return new Piece(
        units,
        () -> {
          runs.incrementAndGet();
          clock.addAndGet(nanosOfRun.applyAsLong(own.getAndIncrement()));
        });
  }

  @Test
  void theLeastTimeOfAUnitCounts() {
    CostMeter meter = new CostMeter(clock::get, 10_000, 100_000, () -> false);
    Piece noisy = taking(10, run -> run % 7 == 3 ? 200 : 900);
    assertThat(meter.measure(List.of(noisy, taking(1, _ -> 50)))).containsExactly(20, 50);
  }

  /// As code does that is compiled at last.
  @Test
  void timesThatStillFallAreMeasuredOn() {
    CostMeter meter = new CostMeter(clock::get, 10_000, 1_000_000, () -> false);
    assertThat(meter.measure(List.of(taking(1, run -> run < 15 ? 1_000 : 10)))).containsExactly(10);
    assertThat(clock.get()).isLessThan(50_000);
  }

  @Test
  void timesThatDoNotSettleAreNone() {
    CostMeter meter = new CostMeter(clock::get, 10_000, 1_000_000, () -> false);
    assertThat(meter.measure(List.of(taking(1, run -> Math.max(1, 1_000_000L >> run)))))
        .as("the first run of all takes as long as may be measured")
        .isEmpty();
  }

  @Test
  void itEndsWhenItIsStopped() {
    CostMeter meter = new CostMeter(clock::get, 10_000, 100_000, () -> runs.get() == 3);
    assertThat(meter.measure(List.of(taking(1, _ -> 10), taking(1, _ -> 10)))).isEmpty();
    assertThat(runs).hasValue(3);
  }

  @Test
  void aClockThatStandsStillEndsIt() {
    CostMeter meter = new CostMeter(() -> 7, 10_000, 100_000, () -> false);
    assertThat(meter.measure(List.of(taking(1, _ -> 10)))).isEmpty();
  }
}
