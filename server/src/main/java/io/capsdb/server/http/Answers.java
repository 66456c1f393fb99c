package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.formats.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/// Writes the envelope around results and around problems.
final class Answers {
  private Answers() {}

  /// Writes a value.
  @FunctionalInterface
  interface Body {
    void write(JsonGenerator out) throws IOException;
  }

  /// `{"result": …, "status": "ok", "time": …}`.
  static Answer ok(Call call, Body result) {
    return Answer.json(
        200,
        bytes(
            out -> {
              out.writeStartObject();
              out.writeFieldName("result");
              result.write(out);
              out.writeStringField("status", "ok");
              out.writeNumberField("time", call.seconds());
              out.writeEndObject();
            }));
  }

  /// `{"status": {"error": …}, "time": …}`.
  static Answer problem(Problem problem, double seconds) {
    byte[] body =
        bytes(
            out -> {
              out.writeStartObject();
              out.writeObjectFieldStart("status");
              out.writeStringField("error", problem.text());
              out.writeEndObject();
              out.writeNumberField("time", seconds);
              out.writeEndObject();
            });
    Map<String, String> headers = new HashMap<>();
    problem.retrySeconds().ifPresent(wait -> headers.put("Retry-After", Integer.toString(wait)));
    return new Answer(problem.status(), Answer.JSON, body, headers);
  }

  static byte[] bytes(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator out = Json.factory().createGenerator(bytes)) {
      body.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
