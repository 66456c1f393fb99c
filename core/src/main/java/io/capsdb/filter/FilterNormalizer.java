package io.capsdb.filter;

import io.capsdb.filter.Filter.Bound;
import io.capsdb.point.FieldPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Brings filters to a normal form, so that most logically equal filters become equal: negations
/// stand at the leaves, groups are flat, without duplicates and constants, and in a fixed order.
///
/// `OR` of equalities on one field always becomes one `in`. `AND` of tests on one field is merged
/// only where the field has at most one value per row: `x >= 5 AND x <= 3` is true of `[1, 9]`.
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
          isVoid(range.low(), range.high())
              ? Filter.NONE
              : new Filter.DateRange(field, range.low(), range.high());
      case Filter.IsEmpty(_) -> new Filter.IsEmpty(field);
      case Filter.IsNull(_) -> new Filter.IsNull(field);
    };
  }

  /// The bound with -0.0 written as 0.0, which compares as equal but not as the same object.
  private static Bound<Double> unsigned(Bound<Double> bound) {
    return new Bound<>(bound.value().map(v -> v + 0.0), bound.isInclusive());
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
    List<Filter> merged = mergeUnderAnd(flat);
    if (merged.contains(Filter.NONE) || hasOpposites(flat)) {
      return Filter.NONE;
    }
    return merged.size() == 1 ? merged.getFirst() : new Filter.And(ordered(merged));
  }

  private static Filter or(List<Filter> parts) {
    Set<Filter> flat = new LinkedHashSet<>();
    for (Filter part : parts) {
      if (part instanceof Filter.Or(List<Filter> inner)) {
        flat.addAll(inner);
      } else {
        flat.add(part);
      }
    }
    if (flat.contains(Filter.ALL) || hasOpposites(flat)) {
      return Filter.ALL;
    }
    Map<String, Set<Value>> unions = new LinkedHashMap<>();
    List<Filter> merged = new ArrayList<>();
    for (Filter part : flat) {
      if (part instanceof Filter.In(String field, Set<Value> values)) {
        unions.computeIfAbsent(field, _ -> new HashSet<>()).addAll(values);
      } else {
        merged.add(part);
      }
    }
    unions.forEach((field, values) -> merged.add(new Filter.In(field, values)));
    return merged.size() == 1 ? merged.getFirst() : new Filter.Or(ordered(merged));
  }

  private static Filter atLeast(int count, List<Filter> parts) {
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
    FilterNormalizer plain = new FilterNormalizer(_ -> false);
    return count == open.size() ? plain.and(open) : new Filter.AtLeast(count, ordered(open));
  }

  private List<Filter> mergeUnderAnd(Set<Filter> parts) {
    Map<Object, Filter> merged = new LinkedHashMap<>();
    for (Filter part : parts) {
      if (part instanceof Filter.Leaf leaf && isSingleValued.test(leaf.field())) {
        merged.merge(List.of(leaf.getClass(), leaf.field()), leaf, FilterNormalizer::both);
      } else {
        merged.put(part, part);
      }
    }
    return List.copyOf(new LinkedHashSet<>(merged.values()));
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
            new Filter.Range(field, tighter(low, other.low(), 1), tighter(high, other.high(), -1)));
      }
      case Filter.DateRange range -> {
        Filter.DateRange other = (Filter.DateRange) right;
        yield leaf(
            new Filter.DateRange(
                range.field(),
                tighter(range.low(), other.low(), 1),
                tighter(range.high(), other.high(), -1)));
      }
      default -> left;
    };
  }

  private static <T extends Comparable<T>> Bound<T> tighter(Bound<T> a, Bound<T> b, int sign) {
    Optional<T> left = a.value();
    Optional<T> right = b.value();
    if (left.isEmpty() || right.isEmpty()) {
      return left.isEmpty() ? b : a;
    }
    int order = sign * left.get().compareTo(right.get());
    if (order == 0) {
      return a.isInclusive() ? b : a;
    }
    return order > 0 ? a : b;
  }

  private static boolean hasOpposites(Set<Filter> parts) {
    return parts.stream()
        .anyMatch(part -> part instanceof Filter.Not(Filter inner) && parts.contains(inner));
  }

  private static List<Filter> ordered(List<Filter> parts) {
    return parts.stream()
        .sorted(Comparator.comparing(FilterText::of).thenComparingInt(FilterNormalizer::key))
        .toList();
  }

  /// Tells apart filters whose shown text is cut.
  private static int key(Filter filter) {
    return filter.hashCode();
  }
}
