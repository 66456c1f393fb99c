package io.capsdb.formats;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.GeoPoint;
import io.capsdb.filter.GeoRing;
import io.capsdb.filter.Value;
import io.capsdb.point.IdSet;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Filters as the JSON that [JsonFilters] reads.
final class JsonFilterWriter {
  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private JsonFilterWriter() {}

  static void write(Filter filter, JsonGenerator out) throws IOException {
    out.writeStartObject();
    switch (filter) {
      case Filter.And(List<Filter> parts) -> writeAll("must", parts, out);
      case Filter.Or(List<Filter> parts) when !parts.isEmpty() -> writeAll("should", parts, out);
      case Filter.Or _ -> writeMinShould(1, List.of(), out);
      case Filter.Not(Filter part) -> writeAll("must_not", List.of(part), out);
      case Filter.AtLeast(int count, List<Filter> parts) -> writeMinShould(count, parts, out);
      case Filter.In(String field, Set<Value> values) when typeCount(values) > 1 ->
          writeAll("should", alternatives(field, values), out);
      case Filter.Leaf _, Filter.PointTest _ -> writeAll("must", List.of(filter), out);
    }
    out.writeEndObject();
  }

  private static void writeMinShould(int count, List<Filter> parts, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart("min_should");
    writeAll("conditions", parts, out);
    out.writeNumberField("min_count", count);
    out.writeEndObject();
  }

  private static void writeAll(String key, List<Filter> parts, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart(key);
    for (Filter part : parts) {
      boolean isMixed = part instanceof Filter.In in && typeCount(in.values()) > 1;
      switch (part) {
        case Filter.Leaf leaf when !isMixed -> writeLeaf(leaf, out);
        case Filter.PointTest test -> writePointTest(test, out);
        default -> write(part, out);
      }
    }
    out.writeEndArray();
  }

  /// How many lists the values need: one of strings, one of whole numbers, one for each truth
  /// value.
  private static int typeCount(Set<Value> values) {
    boolean hasKeywords = false;
    boolean hasNumbers = false;
    int flags = 0;
    for (Value value : values) {
      switch (value) {
        case Value.Keyword _ -> hasKeywords = true;
        case Value.Whole _ -> hasNumbers = true;
        case Value.Flag _ -> flags++;
      }
    }
    return (hasKeywords ? 1 : 0) + (hasNumbers ? 1 : 0) + flags;
  }

  private static List<Filter> alternatives(String field, Set<Value> values) {
    List<Filter> parts = new ArrayList<>();
    for (Class<?> type : List.of(Value.Keyword.class, Value.Whole.class)) {
      Set<Value> same =
          values.stream().filter(type::isInstance).collect(java.util.stream.Collectors.toSet());
      if (!same.isEmpty()) {
        parts.add(new Filter.In(field, same));
      }
    }
    for (Value value : values) {
      if (value instanceof Value.Flag) {
        parts.add(new Filter.In(field, Set.of(value)));
      }
    }
    return parts;
  }

  private static IllegalArgumentException unsayable(String field, String what) {
    return new IllegalArgumentException(
        "the condition on '" + field + "' cannot be written as JSON: " + what);
  }

  private static double finite(String field, double bound) {
    if (!Double.isFinite(bound)) {
      throw unsayable(field, "the bound " + bound + " must be finite");
    }
    return bound;
  }

  private static String date(String field, Instant bound) {
    if (bound.isBefore(FIRST) || bound.isAfter(LAST)) {
      throw unsayable(field, "the bound " + bound + " must lie in the years 0 to 9999");
    }
    return bound.toString();
  }

  private static void writeLeaf(Filter.Leaf leaf, JsonGenerator out) throws IOException {
    out.writeStartObject();
    switch (leaf) {
      case Filter.IsEmpty(String field) -> writeKey("is_empty", field, out);
      case Filter.IsNull(String field) -> writeKey("is_null", field, out);
      case Filter.In(String field, Set<Value> values) -> {
        out.writeStringField("key", field);
        out.writeObjectFieldStart("match");
        if (values.size() == 1) {
          out.writeFieldName("value");
          writeValue(values.iterator().next(), out);
        } else {
          writeValues("any", values, out);
        }
        out.writeEndObject();
      }
      case Filter.Except(String field, Set<Value> values) -> {
        if (typeCount(values) > 1 || values.stream().anyMatch(Value.Flag.class::isInstance)) {
          throw unsayable(field, "except takes strings or whole numbers");
        }
        out.writeStringField("key", field);
        out.writeObjectFieldStart("match");
        writeValues("except", values, out);
        out.writeEndObject();
      }
      case Filter.Range(String field, Bound<Double> low, Bound<Double> high) -> {
        out.writeStringField("key", field);
        out.writeObjectFieldStart("range");
        if (low.value().isPresent()) {
          out.writeNumberField(low.isInclusive() ? "gte" : "gt", finite(field, low.value().get()));
        }
        if (high.value().isPresent()) {
          out.writeNumberField(
              high.isInclusive() ? "lte" : "lt", finite(field, high.value().get()));
        }
        out.writeEndObject();
      }
      case Filter.DateRange range -> {
        if (range.low().value().isEmpty() && range.high().value().isEmpty()) {
          throw unsayable(range.field(), "a range of dates needs a bound");
        }
        out.writeStringField("key", range.field());
        out.writeObjectFieldStart("range");
        if (range.low().value().isPresent()) {
          out.writeStringField(
              range.low().isInclusive() ? "gte" : "gt",
              date(range.field(), range.low().value().get()));
        }
        if (range.high().value().isPresent()) {
          out.writeStringField(
              range.high().isInclusive() ? "lte" : "lt",
              date(range.field(), range.high().value().get()));
        }
        out.writeEndObject();
      }
      case Filter.DocumentTest test -> writeDocumentTest(test, out);
    }
    out.writeEndObject();
  }

  private static void writePointTest(Filter.PointTest test, JsonGenerator out) throws IOException {
    out.writeStartObject();
    switch (test) {
      case Filter.HasId(IdSet ids) -> {
        out.writeArrayFieldStart("has_id");
        List<PointId> all = new ArrayList<>();
        ids.forEach(all::add);
        for (PointId id : all) {
          switch (id) {
            case PointId.Numeric number -> out.writeNumber(number.toString());
            case PointId.Uuid uuid -> out.writeString(uuid.toString());
          }
        }
        out.writeEndArray();
      }
      case Filter.InIdSet(String name, _) -> out.writeStringField("in_idset", name);
      case Filter.HasVector(String name) -> out.writeStringField("has_vector", name);
      case Filter.Slice(long total, long index) -> {
        out.writeObjectFieldStart("slice");
        out.writeNumberField("total", total);
        out.writeNumberField("index", index);
        out.writeEndObject();
      }
    }
    out.writeEndObject();
  }

  private static void writeDocumentTest(Filter.DocumentTest test, JsonGenerator out)
      throws IOException {
    if (test instanceof Filter.Nested(String field, Filter filter)) {
      out.writeObjectFieldStart("nested");
      out.writeStringField("key", field);
      out.writeFieldName("filter");
      write(filter, out);
      out.writeEndObject();
      return;
    }
    out.writeStringField("key", test.field());
    switch (test) {
      case Filter.ValuesCount(_, Bound<Long> low, Bound<Long> high) -> {
        out.writeObjectFieldStart("values_count");
        if (low.value().isPresent()) {
          out.writeNumberField(low.isInclusive() ? "gte" : "gt", low.value().get());
        }
        if (high.value().isPresent()) {
          out.writeNumberField(high.isInclusive() ? "lte" : "lt", high.value().get());
        }
        out.writeEndObject();
      }
      case Filter.Text(String field, Filter.TextMode mode, String text) -> {
        out.writeObjectFieldStart("match");
        out.writeStringField(
            switch (mode) {
              case PART -> "text";
              case SUBSTRING -> "substring";
              case ANY_PART -> "text_any";
              case BEGIN -> "prefix";
              case PHRASE -> "phrase";
              case ALL_WORDS, ANY_WORD ->
                  throw unsayable(field, "words are matched where a text index is declared");
            },
            text);
        out.writeEndObject();
      }
      case Filter.GeoRadius(_, GeoPoint center, double metres) -> {
        out.writeObjectFieldStart("geo_radius");
        out.writeFieldName("center");
        writePlace(center, out);
        out.writeNumberField("radius", metres);
        out.writeEndObject();
      }
      case Filter.GeoBox(_, GeoPoint topLeft, GeoPoint bottomRight) -> {
        out.writeObjectFieldStart("geo_bounding_box");
        out.writeFieldName("top_left");
        writePlace(topLeft, out);
        out.writeFieldName("bottom_right");
        writePlace(bottomRight, out);
        out.writeEndObject();
      }
      case Filter.GeoPolygon(_, GeoRing exterior, List<GeoRing> interiors) -> {
        out.writeObjectFieldStart("geo_polygon");
        out.writeFieldName("exterior");
        writeRing(exterior, out);
        out.writeArrayFieldStart("interiors");
        for (GeoRing interior : interiors) {
          writeRing(interior, out);
        }
        out.writeEndArray();
        out.writeEndObject();
      }
      case Filter.Nested _ -> throw new IllegalStateException("written above");
    }
  }

  private static void writePlace(GeoPoint place, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeNumberField("lon", place.lon());
    out.writeNumberField("lat", place.lat());
    out.writeEndObject();
  }

  private static void writeRing(GeoRing ring, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("points");
    for (GeoPoint place : ring.points()) {
      writePlace(place, out);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void writeKey(String condition, String field, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart(condition);
    out.writeStringField("key", field);
    out.writeEndObject();
  }

  private static void writeValues(String key, Set<Value> values, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart(key);
    for (Value value : values) {
      writeValue(value, out);
    }
    out.writeEndArray();
  }

  private static void writeValue(Value value, JsonGenerator out) throws IOException {
    switch (value) {
      case Value.Keyword(String text) -> out.writeString(text);
      case Value.Whole(long number) -> out.writeNumber(number);
      case Value.Flag(boolean flag) -> out.writeBoolean(flag);
    }
  }
}
