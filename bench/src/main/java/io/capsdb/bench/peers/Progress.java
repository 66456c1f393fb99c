package io.capsdb.bench.peers;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Tells people how far a long step is and how long it will still take; at most one line in five
/// seconds. Safe for use by many threads.
final class Progress {
  private static final long SILENCE_NANOS = 5_000_000_000L;

  private final PrintStream out;
  private final LongSupplier nanoClock;
  private String step = "";
  private long begin;
  private long told;

  Progress(PrintStream out, LongSupplier nanoClock) {
    this.out = out;
    this.nanoClock = nanoClock;
  }

  /// Begins a step.
  synchronized void begin(String name) {
    step = name;
    begin = nanoClock.getAsLong();
    told = begin;
  }

  /// Tells the share of the step that is done, 0 to 1.
  synchronized void at(double share) {
    long now = nanoClock.getAsLong();
    if (now - told >= SILENCE_NANOS && share > 0) {
      told = now;
      double seconds = (now - begin) / 1e9;
      out.printf(
          Locale.ROOT,
          "%s: %.0f %% after %.0f s, about %.0f s left%n",
          step,
          100 * share,
          seconds,
          seconds / share * (1 - share));
    }
  }

  /// A line of its own.
  synchronized void say(String line) {
    out.println(line);
  }
}
