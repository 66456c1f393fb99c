package io.capsdb.filter;

import io.capsdb.filter.Filter.Bound;
import io.capsdb.point.FieldPath;
import io.capsdb.point.IdSet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;

/// Brings filters to a normal form, so that most logically equal filters become equal: negations
/// stand at the leaves, groups are flat, without duplicates and constants, and in a fixed order.
///
/// `OR` of equalities on one field always becomes one `in`, and `AND` of their negations one
/// negated `in`. `AND` of tests on one field, and `OR` of negated ones, are merged only where the
/// field has at most one value per row: `x >= 5 AND x <= 3` is true of `[1, 9]`.
public final class FilterNormalizer {
  private final Predicate<String> isSingleValued;

  private FilterNormalizer(Predicate<String> isSingleValued) {
    this.isSingleValued = isSingleValued;
  }

  /// @param isSingleValued whether no row in question has more than one element at a path
  /// @throws IllegalArgumentException if a field path is malformed
  public static Filter normalize(Filter filter, Predicate<String> isSingleValued) {
    return new FilterNormalizer(isSingleValued).normal(filter, false);
  }

  private Filter normal(Filter filter, boolean isNegated) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) ->
          isNegated ? or(normals(parts, true)) : and(normals(parts, false));
      case Filter.Or(List<Filter> parts) ->
          isNegated ? and(normals(parts, true)) : or(normals(parts, false));
      case Filter.Not(Filter part) -> normal(part, !isNegated);
      case Filter.AtLeast(int count, List<Filter> parts) ->
          isNegated
              ? atLeast(parts.size() - count + 1, normals(parts, true))
              : atLeast(count, normals(parts, false));
      case Filter.Leaf leaf -> negate(leaf(leaf), isNegated);
      case Filter.HasId(IdSet ids) -> negate(ids.isEmpty() ? Filter.NONE : filter, isNegated);
      case Filter.InIdSet _, Filter.HasVector _, Filter.Slice _ -> negate(filter, isNegated);
    };
  }

  private List<Filter> normals(List<Filter> parts, boolean isNegated) {
    return parts.stream().map(part -> normal(part, isNegated)).toList();
  }

  private static Filter negate(Filter filter, boolean isNegated) {
    if (!isNegated) {
      return filter;
    }
    if (filter.equals(Filter.NONE)) {
      return Filter.ALL;
    }
    return filter.equals(Filter.ALL) ? Filter.NONE : new Filter.Not(filter);
  }

  private static Filter leaf(Filter.Leaf leaf) {
    String field = FieldPath.parse(leaf.field()).canonical();
    return switch (leaf) {
      case Filter.In(_, Set<Value> values) ->
          values.isEmpty() ? Filter.NONE : new Filter.In(field, values);
      case Filter.Except(_, Set<Value> values) -> new Filter.Except(field, values);
      case Filter.Range(_, Bound<Double> low, Bound<Double> high) ->
          isVoid(unsigned(low), unsigned(high))
              ? Filter.NONE
              : new Filter.Range(field, unsigned(low), unsigned(high));
      case Filter.DateRange range ->
          isVoid(cut(range.low()), cut(range.high()))
              ? Filter.NONE
              : new Filter.DateRange(field, cut(range.low()), cut(range.high()));
      case Filter.IsEmpty(_) -> new Filter.IsEmpty(field);
      case Filter.IsNull(_) -> new Filter.IsNull(field);
      case Filter.DocumentTest test -> documentTest(test, field);
    };
  }

  private static Filter documentTest(Filter.DocumentTest test, String field) {
    return switch (test) {
      case Filter.ValuesCount(_, Bound<Long> low, Bound<Long> high) ->
          isVoid(low, high) ? Filter.NONE : new Filter.ValuesCount(field, low, high);
      case Filter.Text(_, Filter.TextMode mode, String text) -> new Filter.Text(field, mode, text);
      case Filter.GeoRadius(_, GeoPoint center, double metres) ->
          new Filter.GeoRadius(field, center, metres);
      case Filter.GeoBox(_, GeoPoint topLeft, GeoPoint bottomRight) ->
          new Filter.GeoBox(field, topLeft, bottomRight);
      case Filter.GeoPolygon(_, GeoRing exterior, List<GeoRing> interiors) ->
          new Filter.GeoPolygon(field, exterior, interiors);
      // Fields inside are of the objects: nothing is known of them.
      case Filter.Nested(_, Filter filter) -> {
        Filter inner = normalize(filter, _ -> false);
        yield inner.equals(Filter.NONE) ? Filter.NONE : new Filter.Nested(field, inner);
      }
    };
  }

  /// The bound with -0.0 written as 0.0, which compares as equal but not as the same object.
  private static Bound<Double> unsigned(Bound<Double> bound) {
    return new Bound<>(bound.value().map(v -> v + 0.0), bound.isInclusive());
  }

  /// The bound at the resolution at which date-times are compared.
  private static Bound<Instant> cut(Bound<Instant> bound) {
    return new Bound<>(
        bound.value().map(time -> time.truncatedTo(ChronoUnit.MICROS)), bound.isInclusive());
  }

  private static <T extends Comparable<T>> boolean isVoid(Bound<T> low, Bound<T> high) {
    if (low.value().isEmpty() || high.value().isEmpty()) {
      return false;
    }
    int order = low.value().get().compareTo(high.value().get());
    return order > 0 || (order == 0 && !(low.isInclusive() && high.isInclusive()));
  }

  private Filter and(List<Filter> parts) {
    Set<Filter> flat = new LinkedHashSet<>();
    for (Filter part : parts) {
      if (part instanceof Filter.And(List<Filter> inner)) {
        flat.addAll(inner);
      } else {
        flat.add(part);
      }
    }
    Set<Filter> merged = merged(flat, this::mergeableUnderAnd);
    if (merged.contains(Filter.NONE) || hasOpposites(flat) || hasOpposites(merged)) {
      return Filter.NONE;
    }
    return merged.size() == 1 ? merged.iterator().next() : new Filter.And(ordered(merged));
  }

  private Filter or(List<Filter> parts) {
    Set<Filter> flat = new LinkedHashSet<>();
    for (Filter part : parts) {
      if (part instanceof Filter.Or(List<Filter> inner)) {
        flat.addAll(inner);
      } else {
        flat.add(part);
      }
    }
    Set<Filter> merged = merged(flat, this::mergeableUnderOr);
    if (merged.contains(Filter.ALL) || hasOpposites(flat) || hasOpposites(merged)) {
      return Filter.ALL;
    }
    return merged.size() == 1 ? merged.iterator().next() : new Filter.Or(ordered(merged));
  }

  private Filter atLeast(int count, List<Filter> parts) {
    if (count <= 0) {
      return Filter.ALL;
    }
    int certain = 0;
    List<Filter> open = new ArrayList<>();
    for (Filter part : parts) {
      if (part.equals(Filter.ALL)) {
        certain++;
      } else if (!part.equals(Filter.NONE)) {
        open.add(part);
      }
    }
    if (certain > 0) {
      return atLeast(count - certain, open);
    }
    if (count > open.size()) {
      return Filter.NONE;
    }
    if (count == 1) {
      return or(open);
    }
    return count == open.size() ? and(open) : new Filter.AtLeast(count, ordered(open));
  }

  /// The parts, those of one kind on one field made one where the group allows it.
  ///
  /// @param mergeable how a part and another of its kind become one
  private static Set<Filter> merged(
      Set<Filter> parts, Function<Filter, Optional<BinaryOperator<Filter>>> mergeable) {
    Map<Object, Filter> byKind = new LinkedHashMap<>();
    for (Filter part : parts) {
      Optional<BinaryOperator<Filter>> merge = mergeable.apply(part);
      if (merge.isPresent()) {
        byKind.merge(kind(part), part, merge.get());
      } else {
        byKind.put(part, part);
      }
    }
    return new LinkedHashSet<>(byKind.values());
  }

  /// Equal for tests of one kind on one field, negated or not.
  private static Object kind(Filter part) {
    return switch (part) {
      case Filter.Not(Filter.Leaf leaf) -> List.of("not", leaf.getClass(), leaf.field());
      case Filter.Leaf leaf -> List.of(leaf.getClass(), leaf.field());
      default -> part;
    };
  }

  private Optional<BinaryOperator<Filter>> mergeableUnderAnd(Filter part) {
    return switch (part) {
      // Not among these and not among those: not among all of them, whatever the field holds.
      case Filter.Not(Filter.In _), Filter.Not(Filter.Except _) ->
          Optional.of((a, b) -> negation(either(inner(a), inner(b))));
      case Filter.DocumentTest _ -> Optional.empty();
      case Filter.Leaf leaf when isSingleValued.test(leaf.field()) ->
          Optional.of(FilterNormalizer::both);
      default -> Optional.empty();
    };
  }

  private Optional<BinaryOperator<Filter>> mergeableUnderOr(Filter part) {
    return switch (part) {
      case Filter.In _, Filter.Except _ -> Optional.of(FilterNormalizer::either);
      case Filter.Not(Filter.DocumentTest _) -> Optional.empty();
      case Filter.Not(Filter.Leaf leaf) when isSingleValued.test(leaf.field()) ->
          Optional.of((a, b) -> negation(both(inner(a), inner(b))));
      default -> Optional.empty();
    };
  }

  private static Filter inner(Filter negated) {
    return negated instanceof Filter.Not(Filter part) ? part : negate(negated, true);
  }

  private static Filter negation(Filter part) {
    return negate(part, true);
  }

  /// The disjunction of two `in` or two `except` on one field: some element is among these or
  /// those, some element is outside of these or of those.
  private static Filter either(Filter left, Filter right) {
    return switch (left) {
      case Filter.In(String field, Set<Value> values) -> {
        Set<Value> union = new HashSet<>(values);
        union.addAll(((Filter.In) right).values());
        yield new Filter.In(field, union);
      }
      case Filter.Except(String field, Set<Value> values) -> {
        Set<Value> common = new HashSet<>(values);
        common.retainAll(((Filter.Except) right).values());
        yield new Filter.Except(field, common);
      }
      default -> throw new IllegalStateException("no list of values: " + left);
    };
  }

  /// The conjunction of two tests of one kind on one single-valued field.
  private static Filter both(Filter left, Filter right) {
    if (left.equals(Filter.NONE)) {
      return left;
    }
    return switch (left) {
      case Filter.In(String field, Set<Value> values) -> {
        Set<Value> common = new HashSet<>(values);
        common.retainAll(((Filter.In) right).values());
        yield leaf(new Filter.In(field, common));
      }
      case Filter.Except(String field, Set<Value> values) -> {
        Set<Value> union = new HashSet<>(values);
        union.addAll(((Filter.Except) right).values());
        yield new Filter.Except(field, union);
      }
      case Filter.Range(String field, Bound<Double> low, Bound<Double> high) -> {
        Filter.Range other = (Filter.Range) right;
        yield leaf(
            new Filter.Range(
                field, Bound.higher(low, other.low()), Bound.lower(high, other.high())));
      }
      case Filter.DateRange range -> {
        Filter.DateRange other = (Filter.DateRange) right;
        yield leaf(
            new Filter.DateRange(
                range.field(),
                Bound.higher(range.low(), other.low()),
                Bound.lower(range.high(), other.high())));
      }
      default -> left;
    };
  }

  private static boolean hasOpposites(Set<Filter> parts) {
    return parts.stream()
        .anyMatch(part -> part instanceof Filter.Not(Filter inner) && parts.contains(inner));
  }

  private static List<Filter> ordered(Collection<Filter> parts) {
    // Texts are made once for each part, not once for each comparison: they can be long.
    record Shown(String text, Filter part) {}
    return parts.stream()
        .map(part -> new Shown(FilterText.complete(part), part))
        .sorted(Comparator.comparing(Shown::text))
        .map(Shown::part)
        .toList();
  }
}
