package io.capsdb.point;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Payloads as they are after a change; the old ones stay as they are.
public final class PayloadEdits {
  private PayloadEdits() {}

  /// Sets members; one that is set to null is removed.
  ///
  /// @throws IllegalArgumentException as [Payload#of] does
  public static Payload merge(Payload old, Payload members) {
    return Payload.of(merged(old.fields(), members));
  }

  /// Sets members of the object that a path names. Keys that are missing on the way, or lead to
  /// something else than an object, become objects; brackets change elements that are there.
  public static Payload mergeAt(Payload old, FieldPath path, Payload members) {
    return Payload.of(asMap(mergedAt(old.fields(), path.steps(), 0, members)));
  }

  /// Removes what a path names. `tags[]` empties the array, `tags[0]` takes an element out of it.
  public static Payload without(Payload old, FieldPath path) {
    return Payload.of(asMap(removed(old.fields(), path.steps(), 0)));
  }

  private static Map<String, @Nullable Object> merged(Map<?, ?> old, Payload members) {
    Map<String, @Nullable Object> fields = asMap(old);
    members
        .fields()
        .forEach(
            (key, value) -> {
              if (value == null) {
                fields.remove(key);
              } else {
                fields.put(key, value);
              }
            });
    return fields;
  }

  private static @Nullable Object mergedAt(
      @Nullable Object value, List<FieldPath.Step> steps, int depth, Payload members) {
    if (depth == steps.size()) {
      return merged(value instanceof Map<?, ?> map ? map : Map.of(), members);
    }
    return switch (steps.get(depth)) {
      case FieldPath.Step.Key(String name) -> {
        Map<String, @Nullable Object> fields = asMap(value);
        fields.put(name, mergedAt(fields.get(name), steps, depth + 1, members));
        yield fields;
      }
      case FieldPath.Step.Every() -> {
        List<@Nullable Object> elements = new ArrayList<>();
        for (Object element : asList(value)) {
          elements.add(mergedAt(element, steps, depth + 1, members));
        }
        yield elements;
      }
      case FieldPath.Step.At(int position) -> {
        List<@Nullable Object> elements = new ArrayList<>(asList(value));
        if (position < elements.size()) {
          elements.set(position, mergedAt(elements.get(position), steps, depth + 1, members));
        }
        yield elements;
      }
    };
  }

  private static @Nullable Object removed(
      @Nullable Object value, List<FieldPath.Step> steps, int depth) {
    boolean isLast = depth == steps.size() - 1;
    return switch (steps.get(depth)) {
      case FieldPath.Step.Key(String name) -> {
        if (!(value instanceof Map<?, ?> map) || !map.containsKey(name)) {
          yield value;
        }
        Map<String, @Nullable Object> fields = asMap(map);
        if (isLast) {
          fields.remove(name);
        } else {
          fields.put(name, removed(fields.get(name), steps, depth + 1));
        }
        yield fields;
      }
      case FieldPath.Step.Every() -> {
        if (!(value instanceof List<?> list)) {
          yield value;
        }
        List<@Nullable Object> elements = new ArrayList<>();
        for (Object element : isLast ? List.of() : list) {
          elements.add(removed(element, steps, depth + 1));
        }
        yield elements;
      }
      case FieldPath.Step.At(int position) -> {
        if (!(value instanceof List<?> list) || position >= list.size()) {
          yield value;
        }
        List<@Nullable Object> elements = new ArrayList<>(list);
        if (isLast) {
          elements.remove(position);
        } else {
          elements.set(position, removed(elements.get(position), steps, depth + 1));
        }
        yield elements;
      }
    };
  }

  private static Map<String, @Nullable Object> asMap(@Nullable Object value) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, member) -> fields.put((String) key, member));
    }
    return fields;
  }

  private static List<? extends @Nullable Object> asList(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
