package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.AliasChange;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Other names of collections.
final class AliasRoutes {
  private static final int MAX_ACTIONS = 1_000;

  private AliasRoutes() {}

  static List<Route> all() {
    return List.of(
        Route.write("update_aliases", "POST", "/collections/aliases", AliasRoutes::update),
        Route.get("get_aliases", "/aliases", AliasRoutes::list),
        Route.get(
            "get_collection_aliases",
            "/collections/{collection_name}/aliases",
            AliasRoutes::listOne));
  }

  private static Answer update(Call call) {
    call.query().requireWriteOptions();
    List<AliasChange> changes = RequestReader.read(call, AliasRoutes::read);
    call.database().changeAliases(changes);
    return Answers.ok(call, out -> out.writeBoolean(true));
  }

  private static List<AliasChange> read(JsonParser in) throws IOException {
    @Nullable List<AliasChange> changes = null;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!key.equals("actions")) {
        throw RequestReader.unknown(in, key, "there are actions");
      }
      Json.require(in, JsonToken.START_ARRAY, "an array of actions");
      changes = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        if (changes.size() == MAX_ACTIONS) {
          throw new Json.OutOfBoundsException(
              Json.path(in), "at most " + MAX_ACTIONS + " actions are allowed");
        }
        changes.add(readAction(Fields.read(in)));
      }
    }
    if (changes == null) {
      throw Json.error(in, "actions is missing");
    }
    return changes;
  }

  private static AliasChange readAction(Fields action) {
    action.allowOnly("create_alias", "delete_alias", "rename_alias");
    if (action.values().size() != 1) {
      throw new JsonFormatException(action.path(), "an action does one thing");
    }
    String kind = action.values().keySet().iterator().next();
    Fields fields =
        action
            .object(kind)
            .orElseThrow(() -> new JsonFormatException(action.at(kind), "expected an object"));
    return switch (kind) {
      case "create_alias" -> {
        fields.allowOnly("collection_name", "alias_name");
        yield new AliasChange.Create(
            required(fields, "alias_name"), required(fields, "collection_name"));
      }
      case "delete_alias" -> {
        fields.allowOnly("alias_name");
        yield new AliasChange.Delete(required(fields, "alias_name"));
      }
      default -> {
        fields.allowOnly("old_alias_name", "new_alias_name");
        yield new AliasChange.Rename(
            required(fields, "old_alias_name"), required(fields, "new_alias_name"));
      }
    };
  }

  private static String required(Fields fields, String key) {
    return fields
        .text(key)
        .orElseThrow(() -> new JsonFormatException(fields.at(key), "it is missing"));
  }

  private static Answer list(Call call) {
    Map<String, String> aliases = call.database().aliases();
    return Answers.ok(call, out -> write(aliases, out));
  }

  private static Answer listOne(Call call) {
    String name = call.collection().name();
    Map<String, String> own = new TreeMap<>(call.database().aliases());
    own.values().removeIf(collection -> !collection.equals(name));
    return Answers.ok(call, out -> write(own, out));
  }

  private static void write(Map<String, String> aliases, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("aliases");
    for (Map.Entry<String, String> alias : aliases.entrySet()) {
      out.writeStartObject();
      out.writeStringField("alias_name", alias.getKey());
      out.writeStringField("collection_name", alias.getValue());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
