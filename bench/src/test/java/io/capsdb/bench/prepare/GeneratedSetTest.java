package io.capsdb.bench.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Truth;
import io.capsdb.vector.Metric;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GeneratedSetTest {
  private static final int ROWS = 5_000;
  private static final int QUERIES = 60;

  @Test
  void equalSettingsGiveEqualSets() {
    try (Arena arena = Arena.ofShared()) {
      DataSet one = generate(arena, Metric.COSINE);
      DataSet two = generate(arena, Metric.COSINE);
      assertThat(two.columns()).isDeepEqualTo(one.columns());
      assertThat(two.queries()).isDeepEqualTo(one.queries());
      assertThat(two.rows().row(ROWS - 1)).containsExactly(one.rows().row(ROWS - 1));
      double squares = 0;
      for (float value : one.rows().row(0)) {
        squares += value * value;
      }
      assertThat(squares).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void workloadsMatchTheShareOfTheRowsThatTheirNamesTell() {
    try (Arena arena = Arena.ofShared()) {
      DataSet set = generate(arena, Metric.EUCLID);
      assertThat(selectivity(set, "range50")).isEqualTo(0.5);
      assertThat(selectivity(set, "range10")).isEqualTo(0.1);
      assertThat(selectivity(set, "range1")).isEqualTo(0.01);
      assertThat(selectivity(set, "range0.1")).isEqualTo(0.001);
      assertThat(selectivity(set, "uniform10")).isCloseTo(0.1, within(0.01));
      assertThat(selectivity(set, "near10")).isCloseTo(0.1, within(0.03));
      assertThat(selectivity(set, "far10")).isCloseTo(0.1, within(0.03));
      assertThat(selectivity(set, "power3")).isBetween(0.005, 0.04);
    }
  }

  @Test
  void nearLabelHoldsTheNearestRowsAndFarLabelDoesNot() {
    try (Arena arena = Arena.ofShared()) {
      DataSet set = generate(arena, Metric.EUCLID);
      double all = nearest(set, DataSet.NONE);
      assertThat(nearest(set, "near10")).isLessThan(1.3 * all);
      assertThat(nearest(set, "far10")).isGreaterThan(3 * all);
    }
  }

  private static DataSet generate(Arena arena, Metric metric) {
    return new GeneratedSet("tiny", ROWS, 24, metric, 60, QUERIES).generate(arena);
  }

  private static double selectivity(DataSet set, String workload) {
    return set.ranges(workload).selectivity(set.columns(), ROWS);
  }

  /// Mean distance of the nearest match.
  private static double nearest(DataSet set, String workload) {
    return Arrays.stream(Truth.compute(set, set.ranges(workload), 1).distances())
        .mapToDouble(distances -> distances[0])
        .average()
        .orElseThrow();
  }
}
