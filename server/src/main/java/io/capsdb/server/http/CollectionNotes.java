package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.capsdb.Collection;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonPayloads;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Settings that mean nothing to the engine, kept so that they can be answered: graph, optimizers,
/// log, quantization, replicas, metadata, and the options that searches have where they say
/// nothing.
///
/// @param values as in the body that creates a collection
record CollectionNotes(Map<String, @Nullable Object> values) {
  /// Options of searches that say nothing themselves, and some of the engine.
  static final String CAPS = "caps_config";

  static final String METADATA = "metadata";

  /// Stands among the options, and is the engine's: whether there is a graph.
  static final String GRAPH = "graph_baseline";

  /// Stands among them too: milliseconds between two forces of the log, 0 for one before each
  /// answer.
  static final String LOG_INTERVAL = "log_interval_ms";

  static CollectionNotes of(Collection collection) {
    return parse(collection.settings().notes());
  }

  static CollectionNotes parse(String text) {
    if (text.isEmpty()) {
      return new CollectionNotes(Map.of());
    }
    try (JsonParser in = Json.factory().createParser(text)) {
      in.nextToken();
      return new CollectionNotes(Fields.read(in).values());
    } catch (IOException e) {
      throw new UncheckedIOException("the settings of a collection cannot be read", e);
    }
  }

  String text() {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Json.factory().createGenerator(text)) {
      JsonPayloads.writeValue(values, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /// These with others on top: objects are merged member by member, anything else is replaced.
  ///
  /// Our options may stand in the metadata too, for clients whose types have no place for them.
  /// What stands there as before changes nothing: clients send metadata back as a whole. Where both
  /// set an option, `caps_config` counts; null takes an option away.
  CollectionNotes with(CollectionNotes others) {
    Map<String, @Nullable Object> all = merged(values, others.values);
    Map<?, ?> before = metadataCaps();
    Map<String, @Nullable Object> caps = new LinkedHashMap<>();
    object(CAPS).forEach((key, value) -> caps.put((String) key, value));
    others
        .metadataCaps()
        .forEach(
            (key, value) -> {
              if (!Objects.equals(before.get(key), value)) {
                caps.put((String) key, value);
              }
            });
    others.object(CAPS).forEach((key, value) -> caps.put((String) key, value));
    caps.values().removeIf(Objects::isNull);
    if (!caps.isEmpty() || all.containsKey(CAPS)) {
      all.put(CAPS, caps);
    }
    return new CollectionNotes(all);
  }

  private Map<?, ?> metadataCaps() {
    return object(METADATA).get("caps") instanceof Map<?, ?> caps ? caps : Map.of();
  }

  private static Map<String, @Nullable Object> merged(Map<?, ?> old, Map<?, ?> changes) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    old.forEach((key, value) -> all.put((String) key, value));
    changes.forEach(
        (key, value) -> {
          Object before = all.get(key);
          if (before instanceof Map<?, ?> left && value instanceof Map<?, ?> right) {
            all.put((String) key, merged(left, right));
          } else if (value != null) {
            all.put((String) key, value);
          }
        });
    return all;
  }

  /// A member; empty where it was not set.
  Optional<Object> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /// A member that is an object; without members where it was not set.
  Map<?, ?> object(String key) {
    return values.get(key) instanceof Map<?, ?> map ? map : Map.of();
  }

  /// The options of searches that say nothing themselves.
  SearchOptions options() {
    Map<?, ?> caps = object(CAPS);
    SearchOptions options = SearchOptions.NONE;
    for (Map.Entry<?, ?> option : caps.entrySet()) {
      boolean isOfEngine = option.getKey().equals(GRAPH) || option.getKey().equals(LOG_INTERVAL);
      if (option.getValue() != null && !isOfEngine) {
        options =
            options.orElse(
                SearchOptions.of((String) option.getKey(), String.valueOf(option.getValue())));
      }
    }
    return options;
  }
}
