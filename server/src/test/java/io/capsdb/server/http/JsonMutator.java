package io.capsdb.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Spoils good JSON in some places: other types, other sizes, missing and odd members, and now and
/// then the text itself.
final class JsonMutator {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> TEXTS =
      List.of(
          "",
          "x",
          "a.b[]",
          "a[",
          "\u0000",
          "🦔",
          "-1",
          "null",
          "5c56c793-69f3-4fbf-87e6-c4bf54c28c26");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "1",
          "1.5",
          "1e39",
          "-1e400",
          "99999999999",
          "9223372036854775808",
          "18446744073709551616",
          "1e-400",
          "NaN");

  private final RandomGenerator random;

  JsonMutator(RandomGenerator random) {
    this.random = random;
  }

  /// The bytes of a spoilt copy.
  byte[] mutate(JsonNode good) {
    JsonNode copy = good.deepCopy();
    for (int i = random.nextInt(3); i >= 0; i--) {
      copy = spoil(copy);
    }
    // Numbers that no node holds stand as marked texts until now.
    String text = copy.toString().replaceAll("\"#([^\"]*)\"", "$1");
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(10) == 0 && bytes.length > 1) {
      return spoil(bytes);
    }
    return bytes;
  }

  private byte[] spoil(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(3)) {
      case 0 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      default -> bytes[at] = (byte) "{}[]\",:0".charAt(random.nextInt(8));
    }
    return bytes;
  }

  private JsonNode spoil(JsonNode root) {
    List<JsonNode> holders = new ArrayList<>();
    collect(root, holders);
    if (holders.isEmpty()) {
      return value(2);
    }
    switch (holders.get(random.nextInt(holders.size()))) {
      case ObjectNode object -> spoil(object);
      case ArrayNode array -> spoil(array);
      default -> {}
    }
    return root;
  }

  private static void collect(JsonNode node, List<JsonNode> holders) {
    if (node.isContainerNode()) {
      holders.add(node);
      node.forEach(child -> collect(child, holders));
    }
  }

  private void spoil(ObjectNode object) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    if (keys.isEmpty() || random.nextInt(6) == 0) {
      object.set(TEXTS.get(random.nextInt(TEXTS.size())), value(2));
      return;
    }
    String key = keys.get(random.nextInt(keys.size()));
    switch (random.nextInt(4)) {
      case 0 -> object.remove(key);
      case 1 -> object.set(key + "s", object.get(key));
      default -> object.set(key, value(3));
    }
  }

  private void spoil(ArrayNode array) {
    if (array.isEmpty() || random.nextInt(4) == 0) {
      array.add(value(2));
      return;
    }
    int at = random.nextInt(array.size());
    switch (random.nextInt(4)) {
      case 0 -> array.remove(at);
      case 1 -> array.add(array.get(at).deepCopy());
      default -> array.set(at, value(2));
    }
  }

  private JsonNode value(int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 8)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2, 3 -> NODES.textNode("#" + NUMBERS.get(random.nextInt(NUMBERS.size())));
      case 4 -> NODES.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
      case 5 -> NODES.textNode("y".repeat(random.nextInt(5_000)));
      case 6 -> {
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(3); i > 0; i--) {
          object.set(TEXTS.get(random.nextInt(TEXTS.size())), value(depth - 1));
        }
        yield object;
      }
    };
  }
}
