package io.capsdb.formats;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.filter.DateTimes;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.FilterLimits;
import io.capsdb.filter.Value;
import io.capsdb.point.FieldPath;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Filters as JSON: `must`, `should`, `must_not`, `min_should` over conditions, in the shape of
/// Qdrant's REST API.
///
/// Unknown keys are refused, because a misspelt condition that is ignored answers the wrong points.
public final class JsonFilters {
  private static final Set<String> TESTS =
      Set.of(
          "match",
          "range",
          "is_empty",
          "is_null",
          "values_count",
          "geo_radius",
          "geo_bounding_box",
          "geo_polygon");

  /// Longest text that strings are searched for.
  private static final int MAX_TEXT = 4_096;

  private static final Set<String> BOUNDS = Set.of("lt", "lte", "gt", "gte");

  private JsonFilters() {}

  /// Reads a filter from text. How many conditions it has in all is not looked at.
  ///
  /// @throws JsonFormatException if it is malformed
  public static Filter read(String json) {
    try (JsonParser in = Json.factory().createParser(json)) {
      in.nextToken();
      Filter filter = readFilter(in, 1);
      Json.requireEnd(in);
      return filter;
    } catch (JsonProcessingException e) {
      throw Json.error(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads the object at which the parser stands, and leaves the parser at its end.
  ///
  /// @throws JsonFormatException if it is malformed, naming the place
  /// @throws io.capsdb.filter.FilterTooLargeException if it is above a bound of [FilterLimits]
  public static Filter read(JsonParser in) throws IOException {
    Filter filter = readFilter(in, 1);
    FilterLimits.check(filter);
    return filter;
  }

  private static Filter readFilter(JsonParser in, int depth) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "a filter object");
    List<Filter> all = new ArrayList<>();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      readClause(in, key, depth, all);
    }
    return and(all);
  }

  private static void readClause(JsonParser in, String key, int depth, List<Filter> all)
      throws IOException {
    requireDepth(in, depth);
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      requireClause(in, key);
      return;
    }
    switch (key) {
      case "must" -> all.addAll(readConditions(in, depth));
      case "should" -> {
        List<Filter> any = readConditions(in, depth);
        if (!any.isEmpty()) {
          all.add(or(any));
        }
      }
      case "must_not" ->
          readConditions(in, depth).forEach(condition -> all.add(new Filter.Not(condition)));
      case "min_should" -> all.add(readMinShould(in, depth));
      default -> requireClause(in, key);
    }
  }

  private static void requireClause(JsonParser in, String key) {
    if (!Set.of("must", "should", "must_not", "min_should").contains(key)) {
      throw Json.error(
          in,
          "unknown key '"
              + Json.shorten(key)
              + "', a filter has must, should, must_not and min_should");
    }
  }

  private static Filter and(List<Filter> parts) {
    return parts.size() == 1 ? parts.getFirst() : new Filter.And(parts);
  }

  private static Filter or(List<Filter> parts) {
    return parts.size() == 1 ? parts.getFirst() : new Filter.Or(parts);
  }

  private static Filter readMinShould(JsonParser in, int depth) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    List<Filter> conditions = List.of();
    long count = -1;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "conditions" -> conditions = readConditions(in, depth);
        case "min_count" -> count = Json.whole(in, 0, Integer.MAX_VALUE);
        default -> throw unknown(in, key, "min_should has conditions and min_count");
      }
    }
    if (count < 0) {
      throw Json.error(in, "min_count is missing");
    }
    return new Filter.AtLeast((int) count, conditions);
  }

  /// One condition, or a list of them.
  private static List<Filter> readConditions(JsonParser in, int depth) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      return List.of(readCondition(in, depth + 1));
    }
    List<Filter> conditions = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      conditions.add(readCondition(in, depth + 1));
      if (conditions.size() > FilterLimits.MAX_NODES) {
        throw new Json.OutOfBoundsException(
            Json.path(in), "at most " + FilterLimits.MAX_NODES + " conditions are allowed");
      }
    }
    return conditions;
  }

  private static Filter readCondition(JsonParser in, int depth) throws IOException {
    requireDepth(in, depth);
    Json.require(in, JsonToken.START_OBJECT, "a condition object");
    String field = "";
    List<FieldTest> tests = new ArrayList<>();
    List<FieldTest> strong = new ArrayList<>();
    List<Filter> alone = new ArrayList<>();
    List<Filter> clauses = new ArrayList<>();
    boolean isNested = false;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (in.currentToken() == JsonToken.VALUE_NULL && TESTS.contains(key)) {
        continue; // as left out: some clients write all that a condition can have
      }
      switch (key) {
        case "key" -> field = readField(in);
        case "match" -> tests.add(readMatch(in));
        case "range" -> tests.add(readRange(in));
        case "geo_radius" -> tests.add(JsonGeo.readRadius(in)::on);
        case "geo_bounding_box" -> tests.add(JsonGeo.readBox(in)::on);
        case "geo_polygon" -> tests.add(JsonGeo.readPolygon(in)::on);
        case "values_count" -> strong.add(readValuesCount(in));
        case "is_empty" -> strong.add(readPresence(in, Filter.IsEmpty::new));
        case "is_null" -> strong.add(readPresence(in, Filter.IsNull::new));
        case "has_id" -> alone.add(new Filter.HasId(JsonIds.readSet(in)));
        case "has_id_bitmap" -> alone.add(new Filter.HasId(JsonIds.readBitmap(in)));
        case "in_idset" -> alone.add(new Filter.InIdSet(Json.string(in)));
        case "has_vector" -> alone.add(new Filter.HasVector(Json.string(in)));
        case "nested" -> alone.add(readNested(in, depth));
        case "must", "should", "must_not", "min_should" -> {
          isNested = true;
          readClause(in, key, depth, clauses);
        }
        case "slice" -> alone.add(readSlice(in));
        default ->
            throw unknown(in, key, "a condition has key with match or range, is_empty or is_null");
      }
    }
    boolean isTest = !tests.isEmpty() || !strong.isEmpty() || !field.isEmpty();
    if ((isNested ? 1 : 0) + (isTest ? 1 : 0) + alone.size() > 1) {
      throw Json.error(in, "a condition is either a filter or one test, not both");
    }
    if (!alone.isEmpty()) {
      return alone.getFirst();
    }
    if (!isTest) {
      return and(clauses);
    }
    if (tests.isEmpty() && strong.isEmpty()) {
      throw Json.error(in, "the condition on '" + field + "' has no test: match or range");
    }
    // A number of values, and what is empty or null, is asked of the field itself and decides
    // alone; of several others one must hold.
    List<Filter> alternatives = new ArrayList<>();
    for (FieldTest test : strong.isEmpty() ? tests : strong.subList(0, 1)) {
      alternatives.add(test.on(in, field));
    }
    return or(alternatives);
  }

  private static Filter readSlice(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with total and index");
    long total = 0;
    long index = -1;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "total" -> total = Json.whole(in, 1, Filter.Slice.MAX_TOTAL);
        case "index" -> index = Json.whole(in, 0, Filter.Slice.MAX_TOTAL - 1);
        default -> throw unknown(in, key, "slice has total and index");
      }
    }
    if (total == 0 || index < 0) {
      throw Json.error(in, (total == 0 ? "total" : "index") + " is missing");
    }
    if (index >= total) {
      throw new Json.OutOfBoundsException(
          Json.path(in) + ".index",
          "value " + index + " invalid, must be from 0 to " + (total - 1) + ", below total");
    }
    return new Filter.Slice(total, index);
  }

  private static Filter readNested(JsonParser in, int depth) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with key and filter");
    String field = "";
    Filter filter = null;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "key" -> field = readNestedField(in);
        case "filter" -> filter = readFilter(in, depth + 1);
        default -> throw unknown(in, key, "nested has key and filter");
      }
    }
    if (filter == null) {
      throw Json.error(in, "filter is missing");
    }
    return new Filter.Nested(FieldTest.required(in, field), filter);
  }

  /// The array may be named with or without the brackets that mean its elements.
  private static String readNestedField(JsonParser in) throws IOException {
    String field = readField(in);
    return field.endsWith("[]") ? field.substring(0, field.length() - 2) : field;
  }

  private static FieldTest readValuesCount(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    Bound<Long> low = Bound.none();
    Bound<Long> high = Bound.none();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!BOUNDS.contains(key)) {
        throw unknown(in, key, "values_count has lt, lte, gt and gte");
      }
      if (in.currentToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      Bound<Long> bound =
          new Bound<>(java.util.Optional.of(Json.whole(in, 0, Long.MAX_VALUE)), key.endsWith("e"));
      low = key.startsWith("g") ? Bound.higher(low, bound) : low;
      high = key.startsWith("g") ? high : Bound.lower(high, bound);
    }
    Bound<Long> from = low;
    Bound<Long> to = high;
    return (parser, field) -> new Filter.ValuesCount(FieldTest.required(parser, field), from, to);
  }

  /// A test that waits for its field, since `key` may come last.
  @FunctionalInterface
  private interface FieldTest {
    Filter on(JsonParser in, String field);

    static String required(JsonParser in, String field) {
      if (field.isEmpty()) {
        throw Json.error(in, "key is missing");
      }
      return field;
    }
  }

  /// `{"key": …}`, or true or false beside `key` in the field form.
  private static FieldTest readPresence(
      JsonParser in, java.util.function.Function<String, Filter> make) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_TRUE || in.currentToken() == JsonToken.VALUE_FALSE) {
      boolean isWanted = Json.flag(in);
      return (parser, field) -> {
        Filter presence = make.apply(FieldTest.required(parser, field));
        return isWanted ? presence : new Filter.Not(presence);
      };
    }
    Json.require(in, JsonToken.START_OBJECT, "an object with key");
    String own = "";
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!key.equals("key")) {
        throw unknown(in, key, "it has key");
      }
      own = readField(in);
    }
    String field = FieldTest.required(in, own);
    return (_, _) -> make.apply(field);
  }

  private static FieldTest readMatch(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    List<FieldTest> tests = new ArrayList<>();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "value" -> {
          Set<Value> value = Set.of(readValue(in));
          tests.add((parser, field) -> new Filter.In(FieldTest.required(parser, field), value));
        }
        case "any" -> {
          Set<Value> values = readValues(in);
          tests.add((parser, field) -> new Filter.In(FieldTest.required(parser, field), values));
        }
        case "except" -> {
          Set<Value> values = readValues(in);
          tests.add(
              (parser, field) -> new Filter.Except(FieldTest.required(parser, field), values));
        }
        case "text" -> tests.add(readText(in, Filter.TextMode.PART));
        case "phrase" -> tests.add(readText(in, Filter.TextMode.PHRASE));
        case "text_any" -> tests.add(readText(in, Filter.TextMode.ANY_PART));
        case "prefix" -> tests.add(readText(in, Filter.TextMode.BEGIN));
        case "substring" -> tests.add(readText(in, Filter.TextMode.SUBSTRING));
        default ->
            throw unknown(
                in,
                key,
                "match has value, any, except, text, text_any, phrase, prefix or substring");
      }
    }
    if (tests.size() != 1) {
      throw Json.error(in, "match has exactly one of value, any, except and text");
    }
    return tests.getFirst();
  }

  private static FieldTest readText(JsonParser in, Filter.TextMode mode) throws IOException {
    String text = Json.string(in);
    if (text.length() > MAX_TEXT) {
      throw new Json.OutOfBoundsException(
          Json.path(in), "the text may have at most " + MAX_TEXT + " characters");
    }
    return (parser, field) -> new Filter.Text(FieldTest.required(parser, field), mode, text);
  }

  private static Value readValue(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_STRING -> Value.of(in.getText());
      case VALUE_TRUE -> Value.of(true);
      case VALUE_FALSE -> Value.of(false);
      case VALUE_NUMBER_INT -> Value.of(Json.whole(in, Long.MIN_VALUE, Long.MAX_VALUE));
      case null, default ->
          throw Json.error(
              in,
              "expected a string, a whole number or a truth value, found "
                  + Json.describe(in.currentToken()));
    };
  }

  private static Set<Value> readValues(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_ARRAY, "an array");
    Set<Value> values = new HashSet<>();
    Class<?> type = null;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      Value value = readValue(in);
      if (value instanceof Value.Flag || (type != null && type != value.getClass())) {
        throw Json.error(in, "the values must be all strings or all whole numbers");
      }
      type = value.getClass();
      values.add(value);
      if (values.size() > FilterLimits.MAX_VALUES) {
        throw new Json.OutOfBoundsException(
            Json.path(in), "more than " + FilterLimits.MAX_VALUES + " values");
      }
    }
    return values;
  }

  private static FieldTest readRange(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    Bound<Double> low = Bound.none();
    Bound<Double> high = Bound.none();
    Bound<Instant> after = Bound.none();
    Bound<Instant> before = Bound.none();
    boolean isNumbers = false;
    boolean isDates = false;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!BOUNDS.contains(key)) {
        throw unknown(in, key, "range has lt, lte, gt and gte");
      }
      if (in.currentToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      boolean isLow = key.startsWith("g");
      boolean isInclusive = key.endsWith("e");
      if (in.currentToken() == JsonToken.VALUE_STRING) {
        isDates = true;
        Bound<Instant> bound = new Bound<>(java.util.Optional.of(instant(in)), isInclusive);
        after = isLow ? Bound.higher(after, bound) : after;
        before = isLow ? before : Bound.lower(before, bound);
      } else {
        isNumbers = true;
        Bound<Double> bound = new Bound<>(java.util.Optional.of(Json.number(in)), isInclusive);
        low = isLow ? Bound.higher(low, bound) : low;
        high = isLow ? high : Bound.lower(high, bound);
      }
    }
    if (isNumbers && isDates) {
      throw Json.error(in, "the bounds must be all numbers or all date-times");
    }
    if (isDates) {
      Bound<Instant> from = after;
      Bound<Instant> to = before;
      return (parser, field) -> new Filter.DateRange(FieldTest.required(parser, field), from, to);
    }
    Bound<Double> from = low;
    Bound<Double> to = high;
    return (parser, field) -> new Filter.Range(FieldTest.required(parser, field), from, to);
  }

  private static Instant instant(JsonParser in) throws IOException {
    String text = in.getText();
    long micros =
        DateTimes.parse(text)
            .orElseThrow(
                () ->
                    Json.error(
                        in, "'" + Json.shorten(text) + "' is no RFC 3339 date-time, nor a date"));
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static String readField(JsonParser in) throws IOException {
    String field = Json.string(in);
    try {
      return FieldPath.parse(field).toString();
    } catch (IllegalArgumentException e) {
      throw Json.error(in, String.valueOf(e.getMessage()));
    }
  }

  private static void requireDepth(JsonParser in, int depth) {
    if (depth > FilterLimits.MAX_DEPTH) {
      throw new Json.OutOfBoundsException(
          Json.path(in), "filter is nested deeper than " + FilterLimits.MAX_DEPTH);
    }
  }

  private static JsonFormatException unknown(JsonParser in, String key, String allowed) {
    return Json.error(in, "unknown key '" + Json.shorten(key) + "', " + allowed);
  }

  /// The filter as text that [#read(String)] reads.
  ///
  /// @throws IllegalArgumentException as [#write(Filter, JsonGenerator)] does
  public static String write(Filter filter) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Json.factory().createGenerator(text)) {
      write(filter, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /// Writes a filter object.
  ///
  /// @throws IllegalArgumentException if the form has no words for the filter: `except` over values
  ///     of several types or truth values, bounds that are not finite or outside the years 0 to
  ///     9999, a range of dates without bounds
  public static void write(Filter filter, JsonGenerator out) throws IOException {
    JsonFilterWriter.write(filter, out);
  }
}
