package io.capsdb.server.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;

/// An evaluation as JSON: its fields by their names, in snake case.
public final class EvaluationJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT);

  private EvaluationJson() {}

  public static String write(Evaluation evaluation) throws IOException {
    return MAPPER.writeValueAsString(evaluation);
  }

  /// @throws IOException if something is missing or of another form
  public static Evaluation read(JsonNode node) throws IOException {
    return MAPPER.treeToValue(node, Evaluation.class);
  }
}
