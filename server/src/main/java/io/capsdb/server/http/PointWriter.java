package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.CollectionConfig;
import io.capsdb.Hit;
import io.capsdb.OrderedPoint;
import io.capsdb.StoredPoint;
import io.capsdb.formats.JsonPayloads;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.SparseVector;
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
    rest(point.payload(), point.vectors(), point.sparse(), out);
    out.writeEndObject();
  }

  /// @param order the values that the hits were ordered by, one for each; empty for other orders
  void hits(List<Hit> hits, List<Number> order, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (int i = 0; i < hits.size(); i++) {
      Hit hit = hits.get(i);
      out.writeStartObject();
      out.writeFieldName("id");
      id(hit.id(), out);
      out.writeNumberField("version", hit.version());
      out.writeNumberField("score", finite(hit.score()));
      rest(hit.payload(), hit.vectors(), hit.sparse(), out);
      if (!order.isEmpty()) {
        orderValue(order.get(i), out);
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  void ordered(List<OrderedPoint> points, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (OrderedPoint ordered : points) {
      out.writeStartObject();
      out.writeFieldName("id");
      id(ordered.point().id(), out);
      StoredPoint point = ordered.point();
      rest(point.payload(), point.vectors(), point.sparse(), out);
      orderValue(ordered.value(), out);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void orderValue(Number value, JsonGenerator out) throws IOException {
    if (value instanceof Long whole) {
      out.writeNumberField("order_value", whole);
    } else {
      out.writeNumberField("order_value", value.doubleValue());
    }
  }

  /// JSON has no infinity; the score of huge vectors can be one.
  static float finite(float score) {
    return Math.clamp(score, -Float.MAX_VALUE, Float.MAX_VALUE);
  }

  private void rest(
      Payload all, Map<String, float[]> stored, Map<String, SparseVector> sparse, JsonGenerator out)
      throws IOException {
    if (payload.isWanted()) {
      out.writeFieldName("payload");
      JsonPayloads.write(payload.select(all), out);
    }
    if (vectors.isWanted()) {
      out.writeFieldName("vector");
      vector(vectors.select(stored), vectors.select(sparse), out);
    }
  }

  private void vector(
      Map<String, float[]> selected, Map<String, SparseVector> sparse, JsonGenerator out)
      throws IOException {
    float[] anonymous = selected.get(CollectionConfig.ANONYMOUS);
    if (anonymous != null && config.vectors().size() == 1 && sparse.isEmpty()) {
      values(anonymous, out);
      return;
    }
    out.writeStartObject();
    for (Map.Entry<String, float[]> vector : new TreeMap<>(selected).entrySet()) {
      out.writeFieldName(vector.getKey());
      values(vector.getValue(), out);
    }
    for (Map.Entry<String, SparseVector> vector : new TreeMap<>(sparse).entrySet()) {
      out.writeObjectFieldStart(vector.getKey());
      out.writeArrayFieldStart("indices");
      for (int index : vector.getValue().indices()) {
        out.writeNumber(Integer.toUnsignedLong(index));
      }
      out.writeEndArray();
      out.writeFieldName("values");
      values(vector.getValue().values(), out);
      out.writeEndObject();
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
