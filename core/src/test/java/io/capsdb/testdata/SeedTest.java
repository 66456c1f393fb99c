package io.capsdb.testdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class SeedTest {
  @Test
  void aTestThatFailsShowsTheCommandThatReplaysIt() {
    long[] value = new long[1];
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () ->
                Seed.repeat(
                    1,
                    random -> {
                      value[0] = random.nextLong();
                      assertThat(value[0]).isEqualTo(value[0] + 1);
                    }))
        .satisfies(
            error -> {
              String message = String.valueOf(error.getMessage());
              assertThat(message)
                  .startsWith(
                      "replay with mvn -pl core -am test"
                          + " -Dtest=SeedTest#aTestThatFailsShowsTheCommandThatReplaysIt"
                          + " -Dsurefire.failIfNoSpecifiedTests=false -Dseed=");
              String seed = message.replaceFirst("(?s).*-Dseed=(-?[0-9]+):.*", "$1");
              assertThat(new Seed(Long.parseLong(seed)).random().nextLong()).isEqualTo(value[0]);
            });
  }
}
