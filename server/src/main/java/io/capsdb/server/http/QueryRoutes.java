package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.Collection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Searches.
final class QueryRoutes {
  private QueryRoutes() {}

  static List<Route> all() {
    String points = "/collections/{collection_name}/points";
    return List.of(
        Route.ask("query_points", points + "/query", call -> query(call, false)),
        Route.ask("explain_query", points + "/query/explain", call -> query(call, true)),
        Route.ask("query_points_batch", points + "/query/batch", QueryRoutes::queryBatch),
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
            call -> lists(call, QueryBodies::recommend)),
        Route.ask(
            "discover_points", points + "/discover", call -> list(call, QueryBodies::discover)),
        Route.ask(
            "discover_points_batch",
            points + "/discover/batch",
            call -> lists(call, QueryBodies::discover)));
  }

  static QueryRunner runner(Call call, Collection collection) {
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
    QueryRunner.Found found = call.measured(runner, body);
    boolean isExplained = isAlwaysExplained || isExplained(runner, body);
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeFieldName("points");
          hits(collection, body, found, out);
          caps(caps(runner, body, found, isExplained), out);
          out.writeEndObject();
        });
  }

  /// How a search was done, where it is asked for, or what came of the limits and the recall that
  /// were asked for.
  private static Optional<Answers.Body> caps(
      QueryRunner runner, QueryBody body, QueryRunner.Found found, boolean isExplained) {
    if (isExplained && found.plan().isPresent()) {
      return Optional.of(out -> PlanWriter.write(found.plan().get(), out));
    }
    SearchOptions options = body.options().orElse(runner.defaults());
    boolean isToldOf = options.recall().isPresent() || !options.limits().isNone();
    return found.isCut() || isToldOf
        ? Optional.of(out -> PlanWriter.writeOutcome(found, out))
        : Optional.empty();
  }

  private static void caps(Optional<Answers.Body> caps, JsonGenerator out) throws IOException {
    if (caps.isPresent()) {
      out.writeFieldName("caps");
      caps.get().write(out);
    }
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
            QueryRunner.Found found = batch.found().get(i);
            out.writeStartObject();
            out.writeFieldName("points");
            hits(batch.collection(), body, found, out);
            caps(batch.caps(i), out);
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  private record Batch(
      Collection collection,
      QueryRunner runner,
      List<QueryBody> bodies,
      List<QueryRunner.Found> found) {
    Optional<Answers.Body> caps(int search) {
      QueryBody body = bodies.get(search);
      return QueryRoutes.caps(runner, body, found.get(search), isExplained(runner, body));
    }
  }

  private static Batch batch(Call call, QueryBodies.Form form) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    List<QueryBody> bodies =
        RequestReader.read(call, in -> QueryBodies.batch(in, collection.config(), form));
    QueryRunner runner = runner(call, collection);
    StrictMode.of(collection).checkSearches(bodies.size());
    List<QueryRunner.Found> found = new ArrayList<>();
    for (QueryBody body : bodies) {
      found.add(call.measured(runner, body));
    }
    return new Batch(collection, runner, bodies, found);
  }

  /// The older forms, whose result is a list; so the plan stands beside the result.
  private static Answer list(Call call, QueryBodies.Form form) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    QueryBody body = RequestReader.read(call, in -> form.read(in, collection.config()));
    QueryRunner runner = runner(call, collection);
    QueryRunner.Found found = call.measured(runner, body);
    return Answers.ok(
        call,
        out -> {
          hits(collection, body, found, out);
          caps(caps(runner, body, found, isExplained(runner, body)), out);
        });
  }

  /// One for each search beside their results, where some has something to tell.
  private static void allCaps(Batch batch, JsonGenerator out) throws IOException {
    List<Optional<Answers.Body>> all =
        IntStream.range(0, batch.bodies().size()).mapToObj(batch::caps).toList();
    if (all.stream().allMatch(Optional::isEmpty)) {
      return;
    }
    out.writeArrayFieldStart("caps");
    for (Optional<Answers.Body> caps : all) {
      caps.orElse(JsonGenerator::writeNull).write(out);
    }
    out.writeEndArray();
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
          allCaps(batch, out);
        });
  }
}
