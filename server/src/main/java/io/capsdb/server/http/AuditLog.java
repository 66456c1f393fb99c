package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.formats.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// Writes down writes and refusals, one JSON object a line, to the logger `io.capsdb.audit`.
///
/// @param isOn whether anything is written
record AuditLog(boolean isOn) {
  private static final System.Logger LOG = System.getLogger("io.capsdb.audit");

  /// @param who name of the key; `-` where there was none
  /// @param operation as in the description of the API; `-` where there is none
  void write(String who, String from, String operation, String path, int status, long nanos) {
    if (!isOn) {
      return;
    }
    StringWriter line = new StringWriter();
    try (JsonGenerator out = Json.factory().createGenerator(line)) {
      out.writeStartObject();
      out.writeStringField("operation", operation);
      out.writeStringField("path", path);
      out.writeNumberField("status", status);
      out.writeStringField("key", who);
      out.writeStringField("from", from);
      out.writeNumberField("millis", nanos / 1_000_000);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LOG.log(
        status < 400 ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
        () -> line.toString());
  }
}
