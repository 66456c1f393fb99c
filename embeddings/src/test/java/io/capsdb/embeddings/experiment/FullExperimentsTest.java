package io.capsdb.embeddings.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The full forms of all experiments: `mvn verify -Pexperiments -Dcapsdb.data=FOLDER`.
@Tag("experiment")
class FullExperimentsTest {
  static java.util.stream.Stream<String> names() {
    return Experiments.all().stream().map(Experiment::name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void fullFormReachesItsBars(String name) throws Exception {
    Optional<Setting> setting = ExperimentRuns.fullForm();
    assumeTrue(setting.isPresent(), "needs -Dcapsdb.data");
    Report report = new Report(System.out::println);
    Experiments.named(name).orElseThrow().run(setting.get(), report);
    assertThat(report.failed()).isEmpty();
  }
}
