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
            call.config().limits().maxAnswerBytes(),
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
            Integer.MAX_VALUE,
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

  /// @throws Problem 422 if there would be more bytes than allowed
  static byte[] bytes(long most, Body body) {
    ByteArrayOutputStream bytes = new BoundedBytes(most);
    try (JsonGenerator out = Json.factory().createGenerator(bytes)) {
      body.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// Payloads can be of any size, so it shows only in the writing how long an answer gets.
  private static final class BoundedBytes extends ByteArrayOutputStream {
    private final long most;

    BoundedBytes(long most) {
      super(512);
      this.most = most;
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
      if (count + (long) length > most) {
        throw new Problem(
            422, "the answer would have more than " + most + " bytes, ask for fewer points");
      }
      super.write(bytes, from, length);
    }
  }
}
