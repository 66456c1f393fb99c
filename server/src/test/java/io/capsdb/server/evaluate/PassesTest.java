package io.capsdb.server.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PassesTest {
  private static final long MILLI = 1_000_000L;

  private final Passes passes = new Passes();

  /// Adds passes until it is enough; the last number stands for all that follow.
  private int measure(long... millisOfPasses) {
    while (!passes.isDone()) {
      int next = Math.min(passes.count(), millisOfPasses.length - 1);
      long[] nanos = new long[4];
      Arrays.fill(nanos, millisOfPasses[next] * MILLI / 4);
      passes.add(nanos);
    }
    return passes.count();
  }

  @Test
  void slowPassesOfTheBeginningDoNotCount() {
    assertThat(measure(2_000, 400, 100)).isEqualTo(4);
    assertThat(passes.sorted()).containsOnly(25 * MILLI).hasSize(8);
  }

  @Test
  void shortPassesAreRepeatedUntilTheyAreMoreThanNoise() {
    assertThat(measure(20)).isEqualTo(20);
    assertThat(passes.sorted()).hasSize(80);
  }

  @Test
  void aPassThatWasDisturbedDoesNotCount() {
    assertThat(measure(200, 900, 200)).isEqualTo(2);
    assertThat(passes.sorted()).containsOnly(50 * MILLI).hasSize(4);
  }

  @Test
  void longPassesAreNotRepeated() {
    assertThat(measure(3_000)).isEqualTo(1);
    assertThat(passes.sorted()).hasSize(4);
  }

  @Test
  void passesWithoutTimeHaveAnEnd() {
    assertThat(measure(0)).isEqualTo(40);
  }
}
