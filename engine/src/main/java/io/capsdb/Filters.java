package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.GeoPoint;
import io.capsdb.filter.Value;
import io.capsdb.point.IdSet;
import io.capsdb.point.PointId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Builds filters in Java: `all(eq("label", 3), lt("price", 500), not(isEmpty("tags")))`.
public final class Filters {
  private Filters() {}

  /// Some element of the field equals the keyword.
  public static Filter eq(String field, String value) {
    return new Filter.In(field, Set.of(Value.of(value)));
  }

  /// Some element of the field equals the whole number.
  public static Filter eq(String field, long value) {
    return new Filter.In(field, Set.of(Value.of(value)));
  }

  /// Some element of the field equals the truth value.
  public static Filter eq(String field, boolean value) {
    return new Filter.In(field, Set.of(Value.of(value)));
  }

  /// Some element of the field is among the keywords.
  public static Filter in(String field, String... values) {
    return new Filter.In(field, Stream.of(values).map(Value::of).collect(Collectors.toSet()));
  }

  /// Some element of the field is among the whole numbers.
  public static Filter in(String field, long... values) {
    return new Filter.In(
        field, LongStream.of(values).mapToObj(Value::of).collect(Collectors.toSet()));
  }

  /// Some number of the field is above `bound`.
  public static Filter gt(String field, double bound) {
    return new Filter.Range(field, Bound.excluding(bound), Bound.none());
  }

  /// Some number of the field is at least `bound`.
  public static Filter gte(String field, double bound) {
    return new Filter.Range(field, Bound.including(bound), Bound.none());
  }

  /// Some number of the field is below `bound`.
  public static Filter lt(String field, double bound) {
    return new Filter.Range(field, Bound.none(), Bound.excluding(bound));
  }

  /// Some number of the field is at most `bound`.
  public static Filter lte(String field, double bound) {
    return new Filter.Range(field, Bound.none(), Bound.including(bound));
  }

  /// Some number of the field is at least `low` and at most `high`.
  public static Filter between(String field, double low, double high) {
    return new Filter.Range(field, Bound.including(low), Bound.including(high));
  }

  /// Some date-time of the field is at least `low` and before `high`.
  public static Filter during(String field, Instant low, Instant high) {
    return new Filter.DateRange(field, Bound.including(low), Bound.excluding(high));
  }

  /// The field is missing, null or an empty array.
  public static Filter isEmpty(String field) {
    return new Filter.IsEmpty(field);
  }

  /// Something stands at the field: not null, not an empty array.
  public static Filter exists(String field) {
    return not(isEmpty(field));
  }

  /// The field is null, or an array with a null in it.
  public static Filter isNull(String field) {
    return new Filter.IsNull(field);
  }

  /// Some string of the field contains the text; in a field declared as text, all of its words.
  public static Filter contains(String field, String text) {
    return new Filter.Text(field, Filter.TextMode.PART, text);
  }

  /// The field has at least `low` and at most `high` elements.
  public static Filter count(String field, long low, long high) {
    return new Filter.ValuesCount(field, Bound.including(low), Bound.including(high));
  }

  /// Some place of the field is nearer to a centre than the radius.
  public static Filter near(String field, GeoPoint center, double metres) {
    return new Filter.GeoRadius(field, center, metres);
  }

  /// Some object in the array at the field satisfies a whole filter, whose paths begin in it.
  public static Filter some(String field, Filter filter) {
    return new Filter.Nested(field, filter);
  }

  /// The id is one of these.
  public static Filter hasId(java.util.Collection<PointId> ids) {
    return new Filter.HasId(IdSet.of(ids));
  }

  /// The id is in a set that the collection keeps under a name.
  public static Filter inIdSet(String name) {
    return new Filter.InIdSet(name);
  }

  /// The point has a vector of this name.
  public static Filter hasVector(String name) {
    return new Filter.HasVector(name);
  }

  /// The id falls into one of `total` disjoint parts of all points, the one numbered `index`.
  public static Filter slice(long total, long index) {
    return new Filter.Slice(total, index);
  }

  /// All parts hold.
  public static Filter all(Filter... parts) {
    return new Filter.And(Arrays.asList(parts));
  }

  /// Some part holds.
  public static Filter any(Filter... parts) {
    return new Filter.Or(Arrays.asList(parts));
  }

  /// At least `count` of the parts hold.
  public static Filter atLeast(int count, Filter... parts) {
    return new Filter.AtLeast(count, List.of(parts));
  }

  public static Filter not(Filter part) {
    return new Filter.Not(part);
  }
}
