package io.capsdb.index;

import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Times small pieces of work against one another: in turn, until their least times settle, which
/// are what counts.
///
/// The least, because all that disturbs a run makes it longer, and because the first runs are those
/// of code that is not compiled yet. For one thread.
///
/// @param nanoClock a clock for durations
/// @param leastNanos how long to measure at least, all pieces together
/// @param mostNanos when to give up
/// @param isStopped whether to give up now
public record CostMeter(
    LongSupplier nanoClock, long leastNanos, long mostNanos, BooleanSupplier isStopped) {
  /// Times are settled where none fell by more than this share over the last quarter of the time.
  private static final double SETTLED = 0.15;

  /// Bounds the work where the clock stands still.
  private static final int MOST_ROUNDS = 20_000;

  /// One piece of work, which takes a millisecond or less.
  ///
  /// @param units that one run does, above 0
  public record Piece(double units, Runnable run) {}

  /// The least nanoseconds of a unit of each piece; empty where they did not settle in time, or it
  /// was stopped.
  public double[] measure(List<Piece> pieces) {
    double[] least = new double[pieces.size()];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    double[] before = least.clone();
    long begin = nanoClock.getAsLong();
    long end = leastNanos;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      for (int i = 0; i < least.length; i++) {
        if (isStopped.getAsBoolean()) {
          return new double[0];
        }
        long start = nanoClock.getAsLong();
        pieces.get(i).run().run();
        least[i] = Math.min(least[i], (nanoClock.getAsLong() - start) / pieces.get(i).units());
      }
      long elapsed = nanoClock.getAsLong() - begin;
      if (elapsed >= mostNanos) {
        break;
      }
      if (elapsed >= end) {
        if (isSettled(before, least)) {
          return least;
        }
        before = least.clone();
        end = elapsed + Math.max(leastNanos, elapsed / 3);
      }
    }
    return new double[0];
  }

  private static boolean isSettled(double[] before, double[] least) {
    for (int i = 0; i < least.length; i++) {
      if (!(least[i] >= (1 - SETTLED) * before[i])) {
        return false;
      }
    }
    return true;
  }

  /// Slope and intercept of a cost that was measured at two sizes; never below 0.
  ///
  /// @param slope for each unit of size
  /// @param intercept at size 0
  public record Line(double slope, double intercept) {
    public static Line through(double size, double nanos, double otherSize, double otherNanos) {
      double slope = Math.max(0, (otherNanos - nanos) / (otherSize - size));
      return new Line(slope, Math.max(0, nanos - slope * size));
    }
  }
}
