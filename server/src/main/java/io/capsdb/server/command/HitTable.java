package io.capsdb.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The hits of a search as a table: id, score, and a column for each field of the payloads.
final class HitTable {
  private static final int MAX_FIELDS = 10;

  private HitTable() {}

  static List<String> of(JsonNode hits) {
    Set<String> fields = new LinkedHashSet<>();
    hits.forEach(hit -> hit.path("payload").fieldNames().forEachRemaining(fields::add));
    List<String> shown = fields.stream().limit(MAX_FIELDS).toList();
    List<String> header = new ArrayList<>(List.of("#", "id", "score"));
    header.addAll(shown);
    Table table = new Table(header);
    int rank = 0;
    for (JsonNode hit : hits) {
      List<String> row = new ArrayList<>();
      row.add(String.valueOf(++rank));
      row.add(hit.path("id").asText());
      row.add(String.format(Locale.ROOT, "%.4f", hit.path("score").asDouble()));
      for (String field : shown) {
        row.add(text(hit.path("payload").path(field)));
      }
      table.add(row);
    }
    return table.lines();
  }

  private static String text(JsonNode value) {
    if (value.isMissingNode()) {
      return "";
    }
    if (!value.isArray()) {
      return value.isValueNode() ? value.asText() : value.toString();
    }
    List<String> elements = new ArrayList<>();
    value.forEach(element -> elements.add(text(element)));
    return String.join(", ", elements);
  }
}
