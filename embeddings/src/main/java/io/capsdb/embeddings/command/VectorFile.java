package io.capsdb.embeddings.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.formats.FileOutput;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonPayloads;
import io.capsdb.formats.NpyOutput;
import io.capsdb.formats.RowSource;
import io.capsdb.io.Disk;
import io.capsdb.point.PointId;
import io.capsdb.server.command.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;

/// A file of embedded rows, in the form that its name tells. It gets its name when it is whole.
sealed interface VectorFile extends AutoCloseable {
  /// @throws UsageException if the name is of no form that is written
  static void requireKnown(Path file) {
    String name = unpacked(file);
    if (!name.endsWith(".jsonl") && !name.endsWith(".npy") && !name.endsWith(".fvecs")) {
      throw new UsageException(
          "--output: '" + file + "' must end with .jsonl, .npy or .fvecs, or the same and .gz");
    }
  }

  /// Begins a file whose name is of a known form.
  static VectorFile create(Disk disk, Path file) throws IOException {
    String name = unpacked(file);
    if (name.endsWith(".npy")) {
      return new Npy(NpyOutput.create(disk, file));
    }
    FileOutput out = FileOutput.create(disk, file);
    return name.endsWith(".jsonl") ? new Jsonl(out) : new Fvecs(out);
  }

  private static String unpacked(Path file) {
    return file.toString().replaceFirst("\\.gz$", "");
  }

  private static float[] vector(RowSource.Row row) {
    return Objects.requireNonNull(row.vector());
  }

  void write(RowSource.Row row) throws IOException;

  void commit() throws IOException;

  @Override
  void close() throws IOException;

  /// Vectors only, with a head.
  record Npy(NpyOutput out) implements VectorFile {
    @Override
    public void write(RowSource.Row row) throws IOException {
      out.write(vector(row));
    }

    @Override
    public void commit() throws IOException {
      out.commit();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /// Vectors only, each with its dimension.
  record Fvecs(FileOutput out) implements VectorFile {
    @Override
    public void write(RowSource.Row row) throws IOException {
      float[] vector = vector(row);
      ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putInt(vector.length);
      for (float value : vector) {
        bytes.putFloat(value);
      }
      out.write(bytes.array());
    }

    @Override
    public void commit() throws IOException {
      out.commit();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /// Points with id and payload.
  record Jsonl(FileOutput out) implements VectorFile {
    @Override
    public void write(RowSource.Row row) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      try (JsonGenerator json = Json.factory().createGenerator(line)) {
        json.writeStartObject();
        PointId id = row.id().orElseGet(() -> PointId.of(row.number()));
        if (id instanceof PointId.Uuid) {
          json.writeStringField("id", id.toString());
        } else {
          json.writeFieldName("id");
          json.writeRawValue(id.toString());
        }
        json.writeFieldName("vector");
        json.writeStartArray();
        for (float value : vector(row)) {
          json.writeNumber(value);
        }
        json.writeEndArray();
        json.writeFieldName("payload");
        JsonPayloads.write(row.payload(), json);
        json.writeEndObject();
      }
      line.write('\n');
      out.write(line.toByteArray());
    }

    @Override
    public void commit() throws IOException {
      out.commit();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
