package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.PayloadChange;
import io.capsdb.Point;
import io.capsdb.PointSelector;
import io.capsdb.filter.Filter;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFilters;
import io.capsdb.formats.JsonPayloads;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads the bodies of requests that change points: by themselves, and as steps of a batch.
final class ChangeBodies {
  /// Steps of one batch.
  static final int MAX_OPERATIONS = 1_000;

  private static final int MAX_KEYS = 1_000;

  private ChangeBodies() {}

  /// One change of a collection.
  @FunctionalInterface
  interface Change {
    /// Makes the change; answers its sequence number.
    long apply(Collection collection);
  }

  /// Reads a body, whose object the parser stands at.
  @FunctionalInterface
  interface Form {
    Change read(JsonParser in, CollectionConfig config) throws IOException;
  }

  /// The kinds of steps of a batch.
  private static final Map<String, Form> FORMS =
      Map.of(
          "upsert", ChangeBodies::upsert,
          "delete", ChangeBodies::delete,
          "set_payload", ChangeBodies::setPayload,
          "overwrite_payload", ChangeBodies::overwritePayload,
          "delete_payload", ChangeBodies::deletePayload,
          "clear_payload", ChangeBodies::clearPayload,
          "update_vectors", ChangeBodies::updateVectors,
          "delete_vectors", ChangeBodies::deleteVectors);

  static Change upsert(JsonParser in, CollectionConfig config) throws IOException {
    PointBodies.Upsert body = PointBodies.upsert(in, config);
    boolean isPlain = body.mode() == io.capsdb.UpsertMode.UPSERT && body.condition().isEmpty();
    return collection -> {
      StrictMode strict = StrictMode.of(collection);
      strict.checkUpsert(collection, body.points().size());
      body.condition().ifPresent(strict::checkUpdate);
      return isPlain
          ? collection.upsert(body.points())
          : collection.upsert(body.points(), body.mode(), body.condition());
    };
  }

  static Change delete(JsonParser in, CollectionConfig config) throws IOException {
    Selection selection = new Selection(in);
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!selection.read(key)) {
        throw RequestReader.unknown(in, key, "there are points and filter");
      }
    }
    return switch (selection.require()) {
      case PointSelector.ByIds(List<PointId> ids) -> collection -> collection.delete(ids);
      case PointSelector.ByFilter(Filter filter) ->
          collection -> {
            StrictMode.of(collection).checkUpdate(filter);
            return collection.delete(filter);
          };
    };
  }

  static Change setPayload(JsonParser in, CollectionConfig config) throws IOException {
    return payload(in, false);
  }

  static Change overwritePayload(JsonParser in, CollectionConfig config) throws IOException {
    return payload(in, true);
  }

  private static Change payload(JsonParser in, boolean isOverwriting) throws IOException {
    Selection selection = new Selection(in);
    @Nullable Payload payload = null;
    Optional<String> path = Optional.empty();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (selection.read(key)) {
        continue;
      }
      switch (key) {
        case "payload" -> payload = JsonPayloads.read(in);
        case "key" -> path = isNull(in) ? path : Optional.of(OrderReader.path(in));
        default -> throw RequestReader.unknown(in, key, "there are payload, key, points, filter");
      }
    }
    if (payload == null) {
      throw Json.error(in, "payload is missing");
    }
    PayloadChange change;
    if (isOverwriting) {
      change = new PayloadChange.Overwrite(payload);
    } else if (path.isPresent()) {
      change = new PayloadChange.MergeAt(path.get(), payload);
    } else {
      change = new PayloadChange.Merge(payload);
    }
    return changing(selection.require(), change);
  }

  static Change deletePayload(JsonParser in, CollectionConfig config) throws IOException {
    Selection selection = new Selection(in);
    @Nullable List<String> keys = null;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (selection.read(key)) {
        continue;
      }
      if (!key.equals("keys")) {
        throw RequestReader.unknown(in, key, "there are keys, points and filter");
      }
      keys = new ArrayList<>();
      Json.require(in, JsonToken.START_ARRAY, "an array of paths");
      while (in.nextToken() != JsonToken.END_ARRAY) {
        if (keys.size() == MAX_KEYS) {
          throw new Json.OutOfBoundsException(
              Json.path(in), "at most " + MAX_KEYS + " keys are allowed");
        }
        keys.add(OrderReader.path(in));
      }
    }
    if (keys == null) {
      throw Json.error(in, "keys is missing");
    }
    return changing(selection.require(), new PayloadChange.Remove(keys));
  }

  static Change clearPayload(JsonParser in, CollectionConfig config) throws IOException {
    Selection selection = new Selection(in);
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!selection.read(key)) {
        throw RequestReader.unknown(in, key, "there are points and filter");
      }
    }
    return changing(selection.require(), new PayloadChange.Clear());
  }

  private static Change changing(PointSelector selector, PayloadChange change) {
    return collection -> {
      check(selector, collection);
      return collection.changePayload(selector, change);
    };
  }

  private static void check(PointSelector selector, Collection collection) {
    if (selector instanceof PointSelector.ByFilter(Filter filter)) {
      StrictMode.of(collection).checkUpdate(filter);
    }
  }

  static Change updateVectors(JsonParser in, CollectionConfig config) throws IOException {
    @Nullable List<Point> points = null;
    Optional<Filter> condition = Optional.empty();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "points" -> points = readVectors(in, config);
        case "update_filter" -> condition = readCondition(in);
        case "shard_key" -> RequestReader.requireNoShardKey(in);
        default -> throw RequestReader.unknown(in, key, "there are points and update_filter");
      }
    }
    if (points == null) {
      throw Json.error(in, "points is missing");
    }
    List<Point> vectors = points;
    Optional<Filter> rule = condition;
    return collection -> {
      StrictMode strict = StrictMode.of(collection);
      strict.checkUpsert(collection, vectors.size());
      rule.ifPresent(strict::checkUpdate);
      return collection.updateVectors(vectors, rule);
    };
  }

  private static List<Point> readVectors(JsonParser in, CollectionConfig config)
      throws IOException {
    Json.require(in, JsonToken.START_ARRAY, "an array of points");
    List<Point> points = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      PointBodies.requireRoom(in, points.size());
      Json.require(in, JsonToken.START_OBJECT, "an object");
      @Nullable PointId id = null;
      VectorReader.@Nullable Vectors vectors = null;
      for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
        in.nextToken();
        switch (key) {
          case "id" -> id = IdReader.read(in);
          case "vector" -> vectors = VectorReader.readAll(in, config);
          default -> throw RequestReader.unknown(in, key, "a point has id and vector here");
        }
      }
      if (id == null || vectors == null) {
        throw Json.error(in, (id == null ? "id" : "vector") + " is missing");
      }
      points.add(new Point(id, vectors.dense(), vectors.sparse(), Payload.empty()));
    }
    return points;
  }

  static Change deleteVectors(JsonParser in, CollectionConfig config) throws IOException {
    Selection selection = new Selection(in);
    Set<String> names = new TreeSet<>();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (selection.read(key)) {
        continue;
      }
      switch (key) {
        case "vector", "vectors" -> {
          Json.require(in, JsonToken.START_ARRAY, "an array of names");
          while (in.nextToken() != JsonToken.END_ARRAY) {
            names.add(requireName(in, config));
          }
        }
        default -> throw RequestReader.unknown(in, key, "there are vector, points and filter");
      }
    }
    if (names.isEmpty()) {
      throw Json.error(in, "vector is missing: the names of the vectors to be deleted");
    }
    PointSelector selector = selection.require();
    return collection -> {
      check(selector, collection);
      return collection.deleteVectors(selector, names);
    };
  }

  private static String requireName(JsonParser in, CollectionConfig config) throws IOException {
    String name = Json.string(in);
    if (!config.vectors().containsKey(name) && !config.sparse().containsKey(name)) {
      throw Json.error(
          in,
          "there is no vector named '"
              + Json.shorten(name)
              + "', the collection has "
              + config.vectors().keySet());
    }
    return name;
  }

  /// The steps of a batch, in their order.
  static List<Change> batch(JsonParser in, CollectionConfig config) throws IOException {
    @Nullable List<Change> changes = null;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!key.equals("operations")) {
        throw RequestReader.unknown(in, key, "a batch has operations");
      }
      changes = new ArrayList<>();
      Json.require(in, JsonToken.START_ARRAY, "an array of operations");
      while (in.nextToken() != JsonToken.END_ARRAY) {
        if (changes.size() == MAX_OPERATIONS) {
          throw new Json.OutOfBoundsException(
              Json.path(in), "at most " + MAX_OPERATIONS + " operations are allowed");
        }
        changes.add(readOperation(in, config));
      }
    }
    if (changes == null) {
      throw Json.error(in, "operations is missing");
    }
    return changes;
  }

  private static Change readOperation(JsonParser in, CollectionConfig config) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    String kind = in.nextFieldName();
    Form form = kind == null ? null : FORMS.get(kind);
    in.nextToken();
    if (form == null) {
      throw RequestReader.unknown(
          in,
          kind == null ? "" : kind,
          "an operation has one of " + String.join(", ", new TreeSet<>(FORMS.keySet())));
    }
    Json.require(in, JsonToken.START_OBJECT, "an object");
    Change change = form.read(in, config);
    if (in.nextToken() != JsonToken.END_OBJECT) {
      throw Json.error(in, "an operation is one change");
    }
    return change;
  }

  static Optional<Filter> readCondition(JsonParser in) throws IOException {
    return isNull(in) ? Optional.empty() : Optional.of(JsonFilters.read(in));
  }

  private static boolean isNull(JsonParser in) {
    return in.currentToken() == JsonToken.VALUE_NULL;
  }

  /// Either `points` or `filter`.
  private static final class Selection {
    private final JsonParser in;
    private @Nullable PointSelector selector;

    Selection(JsonParser in) {
      this.in = in;
    }

    /// Reads a key if it is one of the two, or says the shard; false for another.
    boolean read(String key) throws IOException {
      switch (key) {
        case "points" -> {
          if (!isNull(in)) {
            set(new PointSelector.ByIds(IdReader.readList(in)));
          }
        }
        case "filter" -> {
          if (!isNull(in)) {
            set(new PointSelector.ByFilter(JsonFilters.read(in)));
          }
        }
        case "shard_key" -> RequestReader.requireNoShardKey(in);
        default -> {
          return false;
        }
      }
      return true;
    }

    private void set(PointSelector given) {
      if (selector != null) {
        throw Json.error(in, "there is either points or filter, not both");
      }
      selector = given;
    }

    PointSelector require() {
      if (selector == null) {
        throw Json.error(in, "points or filter is missing");
      }
      return selector;
    }
  }
}
