package io.capsdb.filter;

import java.util.List;
import java.util.function.Function;

/// Evaluates a filter where only something is known of each leaf.
public final class TernaryEvaluator {
  private TernaryEvaluator() {}

  /// @param known what is known of a leaf
  public static Ternary evaluate(Filter filter, Function<Filter.Leaf, Ternary> known) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) -> {
        Ternary result = Ternary.TRUE;
        for (Filter part : parts) {
          result = result.and(evaluate(part, known));
          if (result == Ternary.FALSE) {
            break;
          }
        }
        yield result;
      }
      case Filter.Or(List<Filter> parts) -> {
        Ternary result = Ternary.FALSE;
        for (Filter part : parts) {
          result = result.or(evaluate(part, known));
          if (result == Ternary.TRUE) {
            break;
          }
        }
        yield result;
      }
      case Filter.Not(Filter part) -> evaluate(part, known).not();
      case Filter.AtLeast(int count, List<Filter> parts) -> {
        int certain = 0;
        int possible = 0;
        for (Filter part : parts) {
          Ternary value = evaluate(part, known);
          certain += value == Ternary.TRUE ? 1 : 0;
          possible += value == Ternary.FALSE ? 0 : 1;
        }
        yield certain >= count ? Ternary.TRUE : possible >= count ? Ternary.UNKNOWN : Ternary.FALSE;
      }
      case Filter.Leaf leaf -> known.apply(leaf);
      case Filter.PointTest _ -> Ternary.UNKNOWN;
    };
  }
}
