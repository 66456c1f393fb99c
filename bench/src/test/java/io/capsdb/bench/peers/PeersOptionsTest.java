package io.capsdb.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PeersOptionsTest {
  @Test
  void oneEngineIsAskedForWithAllElseTheSame() {
    PeersOptions options =
        PeersOptions.parse(
            List.of(
                "--data",
                "d",
                "--engines",
                "a,b",
                "--workloads",
                "x,y",
                "--k",
                "100",
                "--json",
                "f"));
    assertThat(options.engines()).containsExactly("a", "b");
    PeersOptions one = PeersOptions.parse(options.withEngine("b"));
    assertThat(one)
        .isEqualTo(
            new PeersOptions(
                options.data(),
                List.of("b"),
                List.of("x", "y"),
                options.queries(),
                100,
                1,
                options.json()));
  }

  @Test
  void unknownFlagsAndMissingValuesAreRefused() {
    assertThatThrownBy(() -> PeersOptions.parse(List.of("--dat", "d")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--dat");
    assertThatThrownBy(() -> PeersOptions.parse(List.of("--data")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PeersOptions.parse(List.of("--k", "10")))
        .hasMessageContaining("--data is missing");
    assertThatThrownBy(() -> Engines.of("oracle"))
        .hasMessageContaining("unknown engine 'oracle'")
        .hasMessageContaining("lucene");
  }
}
