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

  private FilterLimits() {}

  /// @throws FilterTooLargeException naming the bound that the filter is above
  public static void check(Filter filter) {
    int nodes = count(filter, 1);
    if (nodes > MAX_NODES) {
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
