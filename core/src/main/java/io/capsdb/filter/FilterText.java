package io.capsdb.filter;

import io.capsdb.filter.Filter.Bound;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A filter as a person would write it down; shown by `explain`.
public final class FilterText {
  private static final int VALUES_SHOWN = 8;

  private final int valuesShown;

  private FilterText(int valuesShown) {
    this.valuesShown = valuesShown;
  }

  /// For example `label = 3 AND NOT brightness in [0.2, 0.5)`. Long lists of values are cut.
  public static String of(Filter filter) {
    return new FilterText(VALUES_SHOWN).text(filter);
  }

  /// The same with all values: different for filters that differ.
  static String complete(Filter filter) {
    return new FilterText(Integer.MAX_VALUE).text(filter);
  }

  private String text(Filter filter) {
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
      case Filter.DateRange range -> range.field() + " during " + of(range.low(), range.high());
      case Filter.IsEmpty(String field) -> field + " is empty";
      case Filter.IsNull(String field) -> field + " is null";
    };
  }

  private String joined(List<Filter> parts, String word) {
    return parts.stream().map(this::grouped).collect(Collectors.joining(word));
  }

  private String grouped(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) when parts.size() > 1 -> "(" + text(filter) + ")";
      case Filter.Or(List<Filter> parts) when parts.size() > 1 -> "(" + text(filter) + ")";
      default -> text(filter);
    };
  }

  private static String of(Value value) {
    return switch (value) {
      case Value.Keyword(String text) ->
          '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
      case Value.Whole(long number) -> Long.toString(number);
      case Value.Flag(boolean flag) -> Boolean.toString(flag);
    };
  }

  private String of(Set<Value> values) {
    String shown =
        values.stream()
            .map(FilterText::of)
            .sorted()
            .limit(valuesShown)
            .collect(Collectors.joining(", "));
    return values.size() > valuesShown
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
