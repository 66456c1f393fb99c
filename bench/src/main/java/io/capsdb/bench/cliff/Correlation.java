package io.capsdb.bench.cliff;

import java.util.Locale;

/// How the rows that match lie to the query.
enum Correlation {
  /// They are the nearest of all windows of [BallOrder].
  OWN,
  /// They have nothing to do with it.
  INDEPENDENT,
  /// They are the farthest of all windows of [BallOrder].
  OPPOSED;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
