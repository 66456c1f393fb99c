package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.formats.Json;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads ids of points: numbers from 0 to 2^64 - 1, and UUIDs as strings.
final class IdReader {
  /// Most ids of one list.
  static final int MAX_IDS = 10_000;

  private static final int UUID_DIGITS = 32;

  private IdReader() {}

  static PointId read(JsonParser in) throws IOException {
    boolean isNumber = in.currentToken() == JsonToken.VALUE_NUMBER_INT;
    if (!isNumber && in.currentToken() != JsonToken.VALUE_STRING) {
      throw Json.error(
          in,
          "expected an id (a whole number or a UUID), found " + Json.describe(in.currentToken()));
    }
    String text = in.getText();
    if (isNumber && (text.startsWith("-") || text.length() > 20)) {
      throw outOfBounds(in, text);
    }
    if (!isNumber && text.length() < UUID_DIGITS) {
      throw Json.error(in, "id \"" + Json.shorten(text) + "\" is not a UUID");
    }
    try {
      return PointId.parse(text);
    } catch (IllegalArgumentException e) {
      if (isNumber) {
        throw outOfBounds(in, text);
      }
      throw Json.error(in, "id \"" + Json.shorten(text) + "\" is not a UUID");
    }
  }

  private static Json.OutOfBoundsException outOfBounds(JsonParser in, String text) {
    return new Json.OutOfBoundsException(
        Json.path(in),
        "value " + Json.shorten(text) + " invalid, must be from 0 to 18446744073709551615");
  }

  static List<PointId> readList(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_ARRAY, "an array of ids");
    List<PointId> ids = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (ids.size() == MAX_IDS) {
        throw new Json.OutOfBoundsException(
            Json.path(in), "at most " + MAX_IDS + " ids are allowed");
      }
      ids.add(read(in));
    }
    return ids;
  }
}
