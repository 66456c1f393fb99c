package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.CollectionConfig;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFormatException;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Which vectors of a point are answered.
///
/// @param names of the collection
record VectorSelector(Set<String> names) {
  /// Numbers of all vectors in one answer; more would not fit into memory several times.
  private static final long MAX_VALUES = 32L << 20;

  /// Values that a sparse vector has, about.
  private static final long SPARSE_VALUES = 256;

  static final VectorSelector NONE = new VectorSelector(Set.of());

  VectorSelector {
    names = Set.copyOf(names);
  }

  /// All that a collection has.
  static VectorSelector all(CollectionConfig config) {
    Set<String> names = new TreeSet<>(config.vectors().keySet());
    names.addAll(config.sparse().keySet());
    return new VectorSelector(names);
  }

  /// Reads `true`, `false` or a list of names.
  static VectorSelector read(JsonParser in, CollectionConfig config) throws IOException {
    return read(in).of(config);
  }

  /// What was asked for before it is known of which collection.
  @FunctionalInterface
  interface Asked {
    /// @throws JsonFormatException if a name is none of the collection's
    VectorSelector of(CollectionConfig config);
  }

  /// The same, of a collection that may be named later.
  static Asked read(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_TRUE -> VectorSelector::all;
      case VALUE_FALSE -> _ -> NONE;
      case START_ARRAY -> readNames(in);
      case null, default ->
          throw Json.error(
              in,
              "expected true, false or an array of names, found "
                  + Json.describe(in.currentToken()));
    };
  }

  private static Asked readNames(JsonParser in) throws IOException {
    Map<String, String> places = new LinkedHashMap<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      places.putIfAbsent(Json.string(in), Json.path(in));
    }
    return config -> {
      places.forEach((name, place) -> requireVector(config, name, place));
      return new VectorSelector(places.keySet());
    };
  }

  private static void requireVector(CollectionConfig config, String name, String place) {
    if (!config.vectors().containsKey(name) && !config.sparse().containsKey(name)) {
      throw new JsonFormatException(
          place,
          "there is no vector named '"
              + Json.shorten(name)
              + "', the collection has "
              + all(config).names);
    }
  }

  boolean isWanted() {
    return !names.isEmpty();
  }

  <T> Map<String, T> select(Map<String, T> vectors) {
    Map<String, T> selected = new HashMap<>(vectors);
    selected.keySet().retainAll(names);
    return selected;
  }

  /// @param points that the answer may have
  /// @throws Json.OutOfBoundsException if their vectors would make it too large
  void requireRoom(CollectionConfig config, int points, String field) {
    if (!isWanted()) {
      return;
    }
    long values =
        config.vectors().values().stream().mapToLong(vector -> vector.dimension()).sum()
            + SPARSE_VALUES * config.sparse().size();
    long most = Math.max(1, MAX_VALUES / Math.max(1, values));
    if (points > most) {
      throw new Json.OutOfBoundsException(
          field,
          "value "
              + points
              + " invalid, must be from 1 to "
              + most
              + " when vectors are answered or compared");
    }
  }
}
