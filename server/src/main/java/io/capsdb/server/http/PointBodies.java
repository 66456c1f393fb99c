package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.CollectionConfig;
import io.capsdb.FieldOrder;
import io.capsdb.Point;
import io.capsdb.UpsertMode;
import io.capsdb.filter.Filter;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFilters;
import io.capsdb.formats.JsonPayloads;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the bodies of requests about points: stored, fetched, deleted, counted, scrolled.
final class PointBodies {
  /// Most points of one upsert.
  static final int MAX_POINTS = 10_000;

  /// Most points of one page.
  static final int MAX_PAGE = 10_000;

  private static final int PAGE = 10;

  private PointBodies() {}

  /// Points by id.
  record Retrieve(List<PointId> ids, PayloadSelector payload, VectorSelector vectors) {}

  /// Points to be stored.
  ///
  /// @param condition that a stored point must satisfy to be replaced
  record Upsert(List<Point> points, UpsertMode mode, Optional<Filter> condition) {}

  record Facet(String field, Filter filter, int limit) {}

  record Scroll(
      Filter filter,
      int limit,
      Optional<PointId> from,
      Optional<FieldOrder> order,
      PayloadSelector payload,
      VectorSelector vectors) {}

  /// Points in one of two forms: `{"points": […]}`, or column by column as `{"batch": {…}}`.
  static Upsert upsert(JsonParser in, CollectionConfig config) throws IOException {
    @Nullable List<Point> points = null;
    UpsertMode mode = UpsertMode.UPSERT;
    Optional<Filter> condition = Optional.empty();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "points", "batch" -> {
          if (points != null) {
            throw Json.error(in, "there is either points or batch, not both");
          }
          points = key.equals("points") ? readPoints(in, config) : readBatch(in, config);
        }
        case "shard_key" -> RequestReader.requireNoShardKey(in);
        case "update_filter" -> condition = ChangeBodies.readCondition(in);
        case "update_mode" ->
            mode = in.currentToken() == JsonToken.VALUE_NULL ? mode : readMode(in);
        default -> throw RequestReader.unknown(in, key, "an upsert has points or batch");
      }
    }
    if (points == null) {
      throw Json.error(in, "points is missing");
    }
    if (points.isEmpty()) {
      throw new Json.OutOfBoundsException(
          "points", "value 0 invalid, must be from 1 to " + MAX_POINTS + " points");
    }
    return new Upsert(points, mode, condition);
  }

  private static UpsertMode readMode(JsonParser in) throws IOException {
    String mode = Json.string(in);
    return switch (mode) {
      case "upsert" -> UpsertMode.UPSERT;
      case "insert_only" -> UpsertMode.INSERT_ONLY;
      case "update_only" -> UpsertMode.UPDATE_ONLY;
      default ->
          throw Json.error(
              in,
              "unknown mode '"
                  + Json.shorten(mode)
                  + "', must be upsert, insert_only or update_only");
    };
  }

  private static List<Point> readPoints(JsonParser in, CollectionConfig config) throws IOException {
    Json.require(in, JsonToken.START_ARRAY, "an array of points");
    List<Point> points = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      requireRoom(in, points.size());
      points.add(readPoint(in, config));
    }
    return points;
  }

  static void requireRoom(JsonParser in, int count) {
    if (count == MAX_POINTS) {
      throw new Json.OutOfBoundsException(
          Json.path(in), "at most " + MAX_POINTS + " points are allowed in one request");
    }
  }

  static Point readPoint(JsonParser in, CollectionConfig config) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    @Nullable PointId id = null;
    VectorReader.@Nullable Vectors vectors = null;
    Payload payload = Payload.empty();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "id" -> id = IdReader.read(in);
        case "vector" -> vectors = VectorReader.readAll(in, config);
        case "payload" -> payload = readPayload(in);
        default -> throw RequestReader.unknown(in, key, "a point has id, vector and payload");
      }
    }
    if (id == null || vectors == null) {
      throw Json.error(in, (id == null ? "id" : "vector") + " is missing");
    }
    return new Point(id, vectors.dense(), vectors.sparse(), payload);
  }

  private static Payload readPayload(JsonParser in) throws IOException {
    return in.currentToken() == JsonToken.VALUE_NULL ? Payload.empty() : JsonPayloads.read(in);
  }

  private static List<Point> readBatch(JsonParser in, CollectionConfig config) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    @Nullable List<PointId> ids = null;
    @Nullable List<VectorReader.Vectors> vectors = null;
    List<Payload> payloads = List.of();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "ids" -> ids = IdReader.readList(in);
        case "vectors" -> vectors = readColumn(in, config);
        case "payloads" -> payloads = readPayloads(in);
        default -> throw RequestReader.unknown(in, key, "a batch has ids, vectors and payloads");
      }
    }
    if (ids == null || vectors == null) {
      throw Json.error(in, (ids == null ? "ids" : "vectors") + " is missing");
    }
    requireEqual(in, "vectors", vectors.size(), ids.size());
    if (!payloads.isEmpty()) {
      requireEqual(in, "payloads", payloads.size(), ids.size());
    }
    List<Point> points = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      Payload payload = payloads.isEmpty() ? Payload.empty() : payloads.get(i);
      points.add(new Point(ids.get(i), vectors.get(i).dense(), vectors.get(i).sparse(), payload));
    }
    return points;
  }

  private static void requireEqual(JsonParser in, String what, int count, int ids) {
    if (count != ids) {
      throw new Json.OutOfBoundsException(
          Json.path(in) + "." + what,
          "value " + count + " invalid, must be as many as ids, which are " + ids);
    }
  }

  /// The vectors of a batch: a list, or lists by name.
  private static List<VectorReader.Vectors> readColumn(JsonParser in, CollectionConfig config)
      throws IOException {
    if (in.currentToken() == JsonToken.START_ARRAY) {
      int dimension = VectorReader.dimension(config, CollectionConfig.ANONYMOUS);
      List<VectorReader.Vectors> vectors = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        requireRoom(in, vectors.size());
        vectors.add(
            new VectorReader.Vectors(
                Map.of(CollectionConfig.ANONYMOUS, VectorReader.read(in, dimension)), Map.of()));
      }
      return vectors;
    }
    Json.require(in, JsonToken.START_OBJECT, "an array of vectors, or an object of such by name");
    List<VectorReader.Vectors> vectors = new ArrayList<>();
    boolean isFirst = true;
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      Json.require(in, JsonToken.START_ARRAY, "an array of vectors");
      int dimension = VectorReader.dimension(config, name);
      boolean isSparse = config.sparse().containsKey(name);
      int row = 0;
      while (in.nextToken() != JsonToken.END_ARRAY) {
        if (isFirst) {
          requireRoom(in, row);
          vectors.add(new VectorReader.Vectors(new HashMap<>(), new HashMap<>()));
        } else if (row == vectors.size()) {
          throw Json.error(in, "it has more vectors than the name before it");
        }
        if (isSparse) {
          vectors.get(row++).sparse().put(name, VectorReader.readSparse(in));
        } else {
          vectors.get(row++).dense().put(name, VectorReader.read(in, dimension));
        }
      }
      if (row != vectors.size()) {
        throw Json.error(in, "it has fewer vectors than the name before it");
      }
      isFirst = false;
    }
    return vectors;
  }

  private static List<Payload> readPayloads(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return List.of();
    }
    Json.require(in, JsonToken.START_ARRAY, "an array of payloads");
    List<Payload> payloads = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      requireRoom(in, payloads.size());
      payloads.add(readPayload(in));
    }
    return payloads;
  }

  static Retrieve retrieve(JsonParser in, CollectionConfig config) throws IOException {
    @Nullable List<PointId> ids = null;
    PayloadSelector payload = new PayloadSelector.Everything();
    VectorSelector vectors = VectorSelector.NONE;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      boolean isNull = in.currentToken() == JsonToken.VALUE_NULL;
      switch (key) {
        case "ids" -> ids = IdReader.readList(in);
        case "with_payload" -> payload = isNull ? payload : PayloadSelector.read(in);
        case "with_vector", "with_vectors" ->
            vectors = isNull ? vectors : VectorSelector.read(in, config);
        case "shard_key" -> RequestReader.requireNoShardKey(in);
        default -> throw RequestReader.unknown(in, key, "there are ids, with_payload, with_vector");
      }
    }
    if (ids == null) {
      throw Json.error(in, "ids is missing");
    }
    vectors.requireRoom(config, ids.size(), "ids");
    return new Retrieve(ids, payload, vectors);
  }

  /// The filter of a count. Counts are exact, also where an estimate would do.
  static Filter count(JsonParser in) throws IOException {
    Filter filter = Filter.ALL;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      boolean isNull = in.currentToken() == JsonToken.VALUE_NULL;
      switch (key) {
        case "filter" -> filter = isNull ? filter : JsonFilters.read(in);
        case "exact" -> {
          if (!isNull) {
            Json.flag(in);
          }
        }
        case "shard_key" -> RequestReader.requireNoShardKey(in);
        default -> throw RequestReader.unknown(in, key, "there are filter and exact");
      }
    }
    return filter;
  }

  static Scroll scroll(JsonParser in, CollectionConfig config) throws IOException {
    Filter filter = Filter.ALL;
    int limit = PAGE;
    Optional<PointId> from = Optional.empty();
    Optional<FieldOrder> order = Optional.empty();
    PayloadSelector payload = new PayloadSelector.Everything();
    VectorSelector vectors = VectorSelector.NONE;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      boolean isNull = in.currentToken() == JsonToken.VALUE_NULL;
      switch (key) {
        case "filter" -> filter = isNull ? filter : JsonFilters.read(in);
        case "limit" -> limit = isNull ? limit : (int) Json.whole(in, 1, MAX_PAGE);
        case "offset" -> from = isNull ? from : Optional.of(IdReader.read(in));
        case "with_payload" -> payload = isNull ? payload : PayloadSelector.read(in);
        case "with_vector", "with_vectors" ->
            vectors = isNull ? vectors : VectorSelector.read(in, config);
        case "order_by" -> order = isNull ? order : Optional.of(OrderReader.read(in));
        case "shard_key" -> RequestReader.requireNoShardKey(in);
        default ->
            throw RequestReader.unknown(
                in, key, "a scroll has filter, limit, offset, order_by, with_payload, with_vector");
      }
    }
    vectors.requireRoom(config, limit, "limit");
    if (from.isPresent() && order.isPresent()) {
      throw Json.error(in, "there is either offset or order_by, which goes on with start_from");
    }
    return new Scroll(filter, limit, from, order, payload, vectors);
  }

  static Facet facet(JsonParser in) throws IOException {
    String field = "";
    Filter filter = Filter.ALL;
    int limit = PAGE;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      boolean isNull = in.currentToken() == JsonToken.VALUE_NULL;
      switch (key) {
        case "key" -> field = OrderReader.path(in);
        case "filter" -> filter = isNull ? filter : JsonFilters.read(in);
        case "limit" -> limit = isNull ? limit : (int) Json.whole(in, 1, MAX_PAGE);
        case "exact" -> {
          if (!isNull) {
            Json.flag(in);
          }
        }
        case "shard_key" -> RequestReader.requireNoShardKey(in);
        default -> throw RequestReader.unknown(in, key, "there are key, filter, limit and exact");
      }
    }
    if (field.isEmpty()) {
      throw Json.error(in, "key is missing");
    }
    return new Facet(field, filter, limit);
  }
}
