package io.capsdb.bench.cliff;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a grid without cliffs looks like; each point that does not is told.
final class CliffChecks {
  /// The planner may lose that much against the best single plan, …
  private static final double MOST_RATIO = 1.3;

  /// … or that many microseconds where all is fast.
  private static final double MOST_MICROS = 20;

  /// No point may be slower than both of its neighbours by that.
  private static final double MOST_BUMP = 1.2;

  /// No point may be slower than no filter by that.
  private static final double MOST_RISE = 5;

  private final double asked;

  /// @param asked recall
  CliffChecks(double asked) {
    this.asked = asked;
  }

  /// The faults of the plan that was chosen; none where it is about as fast as the best.
  List<String> choice(CliffPoint point) {
    return point.best(asked).stream()
        .filter(
            best -> {
              double micros = point.cost(best).micros();
              return point.auto().micros() > Math.max(MOST_RATIO * micros, micros + MOST_MICROS);
            })
        .map(
            best ->
                String.format(
                    Locale.ROOT,
                    "%s: %.1f µs, %s %.1f µs",
                    name(point),
                    point.auto().micros(),
                    best.label(),
                    point.cost(best).micros()))
        .toList();
  }

  /// The points of a curve that are slower than both neighbours.
  ///
  /// @param curve of one correlation and one k, by falling share
  List<String> bumps(List<CliffPoint> curve) {
    List<String> faults = new ArrayList<>();
    for (int i = 1; i + 1 < curve.size(); i++) {
      double own = curve.get(i).auto().micros();
      double slower = Math.max(curve.get(i - 1).auto().micros(), curve.get(i + 1).auto().micros());
      if (own > MOST_BUMP * slower) {
        faults.add(
            String.format(
                Locale.ROOT,
                "%s: %.1f µs, neighbours up to %.1f µs",
                name(curve.get(i)),
                own,
                slower));
      }
    }
    return faults;
  }

  /// The points of a curve that are far slower than no filter.
  ///
  /// @param curve of one correlation and one k, by falling share
  List<String> rises(List<CliffPoint> curve) {
    double unfiltered = curve.getFirst().auto().micros();
    return curve.stream()
        .filter(point -> point.auto().micros() > MOST_RISE * unfiltered)
        .map(
            point ->
                String.format(
                    Locale.ROOT,
                    "%s: %.1f µs, unfiltered %.1f µs",
                    name(point),
                    point.auto().micros(),
                    unfiltered))
        .toList();
  }

  /// The points with less recall than was asked for, by more than a hundredth.
  List<String> losses(List<CliffPoint> curve) {
    return curve.stream()
        .filter(point -> point.auto().recall() < asked - 0.01)
        .map(
            point ->
                String.format(Locale.ROOT, "%s: recall %.4f", name(point), point.auto().recall()))
        .toList();
  }

  static String percent(int share) {
    return String.format(Locale.ROOT, "%.3g %%", 100 * CliffSet.SHARES.get(share))
        .replaceAll("\\.0+ ", " ");
  }

  private static String name(CliffPoint point) {
    String filter = point.share() == 0 ? "none" : point.correlation().label();
    return "k " + point.k() + ", " + filter + ", " + percent(point.share());
  }
}
