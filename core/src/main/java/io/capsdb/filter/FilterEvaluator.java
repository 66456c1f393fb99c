package io.capsdb.filter;

import io.capsdb.filter.Filter.Bound;
import io.capsdb.point.FieldPath;
import io.capsdb.point.IdSet;
import io.capsdb.point.Payload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Evaluates a filter on payload documents: what every other form of evaluation must agree with.
///
/// Paths are parsed once. Immutable and safe for use by many threads.
public final class FilterEvaluator {
  private final Predicate<Subject> test;

  private FilterEvaluator(Predicate<Subject> test) {
    this.test = test;
  }

  /// What a filter is asked about: a point, or its payload alone.
  public interface Subject {
    Payload payload();

    /// Whether the id is in a set; false where there is only a payload.
    boolean hasId(IdSet ids);

    /// Whether there is a vector of this name; false where there is only a payload.
    boolean hasVector(String name);

    /// Whether the id is in a slice; false where there is only a payload.
    boolean isIn(Filter.Slice slice);
  }

  private record PayloadAlone(Payload payload) implements Subject {
    @Override
    public boolean hasId(IdSet ids) {
      return false;
    }

    @Override
    public boolean hasVector(String name) {
      return false;
    }

    @Override
    public boolean isIn(Filter.Slice slice) {
      return false;
    }
  }

  /// @throws IllegalArgumentException if a field path is malformed
  public static FilterEvaluator of(Filter filter) {
    return new FilterEvaluator(compile(filter));
  }

  /// Whether a payload matches; tests of ids and vectors are false.
  public boolean matches(Payload payload) {
    return test.test(new PayloadAlone(payload));
  }

  public boolean matches(Subject subject) {
    return test.test(subject);
  }

  private static Predicate<Subject> compile(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) -> {
        List<Predicate<Subject>> tests = compileAll(parts);
        yield subject -> tests.stream().allMatch(t -> t.test(subject));
      }
      case Filter.Or(List<Filter> parts) -> {
        List<Predicate<Subject>> tests = compileAll(parts);
        yield subject -> tests.stream().anyMatch(t -> t.test(subject));
      }
      case Filter.Not(Filter part) -> compile(part).negate();
      case Filter.AtLeast(int count, List<Filter> parts) -> {
        List<Predicate<Subject>> tests = compileAll(parts);
        yield subject -> tests.stream().filter(t -> t.test(subject)).limit(count).count() == count;
      }
      case Filter.Leaf leaf -> {
        Predicate<Payload> leafTest = compileLeaf(leaf, FieldPath.parse(leaf.field()));
        yield subject -> leafTest.test(subject.payload());
      }
      case Filter.HasId(IdSet ids) -> subject -> subject.hasId(ids);
      case Filter.InIdSet set -> {
        IdSet ids = set.found();
        yield subject -> subject.hasId(ids);
      }
      case Filter.HasVector(String name) -> subject -> subject.hasVector(name);
      case Filter.Slice slice -> subject -> subject.isIn(slice);
    };
  }

  private static List<Predicate<Subject>> compileAll(List<Filter> parts) {
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
      case Filter.DocumentTest test -> compileDocumentTest(test, path);
    };
  }

  private static Predicate<Payload> compileDocumentTest(Filter.DocumentTest test, FieldPath path) {
    return switch (test) {
      case Filter.ValuesCount count ->
          payload ->
              path.any(payload, value -> hasCount(count, value))
                  || (hasCount(count, null) && !path.any(payload, _ -> true));
      case Filter.Text(_, Filter.TextMode mode, String text) -> {
        Predicate<String> contains = TextTest.of(mode, text);
        yield anyElement(
            path, element -> element instanceof String stored && contains.test(stored));
      }
      case Filter.GeoRadius(_, GeoPoint center, double metres) ->
          anyPlace(path, place -> place.metresTo(center) < metres);
      case Filter.GeoBox(_, GeoPoint topLeft, GeoPoint bottomRight) ->
          anyPlace(path, place -> isBetween(place, topLeft, bottomRight));
      case Filter.GeoPolygon(_, GeoRing exterior, List<GeoRing> interiors) ->
          anyPlace(
              path,
              place ->
                  exterior.encloses(place)
                      && interiors.stream().noneMatch(hole -> hole.encloses(place)));
      case Filter.Nested(_, Filter filter) -> {
        FilterEvaluator inner = of(filter);
        yield payload ->
            path.any(
                payload,
                value -> {
                  if (!(value instanceof List<?> list)) {
                    return false;
                  }
                  for (Object element : list) {
                    if (element instanceof Map<?, ?> map && inner.matches(object(map))) {
                      return true;
                    }
                  }
                  return false;
                });
      }
    };
  }

  private static Payload object(Map<?, ?> map) {
    Map<String, @Nullable Object> fields = LinkedHashMap.newLinkedHashMap(map.size());
    map.forEach((key, value) -> fields.put((String) key, value));
    return Payload.of(fields);
  }

  /// Whether the number of elements of a value lies in the interval.
  private static boolean hasCount(Filter.ValuesCount test, @Nullable Object value) {
    long count =
        switch (value) {
          case null -> 0;
          case List<?> list -> list.size();
          default -> 1;
        };
    return contains(test, count);
  }

  /// Whether a number of elements lies in the interval.
  public static boolean contains(Filter.ValuesCount test, long count) {
    return test.low()
            .value()
            .map(b -> test.low().isInclusive() ? count >= b : count > b)
            .orElse(true)
        && test.high()
            .value()
            .map(b -> test.high().isInclusive() ? count <= b : count < b)
            .orElse(true);
  }

  private static Predicate<Payload> anyPlace(FieldPath path, Predicate<GeoPoint> test) {
    return anyElement(path, element -> GeoPoint.of(element).map(test::test).orElse(false));
  }

  private static boolean isBetween(GeoPoint place, GeoPoint topLeft, GeoPoint bottomRight) {
    if (!(place.lat() < topLeft.lat() && place.lat() > bottomRight.lat())) {
      return false;
    }
    boolean isRightOf = place.lon() > topLeft.lon();
    boolean isLeftOf = place.lon() < bottomRight.lon();
    return topLeft.lon() > bottomRight.lon() ? isRightOf || isLeftOf : isRightOf && isLeftOf;
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
