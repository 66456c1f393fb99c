package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.CollectionConfig;
import io.capsdb.SearchRequest;
import io.capsdb.filter.Filter;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFilters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads queries: the bodies of `points/query` and of the older `points/search` and
/// `points/recommend`.
final class QueryBodies {
  /// Queries of one batch.
  static final int MAX_BATCH = 1_000;

  private static final int LIMIT = 10;
  private static final int MAX_PREFETCH = 16;
  private static final int MAX_PREFETCH_DEPTH = 4;
  private static final More NO_MORE = _ -> false;

  private final JsonParser in;
  private final CollectionConfig config;
  private final int depth;

  private QueryBody.@Nullable Spec spec;
  private List<QueryBody> prefetch = List.of();
  private Optional<QueryBody.Lookup> lookup = Optional.empty();
  private String using = CollectionConfig.ANONYMOUS;
  private Filter filter = Filter.ALL;
  private SearchOptions options = SearchOptions.NONE;
  private OptionalInt limit = OptionalInt.empty();
  private int offset;
  private OptionalDouble scoreThreshold = OptionalDouble.empty();
  private PayloadSelector payload = new PayloadSelector.Nothing();
  private VectorSelector vectors = VectorSelector.NONE;

  private QueryBodies(JsonParser in, CollectionConfig config, int depth) {
    this.in = in;
    this.config = config;
    this.depth = depth;
  }

  /// Takes the keys that a form has beyond those of all; false for another key.
  @FunctionalInterface
  interface More {
    boolean read(String key) throws IOException;
  }

  /// Reads `{"query": …}`, or points in the order of their ids where there is none.
  static QueryBody query(JsonParser in, CollectionConfig config) throws IOException {
    return query(in, config, NO_MORE);
  }

  static QueryBody query(JsonParser in, CollectionConfig config, More more) throws IOException {
    QueryBodies body = new QueryBodies(in, config, 1);
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!more.read(key) && !body.readQueryKey(key) && !body.readCommon(key)) {
        throw RequestReader.unknown(
            in,
            key,
            "a query has query, prefetch, using, filter, params, limit, offset, score_threshold,"
                + " with_payload, with_vector and lookup_from");
      }
    }
    return body.build();
  }

  /// Reads `{"vector": …, "limit": …}`.
  static QueryBody search(JsonParser in, CollectionConfig config) throws IOException {
    return search(in, config, NO_MORE);
  }

  static QueryBody search(JsonParser in, CollectionConfig config, More more) throws IOException {
    QueryBodies body = new QueryBodies(in, config, 1);
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "vector" -> body.readSearchVector();
        case "top" -> body.readLimit();
        default -> {
          if (!more.read(key) && !body.readCommon(key)) {
            throw RequestReader.unknown(
                in,
                key,
                "a search has vector, filter, params, limit, offset, score_threshold,"
                    + " with_payload and with_vector");
          }
        }
      }
    }
    if (body.spec == null) {
      throw Json.error(in, "vector is missing");
    }
    if (body.limit.isEmpty()) {
      throw Json.error(in, "limit is missing");
    }
    return body.build();
  }

  /// Reads `{"positive": […], "negative": […], "limit": …}`.
  static QueryBody recommend(JsonParser in, CollectionConfig config) throws IOException {
    return recommend(in, config, NO_MORE);
  }

  static QueryBody recommend(JsonParser in, CollectionConfig config, More more) throws IOException {
    QueryBodies body = new QueryBodies(in, config, 1);
    SpecReader.Examples examples = new SpecReader.Examples();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (key.equals("top")) {
        body.readLimit();
      } else if (!more.read(key)
          && !body.specs().readExamples(key, examples)
          && !body.readQueryKey(key)
          && !body.readCommon(key)) {
        throw RequestReader.unknown(
            in, key, "a recommendation has positive, negative, strategy and what a search has");
      }
    }
    body.spec = examples.toSpec(in);
    if (body.limit.isEmpty()) {
      throw Json.error(in, "limit is missing");
    }
    return body.build();
  }

  /// Reads `{"target": …, "context": […], "limit": …}`.
  static QueryBody discover(JsonParser in, CollectionConfig config) throws IOException {
    QueryBodies body = new QueryBodies(in, config, 1);
    SpecReader.Discovered discovered = new SpecReader.Discovered();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (key.equals("top")) {
        body.readLimit();
      } else if (!body.specs().readDiscovered(key, discovered)
          && !body.readQueryKey(key)
          && !body.readCommon(key)) {
        throw RequestReader.unknown(
            in, key, "a discovery has target, context and what a search has");
      }
    }
    body.spec = discovered.toSpec(in);
    if (body.limit.isEmpty()) {
      throw Json.error(in, "limit is missing");
    }
    return body.build();
  }

  /// Reads the elements of `{"searches": […]}`.
  static List<QueryBody> batch(JsonParser in, CollectionConfig config, Form form)
      throws IOException {
    @Nullable List<QueryBody> searches = null;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!key.equals("searches")) {
        throw RequestReader.unknown(in, key, "a batch has searches");
      }
      Json.require(in, JsonToken.START_ARRAY, "an array of searches");
      searches = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        if (searches.size() == MAX_BATCH) {
          throw new Json.OutOfBoundsException(
              Json.path(in), "at most " + MAX_BATCH + " searches are allowed");
        }
        Json.require(in, JsonToken.START_OBJECT, "an object");
        searches.add(form.read(in, config));
      }
    }
    if (searches == null) {
      throw Json.error(in, "searches is missing");
    }
    return searches;
  }

  /// A form of query.
  @FunctionalInterface
  interface Form {
    QueryBody read(JsonParser in, CollectionConfig config) throws IOException;
  }

  private SpecReader specs() {
    return new SpecReader(in, config, using);
  }

  private boolean isNull() {
    return in.currentToken() == JsonToken.VALUE_NULL;
  }

  /// Reads what only the newer form has; false for another key.
  private boolean readQueryKey(String key) throws IOException {
    switch (key) {
      case "query" -> spec = isNull() ? null : specs().read();
      case "using" -> using = isNull() ? using : Json.string(in);
      case "prefetch" -> prefetch = isNull() ? prefetch : readPrefetches();
      case "lookup_from" -> lookup = isNull() ? lookup : Optional.of(readLookup());
      default -> {
        return false;
      }
    }
    return true;
  }

  /// Reads what all forms have; false for another key.
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

  private List<QueryBody> readPrefetches() throws IOException {
    if (depth == MAX_PREFETCH_DEPTH) {
      throw new Json.OutOfBoundsException(
          Json.path(in), "prefetch is nested deeper than " + MAX_PREFETCH_DEPTH);
    }
    if (in.currentToken() == JsonToken.START_OBJECT) {
      return List.of(readPrefetch());
    }
    Json.require(in, JsonToken.START_ARRAY, "an object, or an array of such");
    List<QueryBody> all = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (all.size() == MAX_PREFETCH) {
        throw new Json.OutOfBoundsException(
            Json.path(in), "at most " + MAX_PREFETCH + " are allowed");
      }
      Json.require(in, JsonToken.START_OBJECT, "an object");
      all.add(readPrefetch());
    }
    return all;
  }

  private QueryBody readPrefetch() throws IOException {
    QueryBodies body = new QueryBodies(in, config, depth + 1);
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      boolean isKnown =
          switch (key) {
            case "filter", "params", "limit", "score_threshold" -> body.readCommon(key);
            default -> body.readQueryKey(key);
          };
      if (!isKnown) {
        throw RequestReader.unknown(
            in,
            key,
            "a prefetch has query, prefetch, using, filter, params, limit, score_threshold and"
                + " lookup_from");
      }
    }
    return body.build();
  }

  private QueryBody.Lookup readLookup() throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with collection");
    String collection = "";
    String vector = CollectionConfig.ANONYMOUS;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "collection" -> collection = Json.string(in);
        case "vector" -> vector = isNull() ? vector : Json.string(in);
        case "shard_key" -> RequestReader.requireNoShardKey(in);
        default -> throw RequestReader.unknown(in, key, "it has collection and vector");
      }
    }
    if (collection.isEmpty()) {
      throw Json.error(in, "collection is missing");
    }
    return new QueryBody.Lookup(collection, vector);
  }

  /// An array of numbers, or `{"name": …, "vector": …}`.
  private void readSearchVector() throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      spec = new QueryBody.Spec.Nearest(specs().readDense());
      return;
    }
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "name" -> using = Json.string(in);
        case "vector" -> spec = new QueryBody.Spec.Nearest(specs().readVector());
        default -> throw RequestReader.unknown(in, key, "a named vector has name and vector");
      }
    }
  }

  private QueryBody build() {
    int most = limit.orElse(LIMIT);
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
    if (spec == null && !prefetch.isEmpty()) {
      throw Json.error(in, "query is missing: it says what becomes of the prefetched points");
    }
    if (spec != null && spec.needsPrefetch() && prefetch.isEmpty()) {
      throw Json.error(in, "prefetch is missing: a fusion or formula needs something to work on");
    }
    vectors.requireRoom(config, most, "limit");
    if (spec instanceof QueryBody.Spec.Diverse diverse) {
      new VectorSelector(Set.of(using))
          .requireRoom(
              config, Math.max(diverse.candidates(), most + offset), "query.mmr.candidates_limit");
    }
    return new QueryBody(
        Optional.ofNullable(spec),
        prefetch,
        using,
        filter,
        options,
        most,
        offset,
        scoreThreshold,
        payload,
        vectors,
        lookup);
  }
}
