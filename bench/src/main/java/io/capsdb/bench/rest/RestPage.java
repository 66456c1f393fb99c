package io.capsdb.bench.rest;

import java.util.Locale;

/// The page of figures and bars, in Markdown, as it grows.
final class RestPage {
  private static final double QUIET = 0.95;

  private final StringBuilder bars = new StringBuilder();
  private final StringBuilder writes = new StringBuilder();
  private final StringBuilder searches = new StringBuilder();

  /// Of what time does not change.
  void bar(String text, String figure, boolean isReached) {
    bars.append("| ").append(text).append(" | ").append(figure).append(" | ");
    bars.append(isReached ? "PASS" : "**FAIL**").append(" |\n");
  }

  /// Of times; one that is missed while others used the machine is open.
  ///
  /// @param spare share of the processors that the machine had left
  void timed(String text, String figure, boolean isReached, double spare) {
    if (!isReached && spare < QUIET) {
      bars.append("| ").append(text).append(" | ").append(figure).append(" | OPEN, busy |\n");
    } else {
      bar(text, figure, isReached);
    }
  }

  void write(String what, double pointsPerSecond, double megabytesPerSecond) {
    writes.append(
        String.format(
            Locale.ROOT, "| %s | %,.0f | %.1f |%n", what, pointsPerSecond, megabytesPerSecond));
  }

  void search(String what, Times times) {
    searches.append(
        String.format(
            Locale.ROOT,
            "| %s | %,.0f | %.2f | %.2f | %d |%n",
            what,
            times.rate(),
            times.p50(),
            times.p99(),
            times.errors()));
  }

  /// @param machine a line about it
  /// @param setting a line about the size of the run
  String text(String machine, String setting) {
    return "# REST under load\n\nMade by `bench/run rest`; `bench/README.md` tells how to read it.\n\n"
        + machine
        + "\n\n"
        + setting
        + "\n\n## Bars\n\n| bar | figure | |\n|---|---|---|\n"
        + bars
        + "\n## Upserts\n\n| what | points/s | MB/s |\n|---|---|---|\n"
        + writes
        + "\n## Searches\n\n| what | searches/s | p50, ms | p99, ms | errors |\n"
        + "|---|---|---|---|---|\n"
        + searches;
  }
}
