package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.CollectionStatus;
import io.capsdb.VectorConfig;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/// Writes what a collection is. Clients insist on settings of graph, optimizers and log; they are
/// shown with fixed values, as they mean nothing here.
final class CollectionWriter {
  private CollectionWriter() {}

  static void info(Collection collection, JsonGenerator out) throws IOException {
    CollectionStatus status = collection.status();
    out.writeStartObject();
    out.writeStringField("status", name(status.state()));
    out.writeFieldName("optimizer_status");
    if (status.state() == CollectionStatus.State.RED) {
      out.writeStartObject();
      out.writeStringField("error", "background work failed, the server's log tells why");
      out.writeEndObject();
    } else {
      out.writeString("ok");
    }
    out.writeNumberField("points_count", status.points());
    out.writeNumberField("indexed_vectors_count", status.indexedPoints());
    out.writeNumberField("segments_count", status.segments());
    out.writeObjectFieldStart("config");
    out.writeObjectFieldStart("params");
    out.writeFieldName("vectors");
    vectors(collection.config(), out);
    out.writeNumberField("shard_number", 1);
    out.writeNumberField("replication_factor", 1);
    out.writeNumberField("write_consistency_factor", 1);
    out.writeBooleanField("on_disk_payload", true);
    out.writeEndObject();
    graph(out);
    optimizers(out);
    log(out);
    out.writeNullField("quantization_config");
    out.writeEndObject();
    out.writeObjectFieldStart("payload_schema");
    out.writeEndObject();
    out.writeEndObject();
  }

  /// Progress of sealing and merging.
  static void indexStatus(CollectionStatus status, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("state", name(status.state()));
    out.writeNumberField("points", status.points());
    out.writeNumberField("indexed_points", status.indexedPoints());
    out.writeNumberField("segments", status.segments());
    out.writeNumberField("sequence", status.sequence());
    boolean isRed = status.state() == CollectionStatus.State.RED;
    out.writeStringField("work", isRed ? "failed, the server's log tells why" : status.work());
    out.writeEndObject();
  }

  private static String name(CollectionStatus.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static void vectors(CollectionConfig config, JsonGenerator out) throws IOException {
    VectorConfig anonymous = config.vectors().get(CollectionConfig.ANONYMOUS);
    if (anonymous != null && config.vectors().size() == 1) {
      vector(anonymous, out);
      return;
    }
    out.writeStartObject();
    for (Map.Entry<String, VectorConfig> entry : config.vectors().entrySet()) {
      out.writeFieldName(entry.getKey());
      vector(entry.getValue(), out);
    }
    out.writeEndObject();
  }

  private static void vector(VectorConfig vector, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeNumberField("size", vector.dimension());
    out.writeStringField("distance", name(vector.metric()));
    out.writeEndObject();
  }

  private static String name(Metric metric) {
    return switch (metric) {
      case COSINE -> "Cosine";
      case DOT -> "Dot";
      case EUCLID -> "Euclid";
      case MANHATTAN -> "Manhattan";
    };
  }

  private static void graph(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("hnsw_config");
    out.writeNumberField("m", 16);
    out.writeNumberField("ef_construct", 100);
    out.writeNumberField("full_scan_threshold", 10_000);
    out.writeNumberField("max_indexing_threads", 0);
    out.writeBooleanField("on_disk", false);
    out.writeEndObject();
  }

  private static void optimizers(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("optimizer_config");
    out.writeNumberField("deleted_threshold", 0.2);
    out.writeNumberField("vacuum_min_vector_number", 1_000);
    out.writeNumberField("default_segment_number", 0);
    out.writeNullField("max_segment_size");
    out.writeNullField("memmap_threshold");
    out.writeNumberField("indexing_threshold", 10_000);
    out.writeNumberField("flush_interval_sec", 5);
    out.writeNullField("max_optimization_threads");
    out.writeEndObject();
  }

  private static void log(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("wal_config");
    out.writeNumberField("wal_capacity_mb", 32);
    out.writeNumberField("wal_segments_ahead", 0);
    out.writeNumberField("wal_retain_closed", 1);
    out.writeEndObject();
  }
}
