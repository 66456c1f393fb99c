package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.formats.Json;
import io.capsdb.point.FieldPath;
import io.capsdb.point.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which part of a payload is answered.
sealed interface PayloadSelector {
  /// The most paths that one selector names.
  int MAX_PATHS = 1_000;

  record Nothing() implements PayloadSelector {}

  record Everything() implements PayloadSelector {}

  /// @param paths in canonical form, of keys and `[]`
  record Include(Set<String> paths) implements PayloadSelector {}

  /// @param paths in canonical form, of keys and `[]`
  record Exclude(Set<String> paths) implements PayloadSelector {}

  /// Reads `true`, `false`, a list of paths, `{"include": […]}` or `{"exclude": […]}`.
  static PayloadSelector read(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_TRUE -> new Everything();
      case VALUE_FALSE -> new Nothing();
      case START_ARRAY -> new Include(readPaths(in));
      case START_OBJECT -> readObject(in);
      case null, default ->
          throw Json.error(
              in,
              "expected true, false, an array of paths, or an object with include or exclude,"
                  + " found "
                  + Json.describe(in.currentToken()));
    };
  }

  private static PayloadSelector readObject(JsonParser in) throws IOException {
    @Nullable PayloadSelector selector = null;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!key.equals("include") && !key.equals("exclude")) {
        throw RequestReader.unknown(in, key, "there are include and exclude");
      }
      if (in.currentToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      if (selector != null) {
        throw Json.error(in, "there is either include or exclude, not both");
      }
      Set<String> paths = readPaths(in);
      selector = key.equals("include") ? new Include(paths) : new Exclude(paths);
    }
    if (selector == null) {
      throw Json.error(in, "include or exclude is missing");
    }
    return selector;
  }

  private static Set<String> readPaths(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_ARRAY, "an array of paths");
    Set<String> paths = new TreeSet<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      String text = Json.string(in);
      try {
        paths.add(FieldPath.parse(text).canonical());
      } catch (IllegalArgumentException e) {
        throw Json.error(in, String.valueOf(e.getMessage()));
      }
      if (paths.size() > MAX_PATHS) {
        throw new Json.OutOfBoundsException(
            Json.path(in), "at most " + MAX_PATHS + " paths are allowed");
      }
    }
    return paths;
  }

  /// Whether a payload must be read at all.
  default boolean isWanted() {
    return !(this instanceof Nothing);
  }

  /// The part of a payload that is answered.
  default Payload select(Payload payload) {
    return switch (this) {
      case Nothing() -> Payload.empty();
      case Everything() -> payload;
      case Include(Set<String> paths) -> Payload.of(selectKeys("", payload.fields(), paths, true));
      case Exclude(Set<String> paths) -> Payload.of(selectKeys("", payload.fields(), paths, false));
    };
  }

  private static Map<String, @Nullable Object> selectKeys(
      String parent, Map<?, ?> map, Set<String> paths, boolean isIncluded) {
    Map<String, @Nullable Object> kept = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = (String) entry.getKey();
      String path = FieldPath.join(parent, key);
      Object value = entry.getValue();
      if (paths.contains(path)) {
        if (isIncluded) {
          kept.put(key, value);
        }
      } else if (value instanceof Map<?, ?> inner && leadsOn(path + ".", paths)) {
        kept.put(key, selectKeys(path, inner, paths, isIncluded));
      } else if (value instanceof List<?> list && leadsOn(path + "[]", paths)) {
        selectElements(key, path, list, paths, isIncluded, kept);
      } else if (!isIncluded) {
        kept.put(key, value);
      }
    }
    return kept;
  }

  /// Steps into the objects of an array for paths such as `offers[].price`.
  private static void selectElements(
      String key,
      String path,
      List<?> list,
      Set<String> paths,
      boolean isIncluded,
      Map<String, @Nullable Object> kept) {
    String every = path + "[]";
    if (paths.contains(every)) {
      if (isIncluded) {
        kept.put(key, list);
      }
      return;
    }
    List<@Nullable Object> elements = new ArrayList<>();
    for (Object element : list) {
      if (element instanceof Map<?, ?> inner) {
        elements.add(selectKeys(every, inner, paths, isIncluded));
      } else if (!isIncluded) {
        elements.add(element);
      }
    }
    kept.put(key, elements);
  }

  private static boolean leadsOn(String path, Set<String> paths) {
    for (String wanted : paths) {
      if (wanted.startsWith(path)) {
        return true;
      }
    }
    return false;
  }
}
