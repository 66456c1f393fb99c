package io.capsdb.bench.cliff;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.bench.cliff.CliffPoint.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CliffChecksTest {
  private static final double ASKED = 0.99;
  private final CliffChecks checks = new CliffChecks(ASKED);

  private static CliffPoint point(int share, Cost auto, Cost list, Cost probe, Cost exact) {
    return new CliffPoint(
        Correlation.OWN,
        share,
        10,
        new CliffPoint.Estimate(1, 1, 1),
        Map.of(Plan.AUTO, auto, Plan.LIST, list, Plan.PROBE, probe, Plan.EXACT, exact));
  }

  private static CliffPoint point(double micros, double list, double probe, double recall) {
    return point(
        3, new Cost(micros, 1), new Cost(list, 1), new Cost(probe, recall), new Cost(10_000, 1));
  }

  private static List<CliffPoint> curve(double... micros) {
    List<CliffPoint> curve = new ArrayList<>();
    for (double each : micros) {
      Cost cost = new Cost(each, 1);
      curve.add(point(curve.size(), cost, cost, cost, cost));
    }
    return curve;
  }

  @Test
  void aPlanAboutAsFastAsTheBestIsNoFault() {
    assertThat(checks.choice(point(129, 100, 500, 1))).isEmpty();
    assertThat(checks.choice(point(29, 10, 500, 1))).as("19 µs more").isEmpty();
    assertThat(checks.choice(point(50, 100, 500, 1))).as("faster than both").isEmpty();
  }

  @Test
  void aPlanThatLosesIsToldWithTheBest() {
    assertThat(checks.choice(point(131, 100, 500, 1)))
        .containsExactly("k 10, own, 3.16 %: 131.0 µs, list 100.0 µs");
    assertThat(checks.choice(point(31, 500, 10, 1))).hasSize(1);
  }

  @Test
  void aFasterPlanOfLessRecallThanAskedForIsNoRival() {
    assertThat(checks.choice(point(131, 500, 100, ASKED))).hasSize(1);
    assertThat(checks.choice(point(131, 500, 100, 0.97))).isEmpty();
  }

  @Test
  void onlyPointsAboveBothNeighboursAreBumps() {
    assertThat(checks.bumps(curve(100, 200, 300))).isEmpty();
    assertThat(checks.bumps(curve(100, 119, 50))).isEmpty();
    assertThat(checks.bumps(curve(100, 121, 50))).hasSize(1);
    assertThat(checks.bumps(curve(100))).isEmpty();
  }

  @Test
  void aCurveMayRiseFiveTimesAboveNoFilter() {
    assertThat(checks.rises(curve(100, 499))).isEmpty();
    assertThat(checks.rises(curve(100, 501)))
        .containsExactly("k 10, own, 31.6 %: 501.0 µs, unfiltered 100.0 µs");
  }

  @Test
  void lostRecallIsTold() {
    Cost low = new Cost(10, 0.975);
    assertThat(checks.losses(List.of(point(0, low, low, low, low)))).hasSize(1);
    assertThat(checks.losses(curve(100))).isEmpty();
  }
}
