package io.capsdb.bench.cliff;

import io.capsdb.PlanChoice;
import io.capsdb.SearchRequest;
import java.util.Locale;

/// One way to search.
enum Plan {
  /// What the planner chooses.
  AUTO,
  LIST,
  PROBE,
  EXACT;

  SearchRequest of(SearchRequest request) {
    return switch (this) {
      case AUTO -> request;
      case LIST -> request.plan(PlanChoice.LIST);
      case PROBE -> request.plan(PlanChoice.PROBE);
      case EXACT -> request.exact(true);
    };
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
