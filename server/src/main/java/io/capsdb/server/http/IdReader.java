package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonIds;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads ids of points: numbers from 0 to 2^64 - 1, and UUIDs as strings.
final class IdReader {
  /// Most ids of one list.
  static final int MAX_IDS = 10_000;

  private IdReader() {}

  static PointId read(JsonParser in) throws IOException {
    return JsonIds.read(in);
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
