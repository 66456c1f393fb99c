package io.capsdb.server.http.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Evaluates filters straight from their JSON on the JSON of payloads, word for word as the
/// description of the API says; slow and plain.
///
/// @param id of the point
/// @param vectors names of its vectors
/// @param payload an object
/// @param isNested whether it is an object inside of a payload, which has no id
public record JsonOracle(long id, List<String> vectors, JsonNode payload, boolean isNested) {
  private static final BigInteger BITS = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  /// Whether a filter is true of the point.
  public boolean matches(JsonNode filter) {
    boolean result = true;
    if (isGiven(filter, "must")) {
      for (JsonNode condition : listOf(filter.get("must"))) {
        result &= holds(condition);
      }
    }
    if (isGiven(filter, "must_not")) {
      for (JsonNode condition : listOf(filter.get("must_not"))) {
        result &= !holds(condition);
      }
    }
    if (isGiven(filter, "should") && !listOf(filter.get("should")).isEmpty()) {
      boolean any = false;
      for (JsonNode condition : listOf(filter.get("should"))) {
        any |= holds(condition);
      }
      result &= any;
    }
    if (isGiven(filter, "min_should")) {
      int count = 0;
      for (JsonNode condition : listOf(filter.get("min_should").get("conditions"))) {
        count += holds(condition) ? 1 : 0;
      }
      result &= count >= filter.get("min_should").get("min_count").asInt();
    }
    return result;
  }

  /// 64 bits of the id, mixed in whole numbers of any size.
  private BigInteger hash() {
    BigInteger mixed = BigInteger.valueOf(id);
    mixed = mixed.xor(mixed.shiftRight(30)).multiply(new BigInteger("bf58476d1ce4e5b9", 16));
    mixed = mixed.and(BITS);
    mixed = mixed.xor(mixed.shiftRight(27)).multiply(new BigInteger("94d049bb133111eb", 16));
    mixed = mixed.and(BITS);
    return mixed.xor(mixed.shiftRight(31));
  }

  private static boolean isGiven(JsonNode node, String key) {
    return node.has(key) && !node.get(key).isNull();
  }

  private static List<JsonNode> listOf(JsonNode node) {
    List<JsonNode> list = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(list::add);
    } else {
      list.add(node);
    }
    return list;
  }

  private boolean holds(JsonNode condition) {
    if (condition.has("has_id")) {
      boolean isAmong = false;
      for (JsonNode each : condition.get("has_id")) {
        isAmong |= each.isNumber() && each.asLong() == id;
      }
      return isAmong && !isNested;
    }
    if (condition.has("has_vector")) {
      return vectors.contains(condition.get("has_vector").asText()) && !isNested;
    }
    if (condition.has("slice")) {
      JsonNode slice = condition.get("slice");
      BigInteger total = BigInteger.valueOf(slice.get("total").asLong());
      return hash().mod(total).longValue() == slice.get("index").asLong() && !isNested;
    }
    if (condition.has("nested")) {
      return holdsNested(condition.get("nested"));
    }
    if (condition.has("is_empty") && condition.get("is_empty").isObject()) {
      return isEmpty(condition.get("is_empty").get("key").asText());
    }
    if (condition.has("is_null") && condition.get("is_null").isObject()) {
      return isNull(condition.get("is_null").get("key").asText());
    }
    return condition.has("key") ? holdsField(condition) : matches(condition);
  }

  private boolean holdsNested(JsonNode nested) {
    // The array may be named with or without the brackets that mean its elements.
    for (JsonNode value : at(nested.get("key").asText().replaceAll("\\[]$", ""))) {
      if (value.isArray()) {
        for (JsonNode element : value) {
          if (element.isObject()
              && new JsonOracle(id, vectors, element, true).matches(nested.get("filter"))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private boolean isEmpty(String key) {
    for (JsonNode value : at(key)) {
      if (!value.isNull() && !(value.isArray() && value.isEmpty())) {
        return false;
      }
    }
    return true;
  }

  private boolean isNull(String key) {
    for (JsonNode value : at(key)) {
      if (value.isNull()) {
        return true;
      }
      if (value.isArray()) {
        for (JsonNode element : value) {
          if (element.isNull()) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private boolean holdsField(JsonNode condition) {
    String key = condition.get("key").asText();
    if (isGiven(condition, "values_count")) {
      List<JsonNode> values = at(key);
      for (JsonNode value : values) {
        if (isInside(condition.get("values_count"), count(value))) {
          return true;
        }
      }
      return values.isEmpty() && isInside(condition.get("values_count"), 0);
    }
    if (isGiven(condition, "is_empty")) {
      return isEmpty(key) == condition.get("is_empty").asBoolean();
    }
    if (isGiven(condition, "is_null")) {
      return isNull(key) == condition.get("is_null").asBoolean();
    }
    for (JsonNode value : at(key)) {
      for (JsonNode element : listOf(value)) {
        boolean isMatch =
            (isGiven(condition, "match") && isMatch(condition.get("match"), element))
                || (isGiven(condition, "range") && isInRange(condition.get("range"), element))
                || (isGiven(condition, "geo_radius")
                    && isPlace(element, place -> isNear(condition.get("geo_radius"), place)))
                || (isGiven(condition, "geo_bounding_box")
                    && isPlace(element, place -> isInBox(condition.get("geo_bounding_box"), place)))
                || (isGiven(condition, "geo_polygon")
                    && isPlace(element, place -> isInPolygon(condition.get("geo_polygon"), place)));
        if (isMatch) {
          return true;
        }
      }
    }
    return false;
  }

  private static double count(JsonNode value) {
    if (value.isNull()) {
      return 0;
    }
    return value.isArray() ? value.size() : 1;
  }

  private static boolean isInside(JsonNode range, double number) {
    return (!isGiven(range, "lt") || number < range.get("lt").asDouble())
        && (!isGiven(range, "lte") || number <= range.get("lte").asDouble())
        && (!isGiven(range, "gt") || number > range.get("gt").asDouble())
        && (!isGiven(range, "gte") || number >= range.get("gte").asDouble());
  }

  private static boolean isMatch(JsonNode match, JsonNode element) {
    if (match.has("value")) {
      return isSame(match.get("value"), element);
    }
    if (match.has("any")) {
      return isAmong(match.get("any"), element);
    }
    if (match.has("except")) {
      return !element.isNull() && !isAmong(match.get("except"), element);
    }
    if (!element.isTextual()) {
      return false;
    }
    String stored = element.asText();
    if (match.has("text")) {
      return stored.contains(match.get("text").asText());
    }
    if (match.has("substring")) {
      return stored.contains(match.get("substring").asText());
    }
    if (match.has("prefix")) {
      return stored.startsWith(match.get("prefix").asText());
    }
    if (match.has("text_any")) {
      for (String part : match.get("text_any").asText().trim().split("\\s+", -1)) {
        if (!part.isEmpty() && stored.contains(part)) {
          return true;
        }
      }
      return false;
    }
    // The words of the phrase in a row: both as words between single spaces.
    String words = " " + plain(stored) + " ";
    String phrase = plain(match.get("phrase").asText());
    return !phrase.isEmpty() && words.contains(" " + phrase + " ");
  }

  private static String plain(String text) {
    return text.toLowerCase(java.util.Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").trim();
  }

  private static boolean isAmong(JsonNode list, JsonNode element) {
    for (JsonNode each : list) {
      if (isSame(each, element)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSame(JsonNode wanted, JsonNode element) {
    if (wanted.isTextual()) {
      return element.isTextual() && element.asText().equals(wanted.asText());
    }
    if (wanted.isBoolean()) {
      return element.isBoolean() && element.asBoolean() == wanted.asBoolean();
    }
    return element.isIntegralNumber() && element.asLong() == wanted.asLong();
  }

  private static boolean isInRange(JsonNode range, JsonNode element) {
    boolean isDates = false;
    for (JsonNode bound : range) {
      isDates |= bound.isTextual();
    }
    if (!isDates) {
      return element.isNumber() && isInside(range, element.asDouble());
    }
    Optional<Instant> time = element.isTextual() ? time(element.asText()) : Optional.empty();
    if (time.isEmpty()) {
      return false;
    }
    Instant at = time.get();
    return (!isGiven(range, "lt") || at.isBefore(bound(range, "lt")))
        && (!isGiven(range, "lte") || !at.isAfter(bound(range, "lte")))
        && (!isGiven(range, "gt") || at.isAfter(bound(range, "gt")))
        && (!isGiven(range, "gte") || !at.isBefore(bound(range, "gte")));
  }

  private static Instant bound(JsonNode range, String key) {
    return time(range.get(key).asText()).orElseThrow();
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(
          text.length() == 10
              ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
              : OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static boolean isPlace(JsonNode element, Predicate<double[]> test) {
    return element.isObject()
        && element.path("lon").isNumber()
        && element.path("lat").isNumber()
        && test.test(new double[] {element.get("lon").asDouble(), element.get("lat").asDouble()});
  }

  /// By the law of cosines instead of haversines.
  private static boolean isNear(JsonNode radius, double[] place) {
    double lon = Math.toRadians(radius.at("/center/lon").asDouble() - place[0]);
    double a = Math.toRadians(radius.at("/center/lat").asDouble());
    double b = Math.toRadians(place[1]);
    double cosine = Math.sin(a) * Math.sin(b) + Math.cos(a) * Math.cos(b) * Math.cos(lon);
    double metres = 6_371_008.8 * Math.acos(Math.max(-1, Math.min(1, cosine)));
    return metres < radius.get("radius").asDouble();
  }

  private static boolean isInBox(JsonNode box, double[] place) {
    double west = box.at("/top_left/lon").asDouble();
    double east = box.at("/bottom_right/lon").asDouble();
    boolean isBetween =
        west <= east ? place[0] > west && place[0] < east : place[0] > west || place[0] < east;
    return isBetween
        && place[1] < box.at("/top_left/lat").asDouble()
        && place[1] > box.at("/bottom_right/lat").asDouble();
  }

  private static boolean isInPolygon(JsonNode polygon, double[] place) {
    boolean isInside = windings(polygon.at("/exterior/points"), place) != 0;
    for (JsonNode hole : polygon.path("interiors")) {
      isInside &= windings(hole.get("points"), place) == 0;
    }
    return isInside;
  }

  /// How often a ring goes around a place, by the sum of the angles of its edges.
  private static long windings(JsonNode ring, double[] place) {
    double sum = 0;
    for (int i = 1; i < ring.size(); i++) {
      double before =
          Math.atan2(
              ring.get(i - 1).get("lat").asDouble() - place[1],
              ring.get(i - 1).get("lon").asDouble() - place[0]);
      double after =
          Math.atan2(
              ring.get(i).get("lat").asDouble() - place[1],
              ring.get(i).get("lon").asDouble() - place[0]);
      double turn = after - before;
      sum += turn > Math.PI ? turn - 2 * Math.PI : turn < -Math.PI ? turn + 2 * Math.PI : turn;
    }
    return Math.round(sum / (2 * Math.PI));
  }

  /// What a path names.
  private List<JsonNode> at(String path) {
    List<JsonNode> found = List.of(payload);
    for (String step : path.split("\\.", -1)) {
      String key = step.replaceAll("\\[.*", "");
      String brackets = step.substring(key.length());
      List<JsonNode> next = new ArrayList<>();
      for (JsonNode node : found) {
        if (node.isObject() && node.has(key)) {
          next.add(node.get(key));
        }
      }
      while (!brackets.isEmpty()) {
        int close = brackets.indexOf(']');
        String inside = brackets.substring(1, close);
        brackets = brackets.substring(close + 1);
        List<JsonNode> elements = new ArrayList<>();
        for (JsonNode node : next) {
          if (node.isArray() && inside.isEmpty()) {
            node.forEach(elements::add);
          } else if (node.isArray() && !inside.isEmpty() && node.has(Integer.parseInt(inside))) {
            elements.add(node.get(Integer.parseInt(inside)));
          }
        }
        next = elements;
      }
      found = next;
    }
    return found;
  }
}
