package io.capsdb.server.http.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Draws payloads and filters over their fields as JSON.
public final class JsonDraws {
  /// Ids are below it.
  public static final int POINTS = 1_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> WORDS = List.of("red", "green", "blue", "Green Tea", "tea-red");
  private static final List<String> TIMES =
      List.of(
          "2024-01-01",
          "2024-02-03T04:05:06Z",
          "2024-02-03T04:05:06.5+02:00",
          "2023-12-31T23:59:59Z",
          "no date");
  private static final List<String> FIELDS =
      List.of(
          "word",
          "number",
          "real",
          "flag",
          "time",
          "tags",
          "place",
          "mixed",
          "deep.word",
          "deep.number",
          "deep.tags[]",
          "offers[].price",
          "offers[].tags",
          "offers[0].price",
          "offers",
          "tags[1]",
          "missing",
          "deep.missing");

  private final RandomGenerator random;

  public JsonDraws(RandomGenerator random) {
    this.random = random;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T one(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /// A payload with arrays, nulls, nested objects and missing keys.
  public ObjectNode payload() {
    ObjectNode payload = JSON.createObjectNode();
    put(payload, "word", this::word);
    put(payload, "number", this::number);
    put(payload, "real", this::real);
    put(payload, "flag", () -> JSON.getNodeFactory().booleanNode(random.nextBoolean()));
    put(payload, "time", () -> JSON.getNodeFactory().textNode(one(TIMES)));
    put(payload, "tags", () -> array(this::word, 4));
    put(payload, "place", () -> chance(70) ? place() : array(this::place, 3));
    put(payload, "mixed", this::mixed);
    if (chance(70)) {
      ObjectNode deep = JSON.createObjectNode();
      put(deep, "word", this::word);
      put(deep, "number", this::number);
      put(deep, "tags", () -> array(this::word, 3));
      payload.set("deep", deep);
    }
    put(payload, "offers", () -> chance(90) ? array(this::offer, 4) : offer());
    return payload;
  }

  private void put(ObjectNode object, String key, Supplier<? extends JsonNode> value) {
    int draw = random.nextInt(20);
    if (draw == 0) {
      object.putNull(key);
    } else if (draw == 1) {
      object.set(key, JSON.createArrayNode());
    } else if (draw == 2) {
      object.set(key, array(value, 3));
    } else if (draw > 4) {
      object.set(key, value.get());
    }
  }

  private ArrayNode array(Supplier<? extends JsonNode> value, int most) {
    ArrayNode array = JSON.createArrayNode();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      if (chance(8)) {
        array.addNull();
      } else {
        array.add(value.get());
      }
    }
    return array;
  }

  private JsonNode word() {
    return JSON.getNodeFactory().textNode(one(WORDS));
  }

  private JsonNode number() {
    return JSON.getNodeFactory().numberNode((long) random.nextInt(12) - 2);
  }

  private JsonNode real() {
    return JSON.getNodeFactory().numberNode(random.nextInt(40) / 4.0 - 1);
  }

  private JsonNode mixed() {
    return switch (random.nextInt(6)) {
      case 0 -> word();
      case 1 -> number();
      case 2 -> real();
      case 3 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
      case 4 -> place();
      default -> JSON.getNodeFactory().textNode("long ".repeat(80));
    };
  }

  private ObjectNode place() {
    ObjectNode place = JSON.createObjectNode();
    place.put("lon", random.nextInt(360) - 180 + random.nextInt(2) / 2.0);
    place.put("lat", random.nextInt(180) - 90 + random.nextInt(2) / 2.0);
    return place;
  }

  private ObjectNode offer() {
    ObjectNode offer = JSON.createObjectNode();
    put(offer, "price", this::number);
    put(offer, "tags", () -> array(this::word, 2));
    put(offer, "word", this::word);
    return offer;
  }

  /// A filter of at most some levels.
  public ObjectNode filter(int depth) {
    ObjectNode filter = JSON.createObjectNode();
    // Mostly one clause: conjunctions of many are true of nothing.
    String first = one(List.of("must", "should", "must_not"));
    for (String clause : List.of("must", "should", "must_not")) {
      if (clause.equals(first) ? chance(85) : chance(12)) {
        filter.set(clause, conditions(depth));
      }
    }
    if (chance(15)) {
      ObjectNode some = JSON.createObjectNode();
      some.set("conditions", conditions(depth));
      some.put("min_count", random.nextInt(4));
      filter.set("min_should", some);
    }
    if (filter.isEmpty() && chance(5)) {
      filter.putNull("must");
    }
    return filter;
  }

  private JsonNode conditions(int depth) {
    if (chance(20)) {
      return condition(depth);
    }
    ArrayNode list = JSON.createArrayNode();
    for (int i = chance(10) ? 0 : random.nextInt(1, 4); i > 0; i--) {
      list.add(condition(depth));
    }
    return list;
  }

  private ObjectNode condition(int depth) {
    if (depth > 1 && chance(20)) {
      return filter(depth - 1);
    }
    ObjectNode condition = JSON.createObjectNode();
    String field = one(FIELDS);
    switch (random.nextInt(15)) {
      case 0 -> condition.set("has_id", ids());
      case 1 -> condition.put("has_vector", chance(50) ? "" : "other");
      case 2 -> condition.set("is_empty", JSON.createObjectNode().put("key", field));
      case 3 -> condition.set("is_null", JSON.createObjectNode().put("key", field));
      case 4 -> {
        ObjectNode nested = JSON.createObjectNode();
        nested.put("key", chance(30) ? "offers[]" : chance(80) ? "offers" : field);
        nested.set("filter", nestedFilter());
        condition.set("nested", nested);
      }
      case 5 -> {
        condition.put("key", field);
        condition.put(chance(50) ? "is_empty" : "is_null", random.nextBoolean());
      }
      case 6 -> {
        condition.put("key", field);
        condition.set("values_count", bounds(() -> number(0, 4)));
      }
      case 7 -> {
        condition.put("key", chance(80) ? "place" : field);
        geo(condition);
      }
      case 8 -> {
        condition.put("key", chance(60) ? "time" : field);
        condition.set(
            "range", bounds(() -> JSON.getNodeFactory().textNode(TIMES.get(random.nextInt(4)))));
      }
      case 9, 10 -> {
        condition.put("key", field);
        condition.set("range", bounds(() -> chance(50) ? number() : real()));
      }
      case 11 -> condition.set("slice", slice());
      default -> {
        condition.put("key", field);
        condition.set("match", match());
        if (chance(10)) {
          condition.set("range", bounds(this::number));
        }
      }
    }
    return condition;
  }

  private ObjectNode nestedFilter() {
    ObjectNode filter = JSON.createObjectNode();
    ArrayNode must = JSON.createArrayNode();
    for (int i = random.nextInt(3); i > 0; i--) {
      ObjectNode condition = JSON.createObjectNode();
      switch (random.nextInt(6)) {
        case 0 -> condition.put("key", "price").set("range", bounds(this::number));
        case 1 -> condition.put("key", "tags").set("match", match());
        case 2 -> condition.set("has_id", ids());
        case 3 -> condition.put("key", "word").put("is_empty", random.nextBoolean());
        case 4 -> condition.set("slice", slice());
        default -> condition.put("key", "word").set("match", match());
      }
      must.add(condition);
    }
    filter.set(chance(80) ? "must" : "must_not", must);
    return filter;
  }

  private ObjectNode slice() {
    int total = chance(10) ? 1 : chance(10) ? 1 << 30 : random.nextInt(2, 9);
    return JSON.createObjectNode()
        .put("index", (long) random.nextInt(Math.min(total, 16)))
        .put("total", (long) total);
  }

  private ArrayNode ids() {
    ArrayNode ids = JSON.createArrayNode();
    for (int i = random.nextInt(chance(50) ? 5 : 400); i > 0; i--) {
      ids.add(random.nextInt(POINTS + 50));
    }
    if (chance(20)) {
      ids.add("5c56c793-69f3-4fbf-87e6-c4bf54c28c26");
    }
    return ids;
  }

  private JsonNode number(int low, int high) {
    return JSON.getNodeFactory().numberNode((long) random.nextInt(low, high));
  }

  private ObjectNode bounds(Supplier<JsonNode> bound) {
    ObjectNode bounds = JSON.createObjectNode();
    if (chance(70)) {
      bounds.set(chance(50) ? "gt" : "gte", bound.get());
    }
    if (chance(70) || bounds.isEmpty()) {
      bounds.set(chance(50) ? "lt" : "lte", bound.get());
    }
    if (chance(10) && !bounds.has("lt")) {
      bounds.putNull("lt");
    }
    return bounds;
  }

  private ObjectNode match() {
    ObjectNode match = JSON.createObjectNode();
    switch (random.nextInt(10)) {
      case 0, 1 -> match.set("value", chance(50) ? word() : number());
      case 2 -> match.put("value", random.nextBoolean());
      case 3 -> match.set("any", values());
      case 4 -> match.set("except", values());
      case 5 -> match.put("text", one(List.of("re", "e", "Tea", "tea-", "", "long long")));
      case 6 -> match.put("text_any", one(List.of("re x", "  blue  ", "", "Tea een")));
      case 7 -> match.put("phrase", one(List.of("green tea", "tea", "tea green", "tea red", "-")));
      case 8 -> match.put("substring", one(List.of("re", "n T", "Tea", "tea-", "", "long long")));
      default -> match.put("prefix", one(List.of("g", "Green", "", "tea-red!")));
    }
    return match;
  }

  private ArrayNode values() {
    ArrayNode values = JSON.createArrayNode();
    boolean isText = random.nextBoolean();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.add(isText ? word() : number());
    }
    return values;
  }

  private void geo(ObjectNode condition) {
    switch (random.nextInt(3)) {
      case 0 -> {
        ObjectNode radius = JSON.createObjectNode();
        radius.set("center", place());
        radius.put("radius", random.nextInt(12_000_000) + 0.5);
        condition.set("geo_radius", radius);
      }
      case 1 -> {
        ObjectNode box = JSON.createObjectNode();
        box.set("top_left", place());
        box.set("bottom_right", place());
        condition.set("geo_bounding_box", box);
      }
      default -> {
        ObjectNode polygon = JSON.createObjectNode();
        double lon = random.nextInt(100) - 110.25;
        double lat = random.nextInt(60) - 70.25;
        polygon.set("exterior", square(lon, lat, 80.125));
        if (chance(60)) {
          polygon.set("interiors", JSON.createArrayNode().add(square(lon + 10, lat + 10, 30.125)));
        }
        condition.set("geo_polygon", polygon);
      }
    }
  }

  /// A ring with a notch, so that it is not convex; no drawn place lies on its edges.
  private static ObjectNode square(double lon, double lat, double side) {
    ArrayNode points = JSON.createArrayNode();
    double[][] corners = {
      {lon, lat},
      {lon + side, lat},
      {lon + side, lat + side},
      {lon + side / 2.1, lat + side / 3.3},
      {lon, lat + side},
      {lon, lat}
    };
    for (double[] corner : corners) {
      points.add(JSON.createObjectNode().put("lon", corner[0]).put("lat", corner[1]));
    }
    ObjectNode ring = JSON.createObjectNode();
    ring.set("points", points);
    return ring;
  }
}
