package io.capsdb.filter;

import io.capsdb.filter.Filter.Bound;
import io.capsdb.point.IdSet;
import io.capsdb.point.PointId;
import java.util.ArrayList;
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
      case Filter.ValuesCount(String field, Bound<Long> low, Bound<Long> high) ->
          "number of " + field + " in " + of(low, high);
      case Filter.Text(String field, Filter.TextMode mode, String text) ->
          field + " has " + words(mode) + " " + of(Value.of(text));
      case Filter.GeoRadius(String field, GeoPoint center, double metres) ->
          field + " within " + metres + " m of " + of(center);
      case Filter.GeoBox(String field, GeoPoint topLeft, GeoPoint bottomRight) ->
          field + " in the box " + of(topLeft) + " " + of(bottomRight);
      case Filter.GeoPolygon(String field, GeoRing exterior, List<GeoRing> interiors) ->
          field + " in the polygon " + of(exterior) + without(interiors);
      case Filter.Nested(String field, Filter part) -> "SOME " + field + "[] (" + text(part) + ")";
      case Filter.HasId(IdSet ids) -> "id in " + of(ids);
      case Filter.InIdSet(String name, _) -> "id in the set " + of(Value.of(name));
      case Filter.HasVector(String name) -> "has vector " + of(Value.of(name));
      case Filter.Slice(long total, long index) -> "id in slice " + index + " of " + total;
    };
  }

  private static String words(Filter.TextMode mode) {
    return switch (mode) {
      case PART, SUBSTRING -> "the part";
      case BEGIN -> "the begin";
      case ANY_PART -> "some part of";
      case ALL_WORDS -> "all words of";
      case ANY_WORD -> "some word of";
      case PHRASE -> "the phrase";
    };
  }

  private static String of(GeoPoint place) {
    return "(" + place.lon() + ", " + place.lat() + ")";
  }

  private String of(GeoRing ring) {
    String shown =
        ring.points().stream()
            .limit(valuesShown)
            .map(FilterText::of)
            .collect(Collectors.joining(" "));
    return ring.points().size() > valuesShown ? shown + " …" : shown;
  }

  private String without(List<GeoRing> interiors) {
    return interiors.stream().map(ring -> " without " + of(ring)).collect(Collectors.joining());
  }

  /// Very many ids are told apart by a hash: that orders them well enough.
  private String of(IdSet ids) {
    if (ids.count() > VALUES_SHOWN) {
      return valuesShown == VALUES_SHOWN
          ? "{" + ids.count() + " ids}"
          : "{" + ids.count() + " ids " + Integer.toHexString(ids.hashCode()) + "}";
    }
    List<PointId> shown = new ArrayList<>();
    ids.forEach(shown::add);
    return shown.stream()
        .sorted()
        .map(PointId::toString)
        .collect(Collectors.joining(", ", "{", "}"));
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
