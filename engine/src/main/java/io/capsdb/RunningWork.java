package io.capsdb;

import java.util.Locale;
import java.util.OptionalDouble;

/// A piece of background work that is being done.
///
/// @param kind `sealing` or `merging`
/// @param points that it writes
/// @param done share of the work, 0 to 1
/// @param secondsLeft about how long it still takes, where it goes on as fast as so far; empty
///     where too little is done to tell
public record RunningWork(String kind, long points, double done, OptionalDouble secondsLeft) {
  /// Below this share a rate is chance.
  private static final double TELLING = 0.01;

  /// @param nanos that the share took
  static RunningWork of(BackgroundWork kind, long points, double done, long nanos) {
    OptionalDouble left =
        done < TELLING
            ? OptionalDouble.empty()
            : OptionalDouble.of(nanos / 1e9 * Math.max(0, 1 - done) / done);
    return new RunningWork(kind.text(), points, done, left);
  }

  /// For people, for example `sealing 60,000 points: 40 %`.
  public String text() {
    return String.format(Locale.ROOT, "%s %,d points: %.0f %%", kind, points, 100 * done);
  }
}
