package io.capsdb.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFilters;
import io.capsdb.formats.JsonPayloads;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.server.client.RestClient;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Runs the demo's searches through REST, shows them, and checks them: every hit satisfies the
/// filter, there are as many as can be, and recall is measured against exact search.
final class DemoSearches {
  private static final int K = 10;

  /// Mean recall over the queries of one search below this is a failure.
  private static final double LEAST_RECALL = 0.95;

  private final Machine machine;
  private final RestClient client;
  private final String collection;
  private final List<Sample.Item> queries;
  private final TextArt art;
  private boolean isPassed = true;

  /// @param queries stored images that are searched with
  DemoSearches(Machine machine, RestClient client, String collection, List<Sample.Item> queries) {
    this.machine = machine;
    this.client = client;
    this.collection = collection;
    this.queries = queries;
    this.art = new TextArt(machine.screen(), Sample.SIDE);
  }

  /// @return whether all checks passed
  boolean run() throws IOException, InterruptedException {
    int number = 0;
    for (DemoSearch search : DemoSearch.ALL) {
      show(++number, search);
    }
    return isPassed;
  }

  private void show(int number, DemoSearch search) throws IOException, InterruptedException {
    PrintStream out = machine.screen().out();
    JsonNode filter = client.parse(search.filter());
    out.printf("%n%d. %s%n   filter %s%n%n", number, search.title(), search.filter());
    Sample.Item shown = shownQuery(search);
    JsonNode result = search(shown, filter, false, true);
    drawImages(shown, result.path("points"));
    out.println();
    HitTable.of(withoutVectors(result.path("points"))).forEach(out::println);
    out.println();
    out.println("   " + PlanText.summary(result.path("caps")));
    measure(search, filter);
  }

  private Sample.Item shownQuery(DemoSearch search) {
    return queries.stream()
        .filter(item -> search.queryName().equals(item.payload().fields().get("name")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the sample has no " + search.queryName()));
  }

  private JsonNode search(Sample.Item query, JsonNode filter, boolean isExact, boolean isShown)
      throws IOException, InterruptedException {
    ObjectNode body = RestClient.object();
    body.set("query", RestClient.id(PointId.of(query.id())));
    body.set("filter", filter);
    body.put("limit", K).put("with_payload", true).put("with_vector", isShown);
    ObjectNode params = body.putObject("params").put("exact", isExact);
    if (isShown) {
      params.putObject("caps").put("explain", true);
    }
    return client.query(collection, body);
  }

  private void drawImages(Sample.Item query, JsonNode hits) {
    List<float[]> images = new ArrayList<>(List.of(query.pixels()));
    List<String> captions = new ArrayList<>(List.of("query " + query.id()));
    for (JsonNode hit : hits) {
      if (images.size() == TextArt.IMAGES_PER_LINE) {
        break;
      }
      captions.add("hit " + images.size() + ": " + hit.path("id").asText());
      images.add(pixels(hit.path("vector")));
    }
    art.lines(images, captions).forEach(machine.screen().out()::println);
  }

  private static float[] pixels(JsonNode vector) {
    float[] pixels = new float[vector.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) vector.get(i).asDouble();
    }
    return pixels;
  }

  private static JsonNode withoutVectors(JsonNode hits) {
    hits.forEach(hit -> ((ObjectNode) hit).remove("vector"));
    return hits;
  }

  /// Repeats the search with all queries, each once as it is and once exact.
  private void measure(DemoSearch search, JsonNode filter)
      throws IOException, InterruptedException {
    FilterEvaluator evaluator = FilterEvaluator.of(JsonFilters.read(search.filter()));
    long matches = client.count(collection, Optional.of(filter));
    double recall = 0;
    int wrong = 0;
    int lacking = 0;
    for (Sample.Item query : queries) {
      JsonNode found = search(query, filter, false, false).path("points");
      JsonNode exact = search(query, filter, true, false).path("points");
      recall += recall(found, exact) / queries.size();
      for (JsonNode hit : found) {
        wrong += evaluator.matches(payload(hit)) ? 0 : 1;
      }
      long others = matches - (evaluator.matches(query.payload()) ? 1 : 0);
      lacking += found.size() < Math.min(K, others) ? 1 : 0;
    }
    machine
        .screen()
        .out()
        .printf(
            Locale.ROOT,
            "   %,d points match; recall@%d against exact search %.3f (mean of %d queries);"
                + " hits that miss the filter: %d; answers with too few hits: %d%n",
            matches,
            K,
            recall,
            queries.size(),
            wrong,
            lacking);
    isPassed &= recall >= LEAST_RECALL && wrong == 0 && lacking == 0;
  }

  /// Share of the exact hits that were found; by score, because images can be equally near.
  private static double recall(JsonNode found, JsonNode exact) {
    int agreeing = 0;
    for (int i = 0, j = 0; i < exact.size() && j < found.size(); i++) {
      if (found.get(j).path("score").equals(exact.get(i).path("score"))) {
        agreeing++;
        j++;
      }
    }
    return exact.isEmpty() ? 1 : (double) agreeing / exact.size();
  }

  private static Payload payload(JsonNode hit) throws IOException {
    try (var in = Json.factory().createParser(hit.path("payload").toString())) {
      in.nextToken();
      return JsonPayloads.read(in);
    }
  }
}
