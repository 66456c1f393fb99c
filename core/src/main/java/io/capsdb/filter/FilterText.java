package io.capsdb.filter;

import io.capsdb.filter.Filter.Bound;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A filter as a person would write it down; shown by `explain`.
public final class FilterText {
  private static final int VALUES_SHOWN = 8;

  private FilterText() {}

  /// For example `label = 3 AND NOT (brightness in [0.2, 0.5))`.
  public static String of(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) ->
          parts.isEmpty() ? "everything" : joined(parts, " AND ");
      case Filter.Or(List<Filter> parts) -> parts.isEmpty() ? "nothing" : joined(parts, " OR ");
      case Filter.Not(Filter part) -> "NOT " + grouped(part);
      case Filter.AtLeast(int count, List<Filter> parts) ->
          "AT LEAST " + count + " OF (" + joined(parts, "; ") + ")";
      case Filter.In(String field, Set<Value> values) ->
          values.size() == 1
              ? field + " = " + of(values.iterator().next())
              : field + " in " + of(values);
      case Filter.Except(String field, Set<Value> values) -> field + " other than " + of(values);
      case Filter.Range(String field, Bound<Double> low, Bound<Double> high) ->
          field + " in " + of(low, high);
      case Filter.DateRange range -> range.field() + " in " + of(range.low(), range.high());
      case Filter.IsEmpty(String field) -> field + " is empty";
      case Filter.IsNull(String field) -> field + " is null";
    };
  }

  private static String joined(List<Filter> parts, String word) {
    return parts.stream().map(FilterText::grouped).collect(Collectors.joining(word));
  }

  private static String grouped(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) when parts.size() > 1 -> "(" + of(filter) + ")";
      case Filter.Or(List<Filter> parts) when parts.size() > 1 -> "(" + of(filter) + ")";
      default -> of(filter);
    };
  }

  private static String of(Value value) {
    return switch (value) {
      case Value.Keyword(String text) -> '"' + text + '"';
      case Value.Whole(long number) -> Long.toString(number);
      case Value.Flag(boolean flag) -> Boolean.toString(flag);
    };
  }

  private static String of(Set<Value> values) {
    String shown =
        values.stream()
            .map(FilterText::of)
            .sorted()
            .limit(VALUES_SHOWN)
            .collect(Collectors.joining(", "));
    return values.size() > VALUES_SHOWN
        ? "{" + shown + ", … " + values.size() + " values}"
        : "{" + shown + "}";
  }

  private static String of(Bound<?> low, Bound<?> high) {
    return (low.isInclusive() ? "[" : "(")
        + low.value().map(Object::toString).orElse("-∞")
        + ", "
        + high.value().map(Object::toString).orElse("∞")
        + (high.isInclusive() ? "]" : ")");
  }
}
