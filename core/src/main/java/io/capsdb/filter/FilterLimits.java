package io.capsdb.filter;

import java.util.List;

/// How large a filter may be, so that no filter costs more than it may.
public final class FilterLimits {
  /// Deepest nesting of and, or, not, at-least.
  public static final int MAX_DEPTH = 16;

  /// Most conditions and groups together.
  public static final int MAX_NODES = 256;

  /// Most values of one `in` or `except`.
  public static final int MAX_VALUES = 100_000;

  /// What may be joined to a filter on its way to a search: conditions that a server makes of other
  /// parts of a request, for example of the examples that are no hits themselves.
  private static final int JOINED_NODES = 16;

  /// The group that holds a filter together with what is joined to it.
  private static final int JOINED_DEPTH = 1;

  private FilterLimits() {}

  /// Checks a filter as a user wrote it.
  ///
  /// @throws FilterTooLargeException naming the bound that the filter is above
  public static void check(Filter filter) {
    check(filter, 0, 0);
  }

  /// Checks a filter to which a server may have joined conditions of its own: these do not count.
  ///
  /// @throws FilterTooLargeException naming the bound that the filter is above
  public static void checkJoined(Filter filter) {
    check(filter, JOINED_NODES, JOINED_DEPTH);
  }

  private static void check(Filter filter, int moreNodes, int moreDepth) {
    int nodes = count(filter, 1 - moreDepth);
    if (nodes > MAX_NODES + moreNodes) {
      throw new FilterTooLargeException(
          "filter has " + nodes + " conditions, at most " + MAX_NODES + " are allowed");
    }
  }

  private static int count(Filter filter, int depth) {
    if (depth > MAX_DEPTH) {
      throw new FilterTooLargeException(
          "filter is nested deeper than " + MAX_DEPTH + ", the most that is allowed");
    }
    return switch (filter) {
      case Filter.And(List<Filter> parts) -> countAll(parts, depth);
      case Filter.Or(List<Filter> parts) -> countAll(parts, depth);
      case Filter.AtLeast(_, List<Filter> parts) -> countAll(parts, depth);
      case Filter.Not(Filter part) -> 1 + count(part, depth + 1);
      case Filter.In in -> checkValues(in.field(), in.values().size());
      case Filter.Except except -> checkValues(except.field(), except.values().size());
      case Filter.Nested(_, Filter part) -> 1 + count(part, depth + 1);
      case Filter.Leaf _, Filter.PointTest _ -> 1;
    };
  }

  private static int countAll(List<Filter> parts, int depth) {
    int nodes = 1;
    for (Filter part : parts) {
      nodes += count(part, depth + 1);
    }
    return nodes;
  }

  private static int checkValues(String field, int count) {
    if (count > MAX_VALUES) {
      throw new FilterTooLargeException(
          "the condition on '"
              + field
              + "' has "
              + count
              + " values, at most "
              + MAX_VALUES
              + " are allowed");
    }
    return 1;
  }
}
