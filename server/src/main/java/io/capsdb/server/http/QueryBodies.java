package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.CollectionConfig;
import io.capsdb.PlanChoice;
import io.capsdb.SearchRequest;
import io.capsdb.filter.Filter;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFilters;
import java.io.IOException;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads searches: the body of `points/query` and the older one of `points/search`.
final class QueryBodies {
  private static final int LIMIT = 10;

  private final JsonParser in;
  private final CollectionConfig config;

  private SearchRequest.@Nullable Target target;
  private String using = CollectionConfig.ANONYMOUS;
  private Filter filter = Filter.ALL;
  private SearchOptions options = SearchOptions.NONE;
  private OptionalInt limit = OptionalInt.empty();
  private int offset;
  private OptionalDouble scoreThreshold = OptionalDouble.empty();
  private PayloadSelector payload = new PayloadSelector.Nothing();
  private VectorSelector vectors = VectorSelector.NONE;

  private QueryBodies(JsonParser in, CollectionConfig config) {
    this.in = in;
    this.config = config;
  }

  /// Reads `{"query": …}`, nearest to a vector or to a stored point.
  static SearchBody query(JsonParser in, CollectionConfig config) throws IOException {
    QueryBodies body = new QueryBodies(in, config);
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "query" -> body.target = body.readQuery();
        case "using" -> {
          if (!body.isNull()) {
            body.using = Json.string(in);
          }
        }
        case "prefetch", "lookup_from" -> {
          if (!body.isNull()) {
            throw RequestReader.notServed(in, key);
          }
        }
        default -> {
          if (!body.readCommon(key)) {
            throw RequestReader.unknown(
                in,
                key,
                "a query has query, using, filter, params, limit, offset, score_threshold,"
                    + " with_payload and with_vector");
          }
        }
      }
    }
    return body.build("query", LIMIT);
  }

  /// Reads `{"vector": …, "limit": …}`.
  static SearchBody search(JsonParser in, CollectionConfig config) throws IOException {
    QueryBodies body = new QueryBodies(in, config);
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "vector" -> body.readSearchVector();
        case "top" -> body.readLimit();
        default -> {
          if (!body.readCommon(key)) {
            throw RequestReader.unknown(
                in,
                key,
                "a search has vector, filter, params, limit, offset, score_threshold,"
                    + " with_payload and with_vector");
          }
        }
      }
    }
    if (body.limit.isEmpty()) {
      throw Json.error(in, "limit is missing");
    }
    return body.build("vector", LIMIT);
  }

  private boolean isNull() {
    return in.currentToken() == JsonToken.VALUE_NULL;
  }

  /// Reads what both forms have; false for another key.
  private boolean readCommon(String key) throws IOException {
    switch (key) {
      case "filter" -> filter = isNull() ? filter : JsonFilters.read(in);
      case "params" -> options = isNull() ? options : SearchOptions.read(in);
      case "limit" -> readLimit();
      case "offset" ->
          offset = isNull() ? 0 : (int) Json.whole(in, 0, SearchRequest.MAX_LIMIT - 1L);
      case "score_threshold" ->
          scoreThreshold = isNull() ? scoreThreshold : OptionalDouble.of(Json.number(in));
      case "with_payload" -> payload = isNull() ? payload : PayloadSelector.read(in);
      case "with_vector", "with_vectors" ->
          vectors = isNull() ? vectors : VectorSelector.read(in, config);
      case "shard_key" -> RequestReader.requireNoShardKey(in);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void readLimit() throws IOException {
    if (limit.isPresent()) {
      throw Json.error(in, "there is either limit or top, not both");
    }
    if (!isNull()) {
      limit = OptionalInt.of((int) Json.whole(in, 1, SearchRequest.MAX_LIMIT));
    }
  }

  /// An array of numbers, an id, or `{"nearest": …}` around one of them.
  private SearchRequest.Target readQuery() throws IOException {
    return switch (in.currentToken()) {
      case START_ARRAY -> readVector();
      case VALUE_NUMBER_INT, VALUE_STRING -> new SearchRequest.Target.Stored(IdReader.read(in));
      case START_OBJECT -> readNearest();
      case null, default ->
          throw Json.error(
              in,
              "expected a vector, an id or an object with nearest, found "
                  + Json.describe(in.currentToken()));
    };
  }

  private SearchRequest.Target readVector() throws IOException {
    return new SearchRequest.Target.Vector(
        VectorReader.read(in, VectorReader.dimension(config, using)));
  }

  private SearchRequest.Target readNearest() throws IOException {
    SearchRequest.@Nullable Target nearest = null;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "nearest" -> {
          if (in.currentToken() == JsonToken.START_OBJECT) {
            throw RequestReader.notServed(
                in, "a vector that is an object (sparse, or to be inferred)");
          }
          nearest = readQuery();
        }
        case "recommend",
            "discover",
            "context",
            "order_by",
            "fusion",
            "rrf",
            "sample",
            "formula",
            "mmr",
            "relevance_feedback",
            "indices",
            "values",
            "text",
            "image",
            "object" ->
            throw RequestReader.notServed(in, "a query by " + key);
        default -> throw RequestReader.unknown(in, key, "a query object has nearest");
      }
    }
    if (nearest == null) {
      throw Json.error(in, "nearest is missing");
    }
    return nearest;
  }

  /// An array of numbers, or `{"name": …, "vector": …}`.
  private void readSearchVector() throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      target = readVector();
      return;
    }
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "name" -> using = Json.string(in);
        case "vector" -> target = readVector();
        default -> throw RequestReader.unknown(in, key, "a named vector has name and vector");
      }
    }
  }

  private SearchBody build(String targetKey, int standardLimit) {
    if (target == null) {
      throw Json.error(in, targetKey + " is missing");
    }
    int most = limit.orElse(standardLimit);
    if (offset > SearchRequest.MAX_LIMIT - most) {
      throw new Json.OutOfBoundsException(
          "offset",
          "value "
              + offset
              + " invalid, must be from 0 to "
              + (SearchRequest.MAX_LIMIT - most)
              + " with limit "
              + most);
    }
    vectors.requireRoom(config, most, "limit");
    SearchRequest request =
        new SearchRequest(
            target,
            using,
            filter,
            most,
            offset,
            scoreThreshold,
            options.isExact(),
            payload.isWanted(),
            vectors.isWanted(),
            options.candidates(),
            options.recall(),
            PlanChoice.AUTO);
    return new SearchBody(request, payload, vectors, options.isExplained());
  }
}
