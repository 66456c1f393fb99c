package io.capsdb.server.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.formats.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/// Writes each line of the log as a JSON object.
final class JsonLogFormatter extends Formatter {
  @Override
  public String format(LogRecord entry) {
    StringWriter line = new StringWriter();
    try (JsonGenerator out = Json.factory().createGenerator(line)) {
      out.writeStartObject();
      out.writeStringField("time", entry.getInstant().toString());
      out.writeStringField("level", entry.getLevel().getName());
      out.writeStringField("logger", String.valueOf(entry.getLoggerName()));
      out.writeStringField("message", formatMessage(entry));
      if (entry.getThrown() != null) {
        StringWriter trace = new StringWriter();
        entry.getThrown().printStackTrace(new PrintWriter(trace));
        out.writeStringField("thrown", trace.toString());
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.append('\n').toString();
  }
}
