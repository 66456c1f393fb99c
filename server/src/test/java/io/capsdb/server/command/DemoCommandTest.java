package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
  @Test
  void demoSearchesTheSampleAndMeasuresRecall() throws IOException {
    TestMachine machine = new TestMachine();
    try (TestServer other = new TestServer()) {
      String taken = String.valueOf(other.port());
      assertThat(machine.run("demo", "--once", "--port", taken)).as(machine.err()).isZero();
      assertThat(machine.out()).contains(taken).contains("taking a free port instead");
    }
    assertThat(machine.out())
        .contains("loaded 8,000 points into 'fashion'", "status: green")
        .contains("1. Equality", "2. Range AND NOT", "3. Very restrictive")
        .contains("Ankle boot", "Pullover", "Sandal", "░", "▓")
        .contains("plan: probe", "plan: exact", "all checks passed");
    assertThat(machine.out().lines())
        .filteredOn(line -> line.contains("recall@10 against exact search"))
        .hasSize(3)
        .allSatisfy(
            line ->
                assertThat(line)
                    .containsPattern("search (1\\.000|0\\.9[5-9][0-9]) ")
                    .contains("hits that miss the filter: 0; answers with too few hits: 0"));
    assertThat(machine.disk.list(TestMachine.FOLDER)).as("temporary files").isEmpty();
  }
}
