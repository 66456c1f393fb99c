package io.capsdb.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The plan of a search in lines, `name: value`, parts of parts indented.
final class PlanText {
  private PlanText() {}

  static List<String> of(JsonNode plan) {
    List<String> lines = new ArrayList<>();
    if (plan.isMissingNode()) {
      lines.add("the server told no plan");
      return lines;
    }
    lines.add("how it was searched");
    addFields(plan, "  ", lines);
    return lines;
  }

  /// The plan in one line: what ran and how much it looked at.
  static String summary(JsonNode plan) {
    return String.format(
        Locale.ROOT,
        "plan: %s, scored %,d of %,d points, visited %d of %d partitions",
        plan.path("plan").asText("unknown"),
        plan.path("rows_scored").asLong(),
        plan.path("points").asLong(),
        plan.path("partitions_probed").asLong(),
        plan.path("partitions").asLong());
  }

  private static void addFields(JsonNode object, String indent, List<String> lines) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      add(field.getKey().replace('_', ' '), field.getValue(), indent, lines);
    }
  }

  private static void add(String name, JsonNode value, String indent, List<String> lines) {
    if (value.isValueNode()) {
      lines.add(indent + name + ": " + value.asText().replaceAll("\\p{Cntrl}", " "));
    } else if (value.isObject()) {
      lines.add(indent + name + ":");
      addFields(value, indent + "  ", lines);
    } else {
      value.forEach(element -> add(name, element, indent, lines));
    }
  }
}
