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

  /// The graph beside it; asked for a width. It chooses itself how it keeps to a filter.
  GRAPH,

  /// The same graph, whose walks know no filter; what they found is filtered.
  GRAPH_POST,

  /// The same graph, whose walks go over all points and keep those that match.
  GRAPH_INLINE,

  /// The same graph, whose walks go over matching points, two steps at a time and more where two
  /// lead nowhere.
  GRAPH_ACORN,

  /// The same, never more than two steps (ACORN-1, as published).
  GRAPH_ACORN_1,

  /// All matching points are scored.
  EXACT;

  /// As commands and requests name it.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// All that there are, as commands and requests name them.
  public static String words() {
    return String.join(", ", Arrays.stream(values()).map(Contender::word).toList());
  }

  /// @throws IllegalArgumentException naming those that there are
  public static Contender of(String word) {
    return Arrays.stream(values())
        .filter(each -> each.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("unknown index '" + word + "', there are " + words()));
  }

  /// Whether it is the graph, in whatever way it is searched.
  public boolean isGraph() {
    return switch (this) {
      case GRAPH, GRAPH_POST, GRAPH_INLINE, GRAPH_ACORN, GRAPH_ACORN_1 -> true;
      case CAPS, EXACT -> false;
    };
  }

  /// Whose bytes and build time are its own: of the graph there is one, however it is searched.
  public String stored() {
    return isGraph() ? GRAPH.word() : word();
  }

  /// The efforts to try, least first.
  List<Double> efforts(Sweep sweep) {
    return switch (this) {
      case CAPS -> sweep.recalls();
      case GRAPH, GRAPH_POST, GRAPH_INLINE, GRAPH_ACORN, GRAPH_ACORN_1 ->
          sweep.widths().stream().map(Integer::doubleValue).toList();
      case EXACT -> List.of(1.0);
    };
  }

  /// An effort as tables show it.
  String setting(double effort) {
    return switch (this) {
      case CAPS -> "recall " + effort;
      case GRAPH, GRAPH_POST, GRAPH_INLINE, GRAPH_ACORN, GRAPH_ACORN_1 ->
          String.format(Locale.ROOT, "width %.0f", effort);
      case EXACT -> "all";
    };
  }

  SearchRequest ask(SearchRequest request, double effort) {
    return switch (this) {
      case CAPS -> request.recall(effort);
      case GRAPH -> walk(request, PlanChoice.GRAPH, effort);
      case GRAPH_POST -> walk(request, PlanChoice.GRAPH_POST, effort);
      case GRAPH_INLINE -> walk(request, PlanChoice.GRAPH_INLINE, effort);
      case GRAPH_ACORN -> walk(request, PlanChoice.GRAPH_ACORN, effort);
      case GRAPH_ACORN_1 -> walk(request, PlanChoice.GRAPH_ACORN_1, effort);
      case EXACT -> request.exact(true);
    };
  }

  private static SearchRequest walk(SearchRequest request, PlanChoice plan, double width) {
    return request.plan(plan).candidates((long) width);
  }
}
