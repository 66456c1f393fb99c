package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.CollectionConfig;
import io.capsdb.Hit;
import io.capsdb.StoredPoint;
import io.capsdb.formats.JsonPayloads;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes points and hits, as far as they were asked for.
record PointWriter(CollectionConfig config, PayloadSelector payload, VectorSelector vectors) {

  void records(List<StoredPoint> points, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (StoredPoint point : points) {
      record(point, out);
    }
    out.writeEndArray();
  }

  void record(StoredPoint point, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeFieldName("id");
    id(point.id(), out);
    rest(point.payload(), point.vectors(), out);
    out.writeEndObject();
  }

  void hits(List<Hit> hits, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (Hit hit : hits) {
      out.writeStartObject();
      out.writeFieldName("id");
      id(hit.id(), out);
      out.writeNumberField("version", hit.version());
      out.writeNumberField("score", finite(hit.score()));
      rest(hit.payload(), hit.vectors(), out);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /// JSON has no infinity; the score of huge vectors can be one.
  private static float finite(float score) {
    return Math.clamp(score, -Float.MAX_VALUE, Float.MAX_VALUE);
  }

  private void rest(Payload all, Map<String, float[]> stored, JsonGenerator out)
      throws IOException {
    if (payload.isWanted()) {
      out.writeFieldName("payload");
      JsonPayloads.write(payload.select(all), out);
    }
    if (vectors.isWanted()) {
      out.writeFieldName("vector");
      vector(vectors.select(stored), out);
    }
  }

  private void vector(Map<String, float[]> selected, JsonGenerator out) throws IOException {
    float[] anonymous = selected.get(CollectionConfig.ANONYMOUS);
    if (anonymous != null && config.vectors().size() == 1) {
      values(anonymous, out);
      return;
    }
    out.writeStartObject();
    for (Map.Entry<String, float[]> vector : new TreeMap<>(selected).entrySet()) {
      out.writeFieldName(vector.getKey());
      values(vector.getValue(), out);
    }
    out.writeEndObject();
  }

  private static void values(float[] values, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (float value : values) {
      out.writeNumber(value);
    }
    out.writeEndArray();
  }

  /// Numbers are written unsigned.
  static void id(PointId id, JsonGenerator out) throws IOException {
    switch (id) {
      case PointId.Numeric numeric -> out.writeNumber(numeric.toString());
      case PointId.Uuid uuid -> out.writeString(uuid.toString());
    }
  }
}
