package io.capsdb.bench.churn;

import java.util.Locale;

/// How the points of a collection change.
enum Churn {
  INSERTS,
  OVERWRITES,
  DELETES,
  DELETES_BY_FILTER,
  PAYLOADS,
  MIXED;

  /// For people.
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
