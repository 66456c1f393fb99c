package io.capsdb.server.evaluate;

import io.capsdb.PlanChoice;
import io.capsdb.SearchRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// An index that takes part, and how it is asked.
public enum Contender {
  /// The collection's own index, with the planner's choices; asked for a recall.
  CAPS,

  /// The graph beside it; asked for a width.
  GRAPH,

  /// All matching points are scored.
  EXACT;

  /// As commands and requests name it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException naming those that there are
  public static Contender of(String word) {
    return Arrays.stream(values())
        .filter(each -> each.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown index '"
                        + word
                        + "', there are "
                        + Arrays.stream(values()).map(Contender::word).toList()));
  }

  /// The efforts to try, least first.
  List<Double> efforts(Sweep sweep) {
    return switch (this) {
      case CAPS -> sweep.recalls();
      case GRAPH -> sweep.widths().stream().map(Integer::doubleValue).toList();
      case EXACT -> List.of(1.0);
    };
  }

  /// An effort as tables show it.
  String setting(double effort) {
    return switch (this) {
      case CAPS -> "recall " + effort;
      case GRAPH -> String.format(Locale.ROOT, "width %.0f", effort);
      case EXACT -> "all";
    };
  }

  SearchRequest ask(SearchRequest request, double effort) {
    return switch (this) {
      case CAPS -> request.recall(effort);
      case GRAPH -> request.plan(PlanChoice.GRAPH).candidates((long) effort);
      case EXACT -> request.exact(true);
    };
  }
}
