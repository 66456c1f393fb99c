package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import io.capsdb.FieldIndex;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFormatException;
import io.capsdb.point.FieldPath;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads how a payload field is declared: its type by name, or an object with `type` and settings.
final class FieldBodies {
  private static final List<String> TYPES =
      List.of("keyword", "integer", "float", "bool", "datetime", "uuid", "geo", "text");
  private static final List<String> SETTINGS =
      List.of(
          "type",
          "is_tenant",
          "is_principal",
          "lookup",
          "range",
          "on_disk",
          "enable_hnsw",
          "tokenizer",
          "lowercase",
          "ascii_folding",
          "phrase_matching",
          "min_token_len",
          "max_token_len",
          "stopwords",
          "stemmer",
          "prefix",
          "scoring",
          "nested",
          "memory");
  private static final List<String> FLAGS =
      List.of(
          "is_tenant",
          "is_principal",
          "lookup",
          "range",
          "on_disk",
          "enable_hnsw",
          "lowercase",
          "ascii_folding",
          "phrase_matching",
          "prefix",
          "nested");

  private FieldBodies() {}

  /// @param path in canonical form
  record Declaration(String path, FieldIndex index) {}

  static Declaration declare(JsonParser in) throws IOException {
    Fields body = Fields.read(in).allowOnly("field_name", "field_schema", "field_type");
    String field =
        body.text("field_name")
            .orElseThrow(() -> new JsonFormatException("field_name", "it is missing"));
    String path;
    try {
      path = FieldPath.parse(field).canonical();
    } catch (IllegalArgumentException e) {
      throw new JsonFormatException("field_name", String.valueOf(e.getMessage()));
    }
    String key = body.has("field_schema") ? "field_schema" : "field_type";
    if (!body.has(key)) {
      throw new JsonFormatException("field_schema", "it is missing");
    }
    return new Declaration(path, index(body, key));
  }

  private static FieldIndex index(Fields body, String key) {
    if (!(body.values().get(key) instanceof Map)) {
      return new FieldIndex(type(body.text(key).orElseThrow(), body.at(key)), "");
    }
    Fields schema = body.object(key).orElseThrow().allowOnly(SETTINGS.toArray(String[]::new));
    FLAGS.forEach(schema::flag);
    schema.whole("min_token_len", 0, Integer.MAX_VALUE);
    schema.whole("max_token_len", 0, Integer.MAX_VALUE);
    schema.text("tokenizer");
    CollectionBodies.checkMemory(schema);
    String type =
        schema
            .text("type")
            .orElseThrow(() -> new JsonFormatException(schema.at("type"), "it is missing"));
    FieldIndex.Type known = type(type, schema.at("type"));
    boolean isTenant = schema.flag("is_tenant").orElse(false);
    if (isTenant && !known.canBeTenant()) {
      throw new JsonFormatException(
          schema.at("is_tenant"), "it must not be true but for the types keyword and uuid");
    }
    return new FieldIndex(known, isTenant, new CollectionNotes(schema.values()).text());
  }

  private static FieldIndex.Type type(String name, String where) {
    if (!TYPES.contains(name)) {
      throw new JsonFormatException(
          where,
          "unknown type '" + Json.shorten(name) + "', must be one of " + String.join(", ", TYPES));
    }
    return FieldIndex.Type.valueOf(name.toUpperCase(Locale.ROOT));
  }

  /// A field in a path of the URL, in canonical form.
  static String path(String field) {
    try {
      return FieldPath.parse(field).canonical();
    } catch (IllegalArgumentException e) {
      throw Problem.format("path parameters", "field_name: " + e.getMessage());
    }
  }
}
