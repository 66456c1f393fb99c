package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.filter.DateTimes;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.FilterLimits;
import io.capsdb.filter.FilterTooLargeException;
import io.capsdb.filter.GeoPoint;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFilters;
import io.capsdb.formats.JsonFormatException;
import io.capsdb.formats.JsonPayloads;
import io.capsdb.point.FieldPath;
import io.capsdb.server.http.Formula.Function;
import io.capsdb.server.http.Formula.Part;
import io.capsdb.server.http.Formula.Shape;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads the expressions of formulas: numbers, names of scores (`$score`, `$score[1]`) and of
/// fields, conditions as filters have them, and objects that name one operation.
final class FormulaReader {
  private static final int MAX_PARTS = 1_000;
  private static final String SCORE = "$score";
  private static final List<String> DECAY_KEYS = List.of("x", "target", "scale", "midpoint");

  private final Map<Integer, Double> scores = new HashMap<>();
  private final Map<String, Object> fields = new HashMap<>();
  private int parts;
  private boolean readsVectors;

  private FormulaReader() {}

  /// @param formula as a payload holds values
  /// @param defaults by name; empty where there are none
  /// @param at where the object that holds both stands
  static Formula read(@Nullable Object formula, Map<String, @Nullable Object> defaults, String at)
      throws IOException {
    FormulaReader reader = new FormulaReader();
    for (Map.Entry<String, @Nullable Object> entry : defaults.entrySet()) {
      reader.readDefault(entry.getKey(), entry.getValue(), at + ".defaults");
    }
    Part root = reader.part(formula, at + ".formula");
    return new Formula(root, reader.scores, reader.fields, reader.readsVectors);
  }

  /// The value at which a parser stands.
  static @Nullable Object value(JsonParser in) throws IOException {
    return JsonPayloads.readValue(in);
  }

  /// The object at which a parser stands, or nothing where there is null.
  static Map<String, @Nullable Object> defaults(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return Map.of();
    }
    Json.require(in, JsonToken.START_OBJECT, "an object of values by name");
    return object(JsonPayloads.readValue(in), Json.path(in));
  }

  private void readDefault(String name, @Nullable Object value, String at) {
    if (value == null) {
      return;
    }
    OptionalInt prefetch = prefetch(name, at);
    if (prefetch.isEmpty()) {
      fields.put(path(name, at).canonical(), value);
    } else {
      scores.put(prefetch.getAsInt(), number(value, at + "." + name));
    }
  }

  private Part part(@Nullable Object value, String at) throws IOException {
    if (++parts > MAX_PARTS) {
      throw new Json.OutOfBoundsException(at, "a formula has at most " + MAX_PARTS + " parts");
    }
    return switch (value) {
      case Number number -> new Part.Constant(number.doubleValue());
      case String name -> variable(name, at);
      case Map<?, ?> map -> operation(object(map, at), at);
      case null, default ->
          throw new JsonFormatException(at, "expected a number, a name or an object");
    };
  }

  private static Part variable(String name, String at) {
    OptionalInt prefetch = prefetch(name, at);
    return prefetch.isPresent()
        ? new Part.Score(prefetch.getAsInt())
        : new Part.Field(path(name, at));
  }

  /// The number of the prefetch whose score a name means; empty for a field.
  private static OptionalInt prefetch(String name, String at) {
    if (!name.startsWith("$")) {
      return OptionalInt.empty();
    }
    if (name.equals(SCORE)) {
      return OptionalInt.of(0);
    }
    if (name.matches("\\$score\\[[0-9]{1,4}]")) {
      return OptionalInt.of(
          Integer.parseInt(name.substring(SCORE.length() + 1, name.length() - 1)));
    }
    throw new JsonFormatException(
        at, "unknown variable '" + Json.shorten(name) + "', there are $score and $score[1]");
  }

  private static FieldPath path(@Nullable Object name, String at) {
    if (!(name instanceof String text)) {
      throw new JsonFormatException(at, "expected the path of a field");
    }
    try {
      return FieldPath.parse(text);
    } catch (IllegalArgumentException e) {
      throw new JsonFormatException(at, String.valueOf(e.getMessage()));
    }
  }

  private Part operation(Map<String, @Nullable Object> map, String parent) throws IOException {
    String name = map.size() == 1 ? map.keySet().iterator().next() : "";
    Object of = map.get(name);
    String at = parent + "." + name;
    return switch (name) {
      case "sum" -> new Part.Sum(list(of, at));
      case "mult" -> new Part.Product(list(of, at));
      case "max" -> new Part.Largest(some(of, at));
      case "min" -> new Part.Smallest(some(of, at));
      case "neg", "abs", "sqrt", "exp", "ln", "log10", "acosh" ->
          new Part.Call(Function.valueOf(name.toUpperCase(Locale.ROOT)), part(of, at));
      case "div" -> {
        Map<String, @Nullable Object> own =
            object(of, at, List.of("left", "right", "by_zero_default"));
        yield new Part.Quotient(
            part(own.get("left"), at + ".left"),
            part(own.get("right"), at + ".right"),
            optional(own.get("by_zero_default"), at + ".by_zero_default"));
      }
      case "pow" -> {
        Map<String, @Nullable Object> own = object(of, at, List.of("base", "exponent"));
        yield new Part.Power(
            part(own.get("base"), at + ".base"), part(own.get("exponent"), at + ".exponent"));
      }
      case "geo_distance" -> {
        Map<String, @Nullable Object> own = object(of, at, List.of("origin", "to"));
        GeoPoint origin =
            GeoPoint.of(own.get("origin"))
                .orElseThrow(
                    () ->
                        new JsonFormatException(
                            at + ".origin", "expected an object with lon and lat"));
        yield new Part.Metres(origin, path(own.get("to"), at + ".to"));
      }
      case "datetime" -> new Part.Constant(seconds(of, at));
      case "datetime_key" -> new Part.Seconds(path(of, at));
      case "lin_decay" -> decay(Shape.LINEAR, of, at);
      case "exp_decay" -> decay(Shape.EXPONENTIAL, of, at);
      case "gauss_decay" -> decay(Shape.GAUSSIAN, of, at);
      default -> condition(map, parent);
    };
  }

  private static double seconds(@Nullable Object text, String at) {
    if (text instanceof String given && DateTimes.parse(given).isPresent()) {
      return DateTimes.parse(given).getAsLong() / 1e6;
    }
    throw new JsonFormatException(at, "expected a date-time");
  }

  private Part decay(Shape shape, @Nullable Object of, String at) throws IOException {
    Map<String, @Nullable Object> own = object(of, at, DECAY_KEYS);
    double scale = optional(own.get("scale"), at + ".scale").orElse(1);
    if (!(scale > 0)) {
      throw new Json.OutOfBoundsException(
          at + ".scale", "value " + scale + " invalid, must be above 0");
    }
    double midpoint = optional(own.get("midpoint"), at + ".midpoint").orElse(0.5);
    boolean isInside =
        shape == Shape.LINEAR ? midpoint >= 0 && midpoint <= 1 : midpoint > 0 && midpoint < 1;
    if (!isInside) {
      throw new Json.OutOfBoundsException(
          at + ".midpoint", "value " + midpoint + " invalid, must be between 0 and 1");
    }
    Object target = own.get("target");
    return new Part.Decay(
        shape,
        part(own.get("x"), at + ".x"),
        target == null ? new Part.Constant(0) : part(target, at + ".target"),
        scale,
        midpoint);
  }

  /// What is no operation is a condition, as a filter has it.
  private Part condition(Map<String, @Nullable Object> map, String at) throws IOException {
    if (map.isEmpty()) {
      throw new JsonFormatException(at, "an operation or a condition is missing");
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Json.factory().createGenerator(text)) {
      JsonPayloads.writeValue(Map.of("must", List.of(map)), out);
    }
    // It may be a string of a payload as well: that costs time only.
    readsVectors |= text.toString().contains("\"has_vector\"");
    try {
      Filter filter = JsonFilters.read(text.toString());
      FilterLimits.check(filter);
      return new Part.Condition(FilterEvaluator.of(filter));
    } catch (Json.OutOfBoundsException | FilterTooLargeException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonFormatException(
          at, "neither an operation nor a condition: " + String.valueOf(e.getMessage()));
    }
  }

  private List<Part> list(@Nullable Object value, String at) throws IOException {
    if (!(value instanceof List<?> list)) {
      throw new JsonFormatException(at, "expected an array");
    }
    List<Part> all = new ArrayList<>();
    for (Object each : list) {
      all.add(part(each, at + "[" + all.size() + "]"));
    }
    return all;
  }

  private List<Part> some(@Nullable Object value, String at) throws IOException {
    List<Part> all = list(value, at);
    if (all.isEmpty()) {
      throw new Json.OutOfBoundsException(at, "at least one expression is needed");
    }
    return all;
  }

  private static Map<String, @Nullable Object> object(
      @Nullable Object value, String at, List<String> keys) {
    Map<String, @Nullable Object> map = object(value, at);
    for (String key : map.keySet()) {
      if (!keys.contains(key)) {
        throw new JsonFormatException(
            at, "unknown key '" + Json.shorten(key) + "', there are " + String.join(", ", keys));
      }
    }
    return map;
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value, String at) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new JsonFormatException(at, "expected an object");
    }
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((key, each) -> copy.put((String) key, each));
    return copy;
  }

  private static OptionalDouble optional(@Nullable Object value, String at) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(number(value, at));
  }

  private static double number(Object value, String at) {
    return Optional.of(value)
        .filter(Number.class::isInstance)
        .map(Number.class::cast)
        .orElseThrow(() -> new JsonFormatException(at, "expected a number"))
        .doubleValue();
  }
}
