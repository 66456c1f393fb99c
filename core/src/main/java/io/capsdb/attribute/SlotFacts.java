package io.capsdb.attribute;

import io.capsdb.filter.DateTimes;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.Ternary;
import io.capsdb.filter.TernaryEvaluator;
import io.capsdb.filter.Value;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/// What is true of every row of one slot of an attribute frequency tree: it holds one value, and
/// holds none of some others (CAPS, section 1.3, generalised to any filter). "It holds another
/// value, so it does not hold this one" is concluded only for fields with at most one value per
/// row.
///
/// @param contained the value that every row holds; empty for the tail slot
/// @param lacking values that no row holds
/// @param isSingleValued whether no row of the part has more than one element at a path
public record SlotFacts(
    Optional<Fact> contained, List<Fact> lacking, Predicate<String> isSingleValued) {

  /// A value of a field.
  ///
  /// @param path a path of keys
  /// @param value as payloads hold it: `String`, `Long`, `Double` or `Boolean`
  public record Fact(String path, Object value) {}

  /// Whether the filter is true of every row of the slot, of none, or not known.
  public Ternary evaluate(Filter filter) {
    return TernaryEvaluator.evaluate(filter, this::test);
  }

  private Ternary test(Filter.Leaf leaf) {
    if (leaf instanceof Filter.DocumentTest) {
      return Ternary.UNKNOWN;
    }
    if (contained.isPresent() && contained.get().path().equals(leaf.field())) {
      Object value = contained.get().value();
      boolean isTrue =
          switch (leaf) {
            case Filter.In in -> in.values().stream().anyMatch(v -> equals(v, value));
            case Filter.Except except -> except.values().stream().noneMatch(v -> equals(v, value));
            case Filter.Range range ->
                value instanceof Number number
                    && FilterEvaluator.contains(range.low(), range.high(), number.doubleValue());
            case Filter.DateRange range -> isInside(range, value);
            case Filter.IsEmpty _, Filter.IsNull _, Filter.DocumentTest _ -> false;
          };
      if (isTrue) {
        return Ternary.TRUE;
      }
      if (leaf instanceof Filter.IsEmpty || isSingleValued.test(leaf.field())) {
        return Ternary.FALSE;
      }
    }
    if (leaf instanceof Filter.In in && in.values().stream().allMatch(v -> isLacking(in, v))) {
      return Ternary.FALSE;
    }
    return Ternary.UNKNOWN;
  }

  private boolean isLacking(Filter.In in, Value value) {
    for (Fact fact : lacking) {
      if (fact.path().equals(in.field()) && equals(value, fact.value())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInside(Filter.DateRange range, Object value) {
    if (!(value instanceof String text)) {
      return false;
    }
    OptionalLong micros = DateTimes.parse(text);
    return micros.isPresent()
        && FilterEvaluator.isAbove(range.low(), micros.getAsLong())
        && FilterEvaluator.isBelow(range.high(), micros.getAsLong());
  }

  private static boolean equals(Value value, Object stored) {
    return switch (value) {
      case Value.Keyword(String text) -> text.equals(stored);
      case Value.Whole(long number) -> stored instanceof Long whole && whole == number;
      case Value.Flag(boolean flag) -> stored instanceof Boolean bool && bool == flag;
    };
  }
}
