package io.capsdb.server.http;

import io.capsdb.Hit;
import io.capsdb.StoredPoint;
import io.capsdb.filter.DateTimes;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.GeoPoint;
import io.capsdb.formats.Json;
import io.capsdb.point.FieldPath;
import io.capsdb.point.PointId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Scores points by an expression over the scores of what was prefetched, and over payloads.
///
/// @param root the expression
/// @param scores what the score of a prefetch is for points that it did not find; 0 where nothing
///     is said
/// @param fields what a field has where a payload has nothing, by its path
/// @param readsVectors whether a condition asks which vectors a point has
record Formula(
    Part root, Map<Integer, Double> scores, Map<String, Object> fields, boolean readsVectors) {
  private static final double MICROS = 1e6;

  Formula {
    scores = Map.copyOf(scores);
    fields = Map.copyOf(fields);
  }

  /// A part of an expression; each has a number for a value.
  sealed interface Part {
    record Constant(double value) implements Part {}

    /// The score in a prefetch.
    record Score(int prefetch) implements Part {}

    record Field(FieldPath path) implements Part {}

    /// 1 where a condition holds, 0 where it does not.
    record Condition(FilterEvaluator test) implements Part {}

    /// Metres.
    record Metres(GeoPoint from, FieldPath to) implements Part {}

    /// Seconds since 1970 of the date-time that a field holds.
    record Seconds(FieldPath path) implements Part {}

    record Sum(List<Part> parts) implements Part {}

    record Product(List<Part> parts) implements Part {}

    /// The largest; of one part at least.
    record Largest(List<Part> parts) implements Part {}

    /// The smallest; of one part at least.
    record Smallest(List<Part> parts) implements Part {}

    /// @param byZero the value where the divisor is 0
    record Quotient(Part left, Part right, OptionalDouble byZero) implements Part {}

    record Power(Part base, Part exponent) implements Part {}

    record Call(Function function, Part of) implements Part {}

    /// 1 at the target, `midpoint` at a distance of `scale` from it.
    record Decay(Shape shape, Part of, Part target, double scale, double midpoint)
        implements Part {}
  }

  enum Function {
    NEG,
    ABS,
    SQRT,
    EXP,
    LN,
    LOG10,
    ACOSH
  }

  /// How a decay falls.
  enum Shape {
    LINEAR,
    EXPONENTIAL,
    GAUSSIAN
  }

  /// @param lists what was prefetched
  /// @param points all that is in the lists
  /// @return the points with the highest values
  /// @throws IllegalArgumentException if a value cannot be computed for one of them
  List<Hit> rank(List<List<Hit>> lists, List<StoredPoint> points, int limit) {
    List<Map<PointId, Float>> found = new ArrayList<>();
    for (List<Hit> list : lists) {
      Map<PointId, Float> byId = new HashMap<>();
      list.forEach(hit -> byId.put(hit.id(), hit.score()));
      found.add(byId);
    }
    List<Hit> hits = new ArrayList<>();
    for (StoredPoint point : points) {
      float value = (float) new Scored(point, found).value(root);
      hits.add(
          new Hit(
              point.id(),
              point.version(),
              value,
              point.payload(),
              point.vectors(),
              point.sparse()));
    }
    hits.sort(Comparator.comparingDouble((Hit hit) -> -hit.score()).thenComparing(Hit::id));
    return hits.subList(0, Math.min(limit, hits.size()));
  }

  /// One point and its scores.
  private final class Scored {
    private final StoredPoint point;
    private final List<Map<PointId, Float>> found;

    Scored(StoredPoint point, List<Map<PointId, Float>> found) {
      this.point = point;
      this.found = found;
    }

    double value(Part part) {
      return switch (part) {
        case Part.Constant(double value) -> value;
        case Part.Score(int prefetch) -> score(prefetch);
        case Part.Field(FieldPath path) -> number(path);
        case Part.Condition(FilterEvaluator test) -> test.matches(point) ? 1 : 0;
        case Part.Metres(GeoPoint from, FieldPath to) -> from.metresTo(place(to));
        case Part.Seconds(FieldPath path) -> micros(path) / MICROS;
        case Part.Sum(List<Part> parts) -> {
          double sum = 0;
          for (Part each : parts) {
            sum += value(each);
          }
          yield sum;
        }
        case Part.Product(List<Part> parts) -> product(parts);
        case Part.Largest(List<Part> parts) ->
            parts.stream().mapToDouble(this::value).max().orElseThrow();
        case Part.Smallest(List<Part> parts) ->
            parts.stream().mapToDouble(this::value).min().orElseThrow();
        case Part.Quotient quotient -> divide(quotient);
        case Part.Power(Part base, Part exponent) ->
            finite("a power", Math.pow(value(base), value(exponent)));
        case Part.Call(Function function, Part of) -> call(function, value(of));
        case Part.Decay decay -> decay(decay);
      };
    }

    /// What comes after a zero is not looked at, so it may be missing.
    private double product(List<Part> parts) {
      double product = 1;
      for (Part each : parts) {
        product *= value(each);
        if (product == 0) {
          return 0;
        }
      }
      return product;
    }

    private double divide(Part.Quotient quotient) {
      double left = value(quotient.left());
      if (left == 0) {
        return 0;
      }
      double right = value(quotient.right());
      return right == 0 && quotient.byZero().isPresent()
          ? quotient.byZero().getAsDouble()
          : finite("a quotient", left / right);
    }

    private double call(Function function, double of) {
      return switch (function) {
        case NEG -> -of;
        case ABS -> Math.abs(of);
        case SQRT -> finite("sqrt(" + of + ")", Math.sqrt(of));
        case EXP -> finite("exp(" + of + ")", Math.exp(of));
        case LN -> finite("ln(" + of + ")", Math.log(of));
        case LOG10 -> finite("log10(" + of + ")", Math.log10(of));
        case ACOSH -> finite("acosh(" + of + ")", acosh(of));
      };
    }

    /// Not by `of * of`, which is too large sooner than the result.
    private static double acosh(double of) {
      return Math.log(of) + Math.log1p(Math.sqrt(1 - 1 / of / of));
    }

    private double decay(Part.Decay decay) {
      double distance = Math.abs(value(decay.of()) - value(decay.target())) / decay.scale();
      return switch (decay.shape()) {
        case LINEAR -> Math.max(0, 1 - (1 - decay.midpoint()) * distance);
        case EXPONENTIAL -> Math.pow(decay.midpoint(), distance);
        case GAUSSIAN -> Math.pow(decay.midpoint(), distance * distance);
      };
    }

    private double finite(String what, double value) {
      if (Double.isFinite(value)) {
        return value;
      }
      throw new IllegalArgumentException(
          "formula: " + what + " is " + value + " for point " + point.id());
    }

    private double score(int prefetch) {
      Float score = prefetch < found.size() ? found.get(prefetch).get(point.id()) : null;
      return score != null ? score : scores.getOrDefault(prefetch, 0.0);
    }

    private double number(FieldPath path) {
      if (only(path) instanceof Number number) {
        return number.doubleValue();
      }
      throw wrong(path, "a number");
    }

    private GeoPoint place(FieldPath path) {
      return GeoPoint.of(only(path)).orElseThrow(() -> wrong(path, "an object with lon and lat"));
    }

    private long micros(FieldPath path) {
      OptionalLong micros =
          only(path) instanceof String text ? DateTimes.parse(text) : OptionalLong.empty();
      return micros.orElseThrow(() -> wrong(path, "a date-time"));
    }

    /// The value that a path names, or else its default; null where there is none, or several.
    private @Nullable Object only(FieldPath path) {
      List<Object> values = new ArrayList<>();
      path.any(
          point.payload(),
          value -> {
            Optional.ofNullable(value).ifPresent(values::add);
            return values.size() > 1;
          });
      if (values.isEmpty()) {
        return fields.get(path.canonical());
      }
      return values.size() == 1 ? values.getFirst() : null;
    }

    private IllegalArgumentException wrong(FieldPath path, String expected) {
      return new IllegalArgumentException(
          "formula: point "
              + point.id()
              + " has not "
              + expected
              + " at '"
              + Json.shorten(path.toString())
              + "', and defaults has none");
    }
  }
}
