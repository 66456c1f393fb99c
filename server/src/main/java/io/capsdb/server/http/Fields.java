package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFormatException;
import io.capsdb.formats.JsonPayloads;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The members of a small JSON object of settings, whose meaning is known only once all are read. A
/// member that is null counts as absent.
///
/// @param path where the object stands, for messages; empty for the body
record Fields(String path, Map<String, @Nullable Object> values) {

  /// Reads the object at which the parser stands.
  static Fields read(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    String path = Json.path(in);
    return of(path, (Map<?, ?>) JsonPayloads.readValue(in));
  }

  private static Fields of(String path, @Nullable Map<?, ?> map) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    if (map != null) {
      map.forEach((key, value) -> values.put((String) key, value));
    }
    return new Fields(path, values);
  }

  /// Where a member stands.
  String at(String key) {
    String shown = Json.shorten(key);
    return path.isEmpty() ? shown : path + "." + shown;
  }

  boolean has(String key) {
    return values.get(key) != null;
  }

  /// @throws JsonFormatException if there is a member that is not named here
  Fields allowOnly(String... keys) {
    for (String key : values.keySet()) {
      if (!List.of(keys).contains(key)) {
        throw new JsonFormatException(
            path,
            "unknown key '" + Json.shorten(key) + "', allowed are " + String.join(", ", keys));
      }
    }
    return this;
  }

  /// @throws JsonFormatException if the member is there, as it asks for what we do not do
  Fields refuse(String key) {
    if (has(key)) {
      throw new JsonFormatException(at(key), "it is not served by this version");
    }
    return this;
  }

  OptionalLong whole(String key, long low, long high) {
    Object value = values.get(key);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (value instanceof Long number) {
      if (number < low || number > high) {
        throw outOfBounds(key, number, low, high);
      }
      return OptionalLong.of(number);
    }
    // A whole number beyond 64 bits was read as a float; one with a fraction is of the wrong form.
    if (value instanceof Double number && Math.abs(number) >= 0x1p63) {
      throw outOfBounds(key, number, low, high);
    }
    throw wrong(key, "a whole number", value);
  }

  OptionalDouble number(String key, double low, double high) {
    Object value = values.get(key);
    if (value == null) {
      return OptionalDouble.empty();
    }
    if (!(value instanceof Number number)) {
      throw wrong(key, "a number", value);
    }
    double real = number.doubleValue();
    if (!(real >= low && real <= high)) {
      throw outOfBounds(key, value, low, high);
    }
    return OptionalDouble.of(real);
  }

  Optional<Boolean> flag(String key) {
    Object value = values.get(key);
    return switch (value) {
      case null -> Optional.empty();
      case Boolean flag -> Optional.of(flag);
      default -> throw wrong(key, "true or false", value);
    };
  }

  Optional<String> text(String key) {
    Object value = values.get(key);
    return switch (value) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      default -> throw wrong(key, "a string", value);
    };
  }

  Optional<Fields> object(String key) {
    Object value = values.get(key);
    return switch (value) {
      case null -> Optional.empty();
      case Map<?, ?> map -> Optional.of(of(at(key), map));
      default -> throw wrong(key, "an object", value);
    };
  }

  JsonFormatException wrong(String key, String expected, Object value) {
    return new JsonFormatException(at(key), "expected " + expected + ", found " + kind(value));
  }

  private Json.OutOfBoundsException outOfBounds(String key, Object value, Object low, Object high) {
    return new Json.OutOfBoundsException(
        at(key), "value " + value + " invalid, must be from " + low + " to " + high);
  }

  private static String kind(Object value) {
    return switch (value) {
      case String text -> "the string '" + Json.shorten(text) + "'";
      case Boolean flag -> flag.toString();
      case Number number -> "the number " + number;
      case List<?> _ -> "an array";
      default -> "an object";
    };
  }
}
