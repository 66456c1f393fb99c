package io.capsdb.formats;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.point.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Payloads as JSON objects.
public final class JsonPayloads {
  private JsonPayloads() {}

  /// Reads the object at which the parser stands, and leaves the parser at its end. Whole numbers
  /// beyond 64 bits become floats.
  ///
  /// @throws JsonFormatException if it is no object, or nested deeper than [Payload#MAX_DEPTH]
  public static Payload read(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    try {
      return Payload.of(readObject(in, 1));
    } catch (JsonFormatException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw Json.error(in, String.valueOf(e.getMessage()));
    }
  }

  /// Reads any value, as [Payload] holds it.
  public static @Nullable Object readValue(JsonParser in) throws IOException {
    return readValue(in, 1);
  }

  private static @Nullable Object readValue(JsonParser in, int depth) throws IOException {
    boolean isNesting =
        in.currentToken() == JsonToken.START_OBJECT || in.currentToken() == JsonToken.START_ARRAY;
    if (isNesting && depth > Payload.MAX_DEPTH) {
      throw Json.error(in, "nested deeper than " + Payload.MAX_DEPTH);
    }
    return switch (in.currentToken()) {
      case START_OBJECT -> readObject(in, depth);
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          list.add(readValue(in, depth + 1));
        }
        yield list;
      }
      case VALUE_STRING -> in.getText();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case VALUE_NUMBER_INT -> {
        if (in.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          yield Json.number(in);
        }
        yield in.getLongValue();
      }
      case VALUE_NUMBER_FLOAT -> Json.number(in);
      case null, default -> throw Json.error(in, "a value is missing");
    };
  }

  private static Map<String, @Nullable Object> readObject(JsonParser in, int depth)
      throws IOException {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      fields.put(key, readValue(in, depth + 1));
    }
    return fields;
  }

  public static void write(Payload payload, JsonGenerator out) throws IOException {
    writeValue(payload.fields(), out);
  }

  /// Writes a value as [Payload] holds it.
  public static void writeValue(@Nullable Object value, JsonGenerator out) throws IOException {
    switch (value) {
      case null -> out.writeNull();
      case String text -> out.writeString(text);
      case Boolean flag -> out.writeBoolean(flag);
      case Long number -> out.writeNumber(number);
      case Double number -> out.writeNumber(number);
      case List<?> list -> {
        out.writeStartArray();
        for (Object element : list) {
          writeValue(element, out);
        }
        out.writeEndArray();
      }
      case Map<?, ?> map -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.writeFieldName((String) entry.getKey());
          writeValue(entry.getValue(), out);
        }
        out.writeEndObject();
      }
      default -> throw new IllegalArgumentException("a payload has no " + value.getClass());
    }
  }
}
