package io.capsdb.bench.peers;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.formats.Json;
import io.capsdb.io.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Writes results: one JSON object a line, shown, and appended to a file if there is one.
final class ResultLines implements Closeable {
  private final Optional<Disk.AppendFile> file;

  private ResultLines(Optional<Disk.AppendFile> file) {
    this.file = file;
  }

  static ResultLines open(Disk disk, Optional<Path> path) throws IOException {
    if (path.isEmpty()) {
      return new ResultLines(Optional.empty());
    }
    long length = disk.exists(path.get()) ? disk.size(path.get()) : 0;
    return new ResultLines(Optional.of(disk.append(path.get(), length)));
  }

  /// @param fields strings, booleans, whole numbers and numbers, in this order
  void write(Map<String, Object> fields) throws IOException {
    String line = json(fields);
    System.out.println(line);
    if (file.isPresent()) {
      file.get().write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static String json(Map<String, Object> fields) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = Json.factory().createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, Object> field : fields.entrySet()) {
        json.writeFieldName(field.getKey());
        switch (field.getValue()) {
          case String string -> json.writeString(string);
          case Boolean flag -> json.writeBoolean(flag);
          case Integer number -> json.writeNumber(number);
          case Long number -> json.writeNumber(number);
          case Double number -> json.writeNumber(number);
          default -> throw new IllegalArgumentException("no JSON value: " + field.getValue());
        }
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    if (file.isPresent()) {
      file.get().close();
    }
  }
}
