package io.capsdb.server.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.Value;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.Json;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The layout of vector-db-benchmark: each line of `tests.jsonl` has a query, and under
/// `conditions` what it asks for: `{"and":[{"FIELD":{"match":{"value":…}}}, …]}`, `or` likewise,
/// and `range` with `gt`, `gte`, `lt`, `lte`; `closest_ids` are answers, by row number.
record TestsLayout(Disk disk, Path folder, List<String> files) implements DataSetFolder {
  private static final ObjectMapper MAPPER = new ObjectMapper(Json.factory());
  private static final Set<String> BOUNDS = Set.of("gt", "gte", "lt", "lte");

  @Override
  public Optional<Metric> metric() {
    return Optional.empty();
  }

  @Override
  public RowSource rows() throws IOException {
    RowSource vectors = RowSources.open(disk, DataSetFolder.require(folder, files, "vectors.npy"));
    if (!files.contains("payloads.jsonl")) {
      return vectors;
    }
    try {
      return RowSources.aligned(vectors, RowSources.open(disk, folder.resolve("payloads.jsonl")));
    } catch (IOException | RuntimeException e) {
      vectors.close();
      throw e;
    }
  }

  @Override
  public Asked asked(int most) throws IOException {
    Path file = DataSetFolder.require(folder, files, "tests.jsonl");
    List<Query> queries = new ArrayList<>();
    List<Filter> filters = new ArrayList<>();
    List<List<PointId>> given = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(disk.read(file), StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = lines.readLine();
          line != null && queries.size() < most;
          line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        try {
          JsonNode test = MAPPER.readTree(line);
          queries.add(Query.of(vector(test.path("query"))));
          filters.add(conditions(test.path("conditions")));
          given.add(ids(test.path("closest_ids")));
        } catch (JsonProcessingException e) {
          throw new FormatException(
              file.toString(), "line " + number, String.valueOf(Json.error(e).getMessage()));
        } catch (IllegalArgumentException e) {
          throw new FormatException(
              file.toString(), "line " + number, String.valueOf(e.getMessage()));
        }
      }
    }
    if (queries.isEmpty()) {
      throw new FormatException(file.toString(), "end", "there are no queries");
    }
    boolean hasAnswers = given.stream().anyMatch(ids -> !ids.isEmpty());
    List<List<PointId>> answers = hasAnswers ? given : List.of();
    if (filters.stream().allMatch(Filter.ALL::equals)) {
      return new Asked(file, queries, List.of(new Workload("none", filters, answers)));
    }
    return new Asked(
        file,
        queries,
        List.of(Workload.unfiltered(queries.size()), new Workload("conditions", filters, answers)));
  }

  private static List<PointId> ids(JsonNode node) {
    List<PointId> ids = new ArrayList<>();
    for (JsonNode id : node) {
      if (!id.isIntegralNumber() || !id.canConvertToLong() || id.longValue() < 0) {
        throw new IllegalArgumentException("closest_ids[" + ids.size() + "] is " + id);
      }
      ids.add(PointId.of(id.longValue()));
    }
    return ids;
  }

  private static float[] vector(JsonNode node) {
    if (!node.isArray() || node.isEmpty()) {
      throw new IllegalArgumentException("query is not an array of numbers");
    }
    float[] values = new float[node.size()];
    for (int i = 0; i < values.length; i++) {
      if (!node.get(i).isNumber()) {
        throw new IllegalArgumentException("query[" + i + "] is " + node.get(i));
      }
      values[i] = node.get(i).floatValue();
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException("query[" + i + "] is " + values[i] + ", must be finite");
      }
    }
    return values;
  }

  private static Filter conditions(JsonNode node) {
    if (node.isMissingNode() || node.isNull() || (node.isObject() && node.isEmpty())) {
      return Filter.ALL;
    }
    requireObject("conditions", node);
    List<Filter> parts = new ArrayList<>();
    node.properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isArray()) {
                throw new IllegalArgumentException(
                    "conditions." + Json.shorten(entry.getKey()) + " is no array of conditions");
              }
              List<Filter> group = new ArrayList<>();
              entry.getValue().forEach(each -> group.add(condition(each)));
              switch (entry.getKey()) {
                case "and" -> parts.addAll(group);
                case "or" -> {
                  if (!group.isEmpty()) {
                    parts.add(new Filter.Or(group));
                  }
                }
                default ->
                    throw new IllegalArgumentException(
                        "conditions has '" + Json.shorten(entry.getKey()) + "', not and or or");
              }
            });
    return DataSetFolder.all(parts);
  }

  private static Filter condition(JsonNode node) {
    requireObject("a condition", node);
    List<Filter> parts = new ArrayList<>();
    node.properties()
        .forEach(
            field -> {
              requireObject(
                  "a condition on '" + Json.shorten(field.getKey()) + "'", field.getValue());
              field
                  .getValue()
                  .properties()
                  .forEach(test -> parts.add(test(field.getKey(), test.getKey(), test.getValue())));
            });
    return DataSetFolder.all(parts);
  }

  /// What is not read would not be asked for, and figures would be those of another filter.
  private static void requireObject(String what, JsonNode node) {
    if (!node.isObject() || node.isEmpty()) {
      throw new IllegalArgumentException(
          what + " is " + Json.shorten(String.valueOf(node)) + ", not an object with fields");
    }
  }

  private static Filter test(String field, String kind, JsonNode test) {
    return switch (kind) {
      case "match" -> new Filter.In(field, Set.of(value(field, test.path("value"))));
      case "range" -> range(field, test);
      default ->
          throw new IllegalArgumentException(
              "a condition on '"
                  + Json.shorten(field)
                  + "' is "
                  + Json.shorten(kind)
                  + ", read are match and range");
    };
  }

  private static Filter range(String field, JsonNode range) {
    requireObject("the range of '" + Json.shorten(field) + "'", range);
    range
        .properties()
        .forEach(
            bound -> {
              boolean isKnown = BOUNDS.contains(bound.getKey());
              if (!isKnown || !(bound.getValue().isNumber() || bound.getValue().isNull())) {
                throw new IllegalArgumentException(
                    "the range of '"
                        + Json.shorten(field)
                        + "' has "
                        + Json.shorten(bound.getKey())
                        + " "
                        + Json.shorten(String.valueOf(bound.getValue()))
                        + ", read are numbers as gt, gte, lt and lte");
              }
            });
    return new Filter.Range(
        field,
        bound(field, range.path("gte"), range.path("gt")),
        bound(field, range.path("lte"), range.path("lt")));
  }

  private static Value value(String field, JsonNode node) {
    if (node.isTextual()) {
      return Value.of(node.textValue());
    }
    if (node.isBoolean()) {
      return Value.of(node.booleanValue());
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return Value.of(node.longValue());
    }
    throw new IllegalArgumentException(
        "the value of a match on '"
            + Json.shorten(field)
            + "' is "
            + (node.isMissingNode() ? "missing" : node));
  }

  private static Bound<Double> bound(String field, JsonNode including, JsonNode excluding) {
    if (including.isNumber() && excluding.isNumber()) {
      throw new IllegalArgumentException(
          "the range of '" + Json.shorten(field) + "' has two bounds on one side");
    }
    if (including.isNumber()) {
      return Bound.including(including.doubleValue());
    }
    return excluding.isNumber() ? Bound.excluding(excluding.doubleValue()) : Bound.none();
  }
}
