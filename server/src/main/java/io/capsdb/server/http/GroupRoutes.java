package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.StoredPoint;
import io.capsdb.filter.Value;
import io.capsdb.formats.Json;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Searches whose hits come in groups, by the values of a field.
final class GroupRoutes {
  private static final int GROUP_SIZE = 3;
  private static final int MAX_GROUP_SIZE = 1_000;

  private GroupRoutes() {}

  static List<Route> all() {
    String points = "/collections/{collection_name}/points";
    return List.of(
        Route.ask(
            "query_points_groups",
            points + "/query/groups",
            call -> groups(call, QueryBodies::query)),
        Route.ask(
            "search_points_groups",
            points + "/search/groups",
            call -> groups(call, QueryBodies::search)),
        Route.ask(
            "recommend_points_groups",
            points + "/recommend/groups",
            call -> groups(call, QueryBodies::recommend)));
  }

  /// What a query by groups has beyond other queries.
  private static final class GroupBody {
    String field = "";
    int size = GROUP_SIZE;
    @Nullable GroupLookup lookup;
  }

  /// A collection whose points have the groups' values as ids.
  private record GroupLookup(
      Collection collection, PayloadSelector payload, VectorSelector vectors) {
    Optional<StoredPoint> find(Value value, Call call) {
      try {
        PointId id =
            switch (value) {
              case Value.Keyword(String text) -> PointId.parse(text);
              case Value.Whole(long number) when number < 0 ->
                  throw new IllegalArgumentException("no id is negative");
              case Value.Whole(long number) -> PointId.of(number);
              case Value.Flag(boolean flag) -> PointId.parse(Boolean.toString(flag));
            };
        return collection.get(List.of(id), call.reading(payload, vectors)).stream().findFirst();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  /// A form of query that takes more keys.
  @FunctionalInterface
  private interface Form {
    QueryBody read(JsonParser in, CollectionConfig config, QueryBodies.More more)
        throws IOException;
  }

  private static Answer groups(Call call, Form form) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    GroupBody asked = new GroupBody();
    QueryBody body =
        RequestReader.read(
            call,
            in ->
                form.read(
                    in,
                    collection.config(),
                    key -> {
                      switch (key) {
                        case "group_by" -> asked.field = OrderReader.path(in);
                        case "group_size" -> {
                          if (in.currentToken() != JsonToken.VALUE_NULL) {
                            asked.size = (int) Json.whole(in, 1, MAX_GROUP_SIZE);
                          }
                        }
                        case "with_lookup" -> asked.lookup = readLookup(call, in);
                        case "offset" -> throw RequestReader.unknown(in, key, "groups have none");
                        default -> {
                          return false;
                        }
                      }
                      return true;
                    }));
    if (asked.field.isEmpty()) {
      throw Problem.format("JSON body", "group_by is missing");
    }
    QueryRunner runner = QueryRoutes.runner(call, collection);
    StrictMode.of(collection).check(body, runner.defaults());
    body.vectors().requireRoom(collection.config(), body.limit() * asked.size, "group_size");
    GroupLookup lookup = asked.lookup;
    if (lookup != null) {
      lookup.vectors().requireRoom(lookup.collection().config(), body.limit(), "limit");
    }
    List<Grouper.Group> groups = new Grouper(runner, body, asked.field, asked.size).group();
    Map<Value, StoredPoint> found = new HashMap<>();
    if (lookup != null) {
      for (Grouper.Group group : groups) {
        lookup.find(group.value(), call).ifPresent(point -> found.put(group.value(), point));
      }
    }
    PointWriter writer = new PointWriter(collection.config(), body.payload(), body.vectors());
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("groups");
          for (Grouper.Group group : groups) {
            out.writeStartObject();
            out.writeFieldName("id");
            value(group.value(), out);
            out.writeFieldName("hits");
            writer.hits(group.hits(), List.of(), out);
            StoredPoint point = found.get(group.value());
            if (lookup != null && point != null) {
              out.writeFieldName("lookup");
              new PointWriter(lookup.collection().config(), lookup.payload(), lookup.vectors())
                  .record(point, out);
            }
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  private static @Nullable GroupLookup readLookup(Call call, JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (in.currentToken() == JsonToken.VALUE_STRING) {
      return new GroupLookup(
          call.database().collection(in.getText()),
          new PayloadSelector.Everything(),
          VectorSelector.NONE);
    }
    Json.require(in, JsonToken.START_OBJECT, "the name of a collection, or an object with it");
    @Nullable Collection collection = null;
    PayloadSelector payload = new PayloadSelector.Everything();
    VectorSelector.Asked vectors = _ -> VectorSelector.NONE;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      boolean isNull = in.currentToken() == JsonToken.VALUE_NULL;
      switch (key) {
        case "collection" -> collection = call.database().collection(Json.string(in));
        case "with_payload" -> payload = isNull ? payload : PayloadSelector.read(in);
        case "with_vectors" -> vectors = isNull ? vectors : VectorSelector.read(in);
        default ->
            throw RequestReader.unknown(in, key, "it has collection, with_payload, with_vectors");
      }
    }
    if (collection == null) {
      throw Json.error(in, "collection is missing");
    }
    return new GroupLookup(collection, payload, vectors.of(collection.config()));
  }

  static void value(Value value, JsonGenerator out) throws IOException {
    switch (value) {
      case Value.Keyword(String text) -> out.writeString(text);
      case Value.Whole(long number) -> out.writeNumber(number);
      case Value.Flag(boolean flag) -> out.writeBoolean(flag);
    }
  }
}
