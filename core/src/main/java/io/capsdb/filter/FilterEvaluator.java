package io.capsdb.filter;

import io.capsdb.filter.Filter.Bound;
import io.capsdb.point.FieldPath;
import io.capsdb.point.Payload;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Evaluates a filter on payload documents: what every other form of evaluation must agree with.
///
/// Paths are parsed once. Immutable and safe for use by many threads.
public final class FilterEvaluator {
  private final Predicate<Payload> test;

  private FilterEvaluator(Predicate<Payload> test) {
    this.test = test;
  }

  /// @throws IllegalArgumentException if a field path is malformed
  public static FilterEvaluator of(Filter filter) {
    return new FilterEvaluator(compile(filter));
  }

  public boolean matches(Payload payload) {
    return test.test(payload);
  }

  private static Predicate<Payload> compile(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) -> {
        List<Predicate<Payload>> tests = compileAll(parts);
        yield payload -> tests.stream().allMatch(t -> t.test(payload));
      }
      case Filter.Or(List<Filter> parts) -> {
        List<Predicate<Payload>> tests = compileAll(parts);
        yield payload -> tests.stream().anyMatch(t -> t.test(payload));
      }
      case Filter.Not(Filter part) -> compile(part).negate();
      case Filter.AtLeast(int count, List<Filter> parts) -> {
        List<Predicate<Payload>> tests = compileAll(parts);
        yield payload -> tests.stream().filter(t -> t.test(payload)).limit(count).count() == count;
      }
      case Filter.Leaf leaf -> compileLeaf(leaf, FieldPath.parse(leaf.field()));
    };
  }

  private static List<Predicate<Payload>> compileAll(List<Filter> parts) {
    return parts.stream().map(FilterEvaluator::compile).toList();
  }

  private static Predicate<Payload> compileLeaf(Filter.Leaf leaf, FieldPath path) {
    return switch (leaf) {
      case Filter.In(_, Set<Value> values) -> anyElement(path, element -> isAmong(element, values));
      case Filter.Except(_, Set<Value> values) ->
          anyElement(path, element -> element != null && !isAmong(element, values));
      case Filter.Range(_, Bound<Double> low, Bound<Double> high) ->
          anyElement(
              path,
              element ->
                  element instanceof Number number && contains(low, high, number.doubleValue()));
      case Filter.DateRange range -> anyElement(path, element -> isInside(range, element));
      case Filter.IsEmpty(_) ->
          payload ->
              path.all(payload, v -> v == null || (v instanceof List<?> list && list.isEmpty()));
      case Filter.IsNull(_) ->
          payload ->
              path.any(payload, v -> v == null || (v instanceof List<?> list && hasNull(list)));
    };
  }

  private static Predicate<Payload> anyElement(FieldPath path, Predicate<@Nullable Object> test) {
    return payload ->
        path.any(
            payload,
            value -> {
              if (!(value instanceof List<?> list)) {
                return test.test(value);
              }
              for (Object element : list) {
                if (test.test(element)) {
                  return true;
                }
              }
              return false;
            });
  }

  private static boolean hasNull(List<?> list) {
    for (Object element : list) {
      if (element == null) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAmong(@Nullable Object element, Set<Value> values) {
    return switch (element) {
      case String text -> values.contains(Value.of(text));
      case Long number -> values.contains(Value.of((long) number));
      case Boolean flag -> values.contains(Value.of((boolean) flag));
      case null, default -> false;
    };
  }

  private static boolean isInside(Filter.DateRange range, @Nullable Object element) {
    if (!(element instanceof String text)) {
      return false;
    }
    OptionalLong micros = DateTimes.parse(text);
    return micros.isPresent()
        && isAbove(range.low(), micros.getAsLong())
        && isBelow(range.high(), micros.getAsLong());
  }

  /// Whether a date-time in microseconds satisfies a lower bound.
  public static boolean isAbove(Bound<java.time.Instant> low, long micros) {
    return low.value()
        .map(DateTimes::micros)
        .map(bound -> low.isInclusive() ? micros >= bound : micros > bound)
        .orElse(true);
  }

  /// Whether a date-time in microseconds satisfies an upper bound.
  public static boolean isBelow(Bound<java.time.Instant> high, long micros) {
    return high.value()
        .map(DateTimes::micros)
        .map(bound -> high.isInclusive() ? micros <= bound : micros < bound)
        .orElse(true);
  }

  /// Whether a number lies between two bounds.
  public static boolean contains(Bound<Double> low, Bound<Double> high, double number) {
    return low.value().map(b -> low.isInclusive() ? number >= b : number > b).orElse(true)
        && high.value().map(b -> high.isInclusive() ? number <= b : number < b).orElse(true);
  }
}
