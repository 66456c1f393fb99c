package io.capsdb.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.index.IndexFactory;
import io.capsdb.index.SearchBudget;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class GraphParamsTest {
  @Test
  void badValuesAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GraphParams(1, 100))
        .withMessage("connections must be in 2..256, was 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GraphParams(257, 1_000))
        .withMessage("connections must be in 2..256, was 257");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GraphParams(16, 15))
        .withMessage("beamWidth must be in 16..10000, was 15");
  }

  @Test
  void theFactoryIsFoundAsAService() {
    assertThat(ServiceLoader.load(IndexFactory.class).stream().map(each -> each.get().kind()))
        .contains("graph");
  }

  @Test
  void widthsFollowFromTheBudget() {
    assertThat(Widths.of(SearchBudget.forRecall(0.99, 10), 10, 100_000)).isEqualTo(109);
    assertThat(Widths.of(SearchBudget.forRecall(0.9, 10), 10, 100_000)).isEqualTo(19);
    assertThat(Widths.of(new SearchBudget(64, 0, 0, 0.9), 10, 100_000)).isEqualTo(64);
    assertThat(Widths.of(new SearchBudget(1, 0, 0, Double.MIN_VALUE), 10, 100_000)).isEqualTo(10);
    assertThat(Widths.of(new SearchBudget(64, 0), 10, 100_000)).isEqualTo(64);
    assertThat(Widths.of(new SearchBudget(1, 0), 10, 100_000)).isEqualTo(10);
    assertThat(Widths.of(new SearchBudget(64, 0), 10, 20)).isEqualTo(20);
  }
}
