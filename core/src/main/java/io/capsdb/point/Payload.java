package io.capsdb.point;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The document of a point: a JSON object as plain Java values, immutable all the way down.
///
/// Values are `String`, `Long`, `Double`, `Boolean`, `null`, `List` and `Map` of these. Other
/// numbers are brought to `Long` (`Byte`, `Short`, `Integer`) or `Double` (`Float`).
///
/// @param fields the members of the object, in their order
public record Payload(Map<String, @Nullable Object> fields) {
  /// The deepest nesting that is stored; bounds the recursion of every reader.
  public static final int MAX_DEPTH = 32;

  private static final Payload EMPTY = new Payload(Map.of());

  /// @throws IllegalArgumentException if a value is of another type, not finite, no Unicode text,
  ///     or nested deeper than [#MAX_DEPTH]
  public Payload {
    fields = copyOfMap(fields, "", 1);
  }

  /// The payload of these fields.
  ///
  /// @throws IllegalArgumentException as the constructor does
  public static Payload of(Map<String, @Nullable Object> fields) {
    return new Payload(fields);
  }

  public static Payload empty() {
    return EMPTY;
  }

  public boolean isEmpty() {
    return fields.isEmpty();
  }

  private static Map<String, @Nullable Object> copyOfMap(Map<?, ?> map, String path, int depth) {
    Map<String, @Nullable Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String key)) {
        throw new IllegalArgumentException(
            "payload key " + entry.getKey() + " below '" + path + "' is not a string");
      }
      String below = path.isEmpty() ? key : path + "." + key;
      copy.put(wellFormed(key, below), copyOf(entry.getValue(), below, depth));
    }
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object copyOf(@Nullable Object value, String path, int depth) {
    return switch (value) {
      case null -> null;
      case String s -> wellFormed(s, path);
      case Boolean b -> b;
      case Long l -> l;
      case Integer i -> (long) i;
      case Short s -> (long) s;
      case Byte b -> (long) b;
      case Float f -> finite(f.doubleValue(), path);
      case Double d -> finite(d, path);
      case List<?> list -> {
        requireDepth(path, depth);
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        for (Object element : list) {
          copy.add(copyOf(element, path + "[]", depth + 1));
        }
        yield Collections.unmodifiableList(copy);
      }
      case Map<?, ?> map -> {
        requireDepth(path, depth);
        yield copyOfMap(map, path, depth + 1);
      }
      default ->
          throw new IllegalArgumentException(
              "payload field '"
                  + path
                  + "' has the type "
                  + value.getClass().getName()
                  + ", which JSON does not have");
    };
  }

  /// UTF-8, in which payloads are stored and sent, has no bytes for half a surrogate pair.
  private static String wellFormed(String text, String path) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean isPair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!isPair) {
          throw new IllegalArgumentException(
              "payload field '" + path + "' has half a surrogate pair at character " + i);
        }
        i++;
      }
    }
    return text;
  }

  private static void requireDepth(String path, int depth) {
    if (depth >= MAX_DEPTH) {
      throw new IllegalArgumentException(
          "payload field '" + path + "' is nested deeper than " + MAX_DEPTH);
    }
  }

  private static Double finite(double value, String path) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "payload field '" + path + "' is " + value + ", must be finite");
    }
    return value;
  }
}
