package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The served document, for tests: its operations, and its schemas to hold values against.
final class ApiDocument {
  static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document;
  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

  ApiDocument() {
    try {
      this.document = JSON.readTree(OpenApi.json());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One operation of the document.
  record Operation(String id, String method, String path, JsonNode node) {}

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method -> {
                          if (method.getValue().has("operationId")) {
                            operations.add(
                                new Operation(
                                    method.getValue().get("operationId").asText(),
                                    method.getKey().toUpperCase(java.util.Locale.ROOT),
                                    path.getKey(),
                                    method.getValue()));
                          }
                        }));
    return operations;
  }

  Operation operation(String id) {
    return operations().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
  }

  /// The schema of an operation's answer of a status.
  JsonNode answerSchema(Operation operation, int status) {
    JsonNode responses = operation.node().get("responses");
    String code = Integer.toString(status);
    JsonNode response =
        resolve(responses.has(code) ? responses.get(code) : responses.get("default"));
    return response.at("/content/application~1json/schema");
  }

  JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
  }

  /// Fails unless a value fits a schema of this document.
  void requireFit(JsonNode schema, JsonNode value, String what) {
    assertThat(schema.isMissingNode()).as("%s has a JSON schema", what).isFalse();
    JsonSchema compiled =
        schemas.computeIfAbsent(
            schema.toString(),
            _ -> {
              var whole = JSON.createObjectNode();
              whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
              whole.setAll((com.fasterxml.jackson.databind.node.ObjectNode) schema);
              whole.set("components", document.get("components"));
              return factory.getSchema(whole);
            });
    assertThat(compiled.validate(value)).as("%s: %s", what, value).isEmpty();
  }
}
