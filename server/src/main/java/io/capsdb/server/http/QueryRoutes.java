package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.Collection;
import io.capsdb.SearchResult;
import java.io.IOException;
import java.util.List;

/// Searches.
final class QueryRoutes {
  private QueryRoutes() {}

  static List<Route> all() {
    String points = "/collections/{collection_name}/points";
    return List.of(
        Route.ask("query_points", points + "/query", call -> query(call, false)),
        Route.ask("explain_query", points + "/query/explain", call -> query(call, true)),
        Route.ask("search_points", points + "/search", QueryRoutes::search));
  }

  private static Answer query(Call call, boolean isAlwaysExplained) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    SearchBody body = RequestReader.read(call, in -> QueryBodies.query(in, collection.config()));
    SearchResult result = collection.search(body.request());
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeFieldName("points");
          hits(collection, body, result, out);
          if (isAlwaysExplained || body.isExplained()) {
            out.writeFieldName("caps");
            PlanWriter.write(result.plan(), out);
          }
          out.writeEndObject();
        });
  }

  /// The older form, whose result is a list; so the plan stands beside the result.
  private static Answer search(Call call) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    SearchBody body = RequestReader.read(call, in -> QueryBodies.search(in, collection.config()));
    SearchResult result = collection.search(body.request());
    return Answers.ok(
        call,
        out -> {
          hits(collection, body, result, out);
          if (body.isExplained()) {
            out.writeFieldName("caps");
            PlanWriter.write(result.plan(), out);
          }
        });
  }

  private static void hits(
      Collection collection, SearchBody body, SearchResult result, JsonGenerator out)
      throws IOException {
    new PointWriter(collection.config(), body.payload(), body.vectors()).hits(result.hits(), out);
  }
}
