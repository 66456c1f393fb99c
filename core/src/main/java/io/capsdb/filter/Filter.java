package io.capsdb.filter;

import io.capsdb.point.IdHash;
import io.capsdb.point.IdSet;
import io.capsdb.point.PointId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a user asks of the payload of a point.
///
/// A leaf names a field by a path (`brand`, `shop.city`, `offers[].price`, `tags[0]`) and tests
/// **any element** of what stands there: an array is true for a test when one of its elements is
/// (one level only). Hence `x >= 5 AND x <= 3` is true of `x = [1, 9]`, and only fields with at
/// most one value per row may be merged under AND. A missing field makes each leaf false, `IsEmpty`
/// excepted.
///
/// Immutable; equality is structural.
public sealed interface Filter {
  /// True of every point.
  Filter ALL = new And(List.of());

  /// True of no point.
  Filter NONE = new Or(List.of());

  /// A test of one field.
  sealed interface Leaf extends Filter {
    /// The path as written, for example `offers[].price`.
    String field();
  }

  /// All parts hold; true when there are none.
  record And(List<Filter> parts) implements Filter {
    public And {
      parts = List.copyOf(parts);
    }
  }

  /// Some part holds; false when there are none.
  record Or(List<Filter> parts) implements Filter {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  record Not(Filter part) implements Filter {}

  /// At least `count` of the parts hold; always true for a count of 0, never when `count` is above
  /// their number.
  record AtLeast(int count, List<Filter> parts) implements Filter {
    public AtLeast {
      if (count < 0) {
        throw new IllegalArgumentException("count must be at least 0, was " + count);
      }
      parts = List.copyOf(parts);
    }
  }

  /// Some element equals one of the values, strictly by type. Nothing equals an empty set.
  record In(String field, Set<Value> values) implements Leaf {
    public In {
      values = Set.copyOf(values);
    }
  }

  /// Some non-null element differs from all the values (an element of another type does).
  record Except(String field, Set<Value> values) implements Leaf {
    public Except {
      values = Set.copyOf(values);
    }
  }

  /// Some number among the elements lies in the interval. Whole numbers are compared as float64.
  record Range(String field, Bound<Double> low, Bound<Double> high) implements Leaf {
    public Range {
      if (isNaN(low) || isNaN(high)) {
        throw new IllegalArgumentException("a bound of the range on '" + field + "' is NaN");
      }
    }

    private static boolean isNaN(Bound<Double> bound) {
      return bound.value().isPresent() && bound.value().get().isNaN();
    }
  }

  /// Some string among the elements is an RFC 3339 date-time, or a date alone, in the interval.
  record DateRange(String field, Bound<Instant> low, Bound<Instant> high) implements Leaf {}

  /// The field is missing, null or `[]`, for all that the path names.
  record IsEmpty(String field) implements Leaf {}

  /// Something that the path names is null, or an array with a null in it. Not true of a missing
  /// field.
  record IsNull(String field) implements Leaf {}

  /// A test of one field that a document has to be read for, or nearly always.
  sealed interface DocumentTest extends Leaf {}

  /// Some value at the field has a number of elements in the interval: an array as many as it has,
  /// null none, anything else one. A missing field has none.
  record ValuesCount(String field, Bound<Long> low, Bound<Long> high) implements DocumentTest {}

  /// Some string among the elements contains a text in some way.
  record Text(String field, TextMode mode, String text) implements DocumentTest {}

  /// How a string contains a text. Words are runs of letters and digits, whatever their case.
  enum TextMode {
    /// As a part of it, letter by letter; in fields that are declared as text, word by word.
    PART,
    /// As a part of it, letter by letter.
    SUBSTRING,
    /// At its begin, letter by letter.
    BEGIN,
    /// Some run without white space of the text is a part of it.
    ANY_PART,
    /// All words of the text are among its words; no text without words is.
    ALL_WORDS,
    /// Some word of the text is among its words.
    ANY_WORD,
    /// The words of the text stand among its words, one after the other.
    PHRASE
  }

  /// Some place among the elements is nearer to the centre than the radius.
  ///
  /// @param metres above 0
  record GeoRadius(String field, GeoPoint center, double metres) implements DocumentTest {}

  /// Some place among the elements lies between the corners, not on the edge. Where the left is
  /// east of the right, the box crosses the date line.
  record GeoBox(String field, GeoPoint topLeft, GeoPoint bottomRight) implements DocumentTest {}

  /// Some place among the elements lies inside the ring and in none of the holes.
  record GeoPolygon(String field, GeoRing exterior, List<GeoRing> interiors)
      implements DocumentTest {
    public GeoPolygon {
      interiors = List.copyOf(interiors);
    }
  }

  /// Some object in the array at the field satisfies a whole filter, whose paths begin in it.
  record Nested(String field, Filter filter) implements DocumentTest {}

  /// A test of the point beside its payload. Not true inside of [Nested].
  sealed interface PointTest extends Filter {}

  /// The id is one of these.
  record HasId(IdSet ids) implements PointTest {}

  /// The id is in a set that the collection keeps under a name.
  ///
  /// @param ids empty until the name was looked up; the filter cannot be evaluated before
  record InIdSet(String name, Optional<IdSet> ids) implements PointTest {
    public InIdSet(String name) {
      this(name, Optional.empty());
    }

    /// @throws IllegalArgumentException if the name was not looked up
    public IdSet found() {
      return ids.orElseThrow(
          () ->
              new IllegalArgumentException(
                  "id set '" + name + "' is known to its collection only, and not here"));
    }
  }

  /// The point has a vector of this name.
  record HasVector(String name) implements PointTest {}

  /// The id falls into one of the disjoint parts that all ids are dealt out to, by a hash of the id
  /// and of nothing else: the same point is in the same slice for ever, on every machine.
  ///
  /// @param total number of slices, 1 to [#MAX_TOTAL]
  /// @param index which one of them, from 0 on
  record Slice(long total, long index) implements PointTest {
    public static final long MAX_TOTAL = (1L << 32) - 1;

    public Slice {
      if (total < 1 || total > MAX_TOTAL) {
        throw new IllegalArgumentException("total must be in 1.." + MAX_TOTAL + ", was " + total);
      }
      if (index < 0 || index >= total) {
        throw new IllegalArgumentException(
            "index must be in 0.." + (total - 1) + " with total " + total + ", was " + index);
      }
    }

    public boolean contains(PointId id) {
      return Long.remainderUnsigned(IdHash.of(id), total) == index;
    }
  }

  /// One end of an interval.
  ///
  /// @param value the end; empty where the interval is open to infinity
  /// @param isInclusive whether the end itself belongs to the interval
  record Bound<T>(Optional<T> value, boolean isInclusive) {
    public static <T> Bound<T> none() {
      return new Bound<>(Optional.empty(), false);
    }

    public static <T> Bound<T> including(T value) {
      return new Bound<>(Optional.of(value), true);
    }

    public static <T> Bound<T> excluding(T value) {
      return new Bound<>(Optional.of(value), false);
    }

    /// The one of two lower ends that leaves less.
    public static <T extends Comparable<T>> Bound<T> higher(Bound<T> a, Bound<T> b) {
      return tighter(a, b, 1);
    }

    /// The one of two upper ends that leaves less.
    public static <T extends Comparable<T>> Bound<T> lower(Bound<T> a, Bound<T> b) {
      return tighter(a, b, -1);
    }

    private static <T extends Comparable<T>> Bound<T> tighter(Bound<T> a, Bound<T> b, int sign) {
      if (a.value.isEmpty() || b.value.isEmpty()) {
        return a.value.isEmpty() ? b : a;
      }
      int order = sign * compare(a.value.get(), b.value.get());
      if (order == 0) {
        return a.isInclusive ? b : a;
      }
      return order > 0 ? a : b;
    }

    /// As tests of numbers do: for them -0.0 is 0.0, which in the order of `Double` it is not.
    private static <T extends Comparable<T>> int compare(T a, T b) {
      return a instanceof Double left && b instanceof Double right
          ? Double.compare(left + 0.0, right + 0.0)
          : a.compareTo(b);
    }
  }
}
