package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.FieldOrder;
import io.capsdb.filter.DateTimes;
import io.capsdb.formats.Json;
import io.capsdb.point.FieldPath;
import java.io.IOException;
import java.util.Optional;

/// Reads `order_by`: a field, or an object with `key`, `direction` and `start_from`.
final class OrderReader {
  private OrderReader() {}

  static FieldOrder read(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      return new FieldOrder(path(in), false, Optional.empty());
    }
    Json.require(in, JsonToken.START_OBJECT, "a field, or an object with key");
    String field = "";
    boolean isDescending = false;
    Optional<Number> start = Optional.empty();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      boolean isNull = in.currentToken() == JsonToken.VALUE_NULL;
      switch (key) {
        case "key" -> field = path(in);
        case "direction" -> isDescending = !isNull && readDirection(in);
        case "start_from" -> start = isNull ? start : Optional.of(readStart(in));
        default -> throw RequestReader.unknown(in, key, "it has key, direction and start_from");
      }
    }
    if (field.isEmpty()) {
      throw Json.error(in, "key is missing");
    }
    return new FieldOrder(field, isDescending, start);
  }

  private static boolean readDirection(JsonParser in) throws IOException {
    String direction = Json.string(in);
    return switch (direction) {
      case "asc" -> false;
      case "desc" -> true;
      default ->
          throw Json.error(
              in, "unknown direction '" + Json.shorten(direction) + "', must be asc or desc");
    };
  }

  private static Number readStart(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NUMBER_INT
        && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return in.getLongValue();
    }
    if (in.currentToken() != JsonToken.VALUE_STRING) {
      return Json.number(in);
    }
    String text = in.getText();
    return DateTimes.parse(text)
        .orElseThrow(
            () ->
                Json.error(
                    in, "'" + Json.shorten(text) + "' is no RFC 3339 date-time, nor a date"));
  }

  /// A field path, as it was written.
  static String path(JsonParser in) throws IOException {
    String text = Json.string(in);
    try {
      return FieldPath.parse(text).toString();
    } catch (IllegalArgumentException e) {
      throw Json.error(in, String.valueOf(e.getMessage()));
    }
  }
}
