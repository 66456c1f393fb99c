package io.capsdb;

import java.util.Locale;
import java.util.OptionalDouble;

/// A piece of background work that is being done, as it was last reported.
///
/// @param kind `sealing` or `merging`
/// @param points that it writes
/// @param done share of the work, 0 to 1
/// @param secondsLeft about how long it still takes, where it goes on as fast as so far; empty
///     where too little is done to tell
public record RunningWork(String kind, long points, double done, OptionalDouble secondsLeft) {
  /// Below this share a rate is chance.
  private static final double TELLING = 0.01;

  /// Below this nobody counts down.
  private static final double LEAST_SECONDS = 1;

  /// @param nanos that the share took
  static RunningWork of(BackgroundWork kind, long points, double done, long nanos) {
    OptionalDouble left =
        done < TELLING
            ? OptionalDouble.empty()
            : OptionalDouble.of(nanos / 1e9 * Math.max(0, 1 - done) / done);
    return new RunningWork(kind.text(), points, done, left);
  }

  /// The same after some time in which nothing was reported: less is left, but a second at least
  /// until the work is reported to be done.
  RunningWork after(long nanos) {
    if (secondsLeft.isEmpty() || secondsLeft.getAsDouble() < LEAST_SECONDS) {
      return this;
    }
    double left = Math.max(LEAST_SECONDS, secondsLeft.getAsDouble() - nanos / 1e9);
    return new RunningWork(kind, points, done, OptionalDouble.of(left));
  }

  /// For people, for example `sealing 60,000 points: 40 %`.
  public String text() {
    return String.format(Locale.ROOT, "%s %,d points: %.0f %%", kind, points, 100 * done);
  }
}
