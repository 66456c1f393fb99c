package io.capsdb.embeddings.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RatesExperimentTest {
  @Test
  void shortFormReachesItsBars() throws Exception {
    List<String> lines = new ArrayList<>();
    Report report = new Report(lines::add);
    new RatesExperiment().run(ExperimentRuns.shortForm(), report);
    assertThat(report.failed()).as(String.join("\n", lines)).isEmpty();
    assertThat(report.barCount()).isEqualTo(2);
  }
}
