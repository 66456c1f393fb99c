package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.Collection;
import io.capsdb.StoredPoint;
import io.capsdb.filter.Value;
import io.capsdb.formats.Json;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Searches.
final class QueryRoutes {
  private static final int GROUP_SIZE = 3;
  private static final int MAX_GROUP_SIZE = 1_000;

  private QueryRoutes() {}

  static List<Route> all() {
    String points = "/collections/{collection_name}/points";
    return List.of(
        Route.ask("query_points", points + "/query", call -> query(call, false)),
        Route.ask("explain_query", points + "/query/explain", call -> query(call, true)),
        Route.ask("query_points_batch", points + "/query/batch", QueryRoutes::queryBatch),
        Route.ask("query_points_groups", points + "/query/groups", QueryRoutes::groups),
        Route.ask("search_points", points + "/search", call -> list(call, QueryBodies::search)),
        Route.ask(
            "search_points_batch",
            points + "/search/batch",
            call -> lists(call, QueryBodies::search)),
        Route.ask(
            "recommend_points", points + "/recommend", call -> list(call, QueryBodies::recommend)),
        Route.ask(
            "recommend_points_batch",
            points + "/recommend/batch",
            call -> lists(call, QueryBodies::recommend)));
  }

  private static QueryRunner runner(Call call, Collection collection) {
    return new QueryRunner(
        collection,
        name -> call.database().collection(name),
        new SplittableRandom(call.startNanos()),
        call.options().orElse(CollectionNotes.of(collection).options()),
        call::isCancelled);
  }

  private static boolean isExplained(QueryRunner runner, QueryBody body) {
    return body.options().orElse(runner.defaults()).isExplained();
  }

  private static Answer query(Call call, boolean isAlwaysExplained) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    QueryBody body = RequestReader.read(call, in -> QueryBodies.query(in, collection.config()));
    QueryRunner runner = runner(call, collection);
    QueryRunner.Found found = call.measured(runner.run(body));
    boolean isExplained = isAlwaysExplained || isExplained(runner, body);
    return Answers.ok(call, out -> points(collection, body, found, isExplained, out));
  }

  private static void points(
      Collection collection,
      QueryBody body,
      QueryRunner.Found found,
      boolean isExplained,
      JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeFieldName("points");
    hits(collection, body, found, out);
    if (isExplained && found.plan().isPresent()) {
      out.writeFieldName("caps");
      PlanWriter.write(found.plan().get(), out);
    }
    out.writeEndObject();
  }

  private static void hits(
      Collection collection, QueryBody body, QueryRunner.Found found, JsonGenerator out)
      throws IOException {
    new PointWriter(collection.config(), body.payload(), body.vectors())
        .hits(found.hits(), found.order(), out);
  }

  private static Answer queryBatch(Call call) {
    Batch batch = batch(call, QueryBodies::query);
    return Answers.ok(
        call,
        out -> {
          out.writeStartArray();
          for (int i = 0; i < batch.bodies().size(); i++) {
            QueryBody body = batch.bodies().get(i);
            points(
                batch.collection(),
                body,
                batch.found().get(i),
                isExplained(batch.runner(), body),
                out);
          }
          out.writeEndArray();
        });
  }

  private record Batch(
      Collection collection,
      QueryRunner runner,
      List<QueryBody> bodies,
      List<QueryRunner.Found> found) {}

  private static Batch batch(Call call, QueryBodies.Form form) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    List<QueryBody> bodies =
        RequestReader.read(call, in -> QueryBodies.batch(in, collection.config(), form));
    QueryRunner runner = runner(call, collection);
    List<QueryRunner.Found> found = new ArrayList<>();
    for (QueryBody body : bodies) {
      found.add(call.measured(runner.run(body)));
    }
    return new Batch(collection, runner, bodies, found);
  }

  /// The older forms, whose result is a list; so the plan stands beside the result.
  private static Answer list(Call call, QueryBodies.Form form) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    QueryBody body = RequestReader.read(call, in -> form.read(in, collection.config()));
    QueryRunner runner = runner(call, collection);
    QueryRunner.Found found = call.measured(runner.run(body));
    return Answers.ok(
        call,
        out -> {
          hits(collection, body, found, out);
          if (isExplained(runner, body) && found.plan().isPresent()) {
            out.writeFieldName("caps");
            PlanWriter.write(found.plan().get(), out);
          }
        });
  }

  private static Answer lists(Call call, QueryBodies.Form form) {
    Batch batch = batch(call, form);
    return Answers.ok(
        call,
        out -> {
          out.writeStartArray();
          for (int i = 0; i < batch.bodies().size(); i++) {
            hits(batch.collection(), batch.bodies().get(i), batch.found().get(i), out);
          }
          out.writeEndArray();
        });
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
    Optional<StoredPoint> find(Value value) {
      try {
        PointId id =
            switch (value) {
              case Value.Keyword(String text) -> PointId.parse(text);
              case Value.Whole(long number) -> PointId.of(number);
              case Value.Flag(boolean flag) -> PointId.parse(Boolean.toString(flag));
            };
        return collection.get(id);
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  private static Answer groups(Call call) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    GroupBody asked = new GroupBody();
    QueryBody body =
        RequestReader.read(
            call,
            in ->
                QueryBodies.query(
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
    List<Grouper.Group> groups =
        new Grouper(runner(call, collection), body, asked.field, asked.size).group();
    Map<Value, StoredPoint> found = new HashMap<>();
    GroupLookup lookup = asked.lookup;
    if (lookup != null) {
      for (Grouper.Group group : groups) {
        lookup.find(group.value()).ifPresent(point -> found.put(group.value(), point));
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

  private static @Nullable GroupLookup readLookup(
      Call call, com.fasterxml.jackson.core.JsonParser in) throws IOException {
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
    boolean hasVectors = false;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      boolean isNull = in.currentToken() == JsonToken.VALUE_NULL;
      switch (key) {
        case "collection" -> collection = call.database().collection(Json.string(in));
        case "with_payload" -> payload = isNull ? payload : PayloadSelector.read(in);
        case "with_vectors" -> hasVectors = !isNull && Json.flag(in);
        default ->
            throw RequestReader.unknown(in, key, "it has collection, with_payload, with_vectors");
      }
    }
    if (collection == null) {
      throw Json.error(in, "collection is missing");
    }
    return new GroupLookup(
        collection,
        payload,
        hasVectors ? VectorSelector.all(collection.config()) : VectorSelector.NONE);
  }

  static void value(Value value, JsonGenerator out) throws IOException {
    switch (value) {
      case Value.Keyword(String text) -> out.writeString(text);
      case Value.Whole(long number) -> out.writeNumber(number);
      case Value.Flag(boolean flag) -> out.writeBoolean(flag);
    }
  }
}
