package io.capsdb.server.client;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonPayloads;
import io.capsdb.formats.NamedVectors;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.SparseVector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/// Points in the JSON of an upsert, written as they come; any run of them can be sent. Not for more
/// than one thread while it grows.
public final class PointBatch {
  private static final byte[] HEAD = {'{', '"', 'p', 'o', 'i', 'n', 't', 's', '"', ':', '['};
  private static final byte[] TAIL = {']', '}'};

  /// Beyond this a whole number has no float of its own.
  private static final float MAX_WHOLE = 1 << 24;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
  private final JsonGenerator out;
  private int[] ends = new int[64];
  private int count;

  public PointBatch() throws IOException {
    out = Json.factory().createGenerator(bytes);
    out.writeStartArray();
    out.flush();
  }

  public void add(PointId id, float[] vector, Payload payload) throws IOException {
    begin(id);
    write(out, vector);
    end(payload);
  }

  /// A point with vectors by name.
  public void add(PointId id, NamedVectors vectors, Payload payload) throws IOException {
    begin(id);
    write(out, vectors);
    end(payload);
  }

  private void begin(PointId id) throws IOException {
    out.writeStartObject();
    out.writeFieldName("id");
    write(out, id);
    out.writeFieldName("vector");
  }

  private void end(Payload payload) throws IOException {
    if (!payload.isEmpty()) {
      out.writeFieldName("payload");
      JsonPayloads.write(payload, out);
    }
    out.writeEndObject();
    out.flush();
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    ends[count++] = bytes.size();
  }

  public int size() {
    return count;
  }

  public int byteCount() {
    return bytes.size();
  }

  /// The body of an upsert of the points `from .. to - 1`.
  public byte[] body(int from, int to) {
    byte[] all = bytes.toByteArray();
    int begin = from == 0 ? 1 : ends[from - 1] + 1; // behind the bracket, or the comma
    int length = ends[to - 1] - begin;
    byte[] body = new byte[HEAD.length + length + TAIL.length];
    System.arraycopy(HEAD, 0, body, 0, HEAD.length);
    System.arraycopy(all, begin, body, HEAD.length, length);
    System.arraycopy(TAIL, 0, body, HEAD.length + length, TAIL.length);
    return body;
  }

  static void write(JsonGenerator out, PointId id) throws IOException {
    switch (id) {
      case PointId.Numeric(long value) when value >= 0 -> out.writeNumber(value);
      case PointId.Numeric numeric -> out.writeRawValue(numeric.toString());
      case PointId.Uuid uuid -> out.writeString(uuid.toString());
    }
  }

  private static void write(JsonGenerator out, NamedVectors vectors) throws IOException {
    out.writeStartObject();
    for (Map.Entry<String, float[]> dense : vectors.dense().entrySet()) {
      out.writeFieldName(dense.getKey());
      write(out, dense.getValue());
    }
    for (Map.Entry<String, SparseVector> sparse : vectors.sparse().entrySet()) {
      out.writeObjectFieldStart(sparse.getKey());
      out.writeArrayFieldStart("indices");
      for (int index : sparse.getValue().indices()) {
        out.writeNumber(Integer.toUnsignedLong(index));
      }
      out.writeEndArray();
      out.writeFieldName("values");
      write(out, sparse.getValue().values());
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  /// The shortest text that reads back as the same floats: whole numbers without a fraction.
  static void write(JsonGenerator out, float[] vector) throws IOException {
    out.writeStartArray();
    for (float value : vector) {
      int whole = (int) value;
      if (whole == value
          && Math.abs(value) < MAX_WHOLE
          && (whole != 0 || Float.floatToRawIntBits(value) == 0)) {
        out.writeNumber(whole);
      } else {
        out.writeNumber(value);
      }
    }
    out.writeEndArray();
  }
}
