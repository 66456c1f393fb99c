package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.Advice;
import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.CollectionStatus;
import io.capsdb.FieldIndex;
import io.capsdb.RunningWork;
import io.capsdb.SparseConfig;
import io.capsdb.VectorConfig;
import io.capsdb.filter.Filter;
import io.capsdb.formats.JsonPayloads;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes what a collection is. Clients insist on settings of graph, optimizers and log; they are
/// shown as they were set, and with fixed values where they were not, as they mean nothing here.
final class CollectionWriter {
  private static final String DATATYPE = "datatype";
  private static final Map<String, @Nullable Object> GRAPH = graph();
  private static final Map<String, @Nullable Object> OPTIMIZERS = optimizers();
  private static final Map<String, @Nullable Object> LOG = log();

  private CollectionWriter() {}

  static void info(Collection collection, JsonGenerator out) throws IOException {
    CollectionStatus status = collection.status();
    CollectionNotes notes = CollectionNotes.of(collection);
    out.writeStartObject();
    out.writeStringField("status", name(status.state()));
    out.writeFieldName("optimizer_status");
    Optional<String> problem = problem(status);
    if (problem.isPresent()) {
      out.writeStartObject();
      out.writeStringField("error", problem.get());
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
    vectors(collection.config(), notes.object("vectors"), out);
    if (!collection.config().sparse().isEmpty()) {
      out.writeFieldName("sparse_vectors");
      sparse(collection.config(), notes.object("sparse_vectors"), out);
    }
    out.writeNumberField("shard_number", 1);
    for (String key : List.of("replication_factor", "write_consistency_factor")) {
      out.writeFieldName(key);
      JsonPayloads.writeValue(notes.get(key).orElse(1L), out);
    }
    out.writeFieldName("on_disk_payload");
    JsonPayloads.writeValue(notes.get("on_disk_payload").orElse(true), out);
    for (String key : List.of("payload", "id_tracker")) {
      if (notes.get(key).isPresent()) {
        out.writeFieldName(key);
        JsonPayloads.writeValue(notes.object(key), out);
      }
    }
    out.writeEndObject();
    write("hnsw_config", GRAPH, notes.object("hnsw_config"), out);
    write("optimizer_config", OPTIMIZERS, notes.object("optimizers_config"), out);
    write("wal_config", LOG, notes.object("wal_config"), out);
    out.writeFieldName("quantization_config");
    JsonPayloads.writeValue(
        notes.get("quantization_config").filter(Map.class::isInstance).orElse(null), out);
    for (String key : List.of("strict_mode_config", "metadata", "caps_config")) {
      if (notes.get(key).isPresent()) {
        out.writeFieldName(key);
        JsonPayloads.writeValue(notes.object(key), out);
      }
    }
    out.writeEndObject();
    fields(collection, out);
    out.writeEndObject();
  }

  /// The declared fields, with the number of points that have something there.
  private static void fields(Collection collection, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("payload_schema");
    for (Map.Entry<String, FieldIndex> field : collection.settings().fields().entrySet()) {
      out.writeObjectFieldStart(field.getKey());
      out.writeStringField("data_type", field.getValue().type().name().toLowerCase(Locale.ROOT));
      if (!field.getValue().schema().isEmpty()) {
        out.writeFieldName("params");
        JsonPayloads.writeValue(CollectionNotes.parse(field.getValue().schema()).values(), out);
      }
      out.writeNumberField(
          "points", collection.count(new Filter.Not(new Filter.IsEmpty(field.getKey()))));
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  /// Fixed values, and over them what was set.
  private static void write(
      String name, Map<String, @Nullable Object> fixed, Map<?, ?> set, JsonGenerator out)
      throws IOException {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(fixed);
    // A null leaves what is fixed; clients read a number or nothing where "auto" was set.
    set.forEach(
        (key, value) -> {
          if (value != null) {
            all.put((String) key, value.equals("auto") ? null : value);
          }
        });
    out.writeFieldName(name);
    JsonPayloads.writeValue(all, out);
  }

  /// Progress of sealing and merging.
  static void indexStatus(CollectionStatus status, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("state", name(status.state()));
    out.writeNumberField("points", status.points());
    out.writeNumberField("indexed_points", status.indexedPoints());
    out.writeNumberField("segments", status.segments());
    out.writeNumberField("sequence", status.sequence());
    out.writeStringField("work", problem(status).orElseGet(status::work));
    out.writeArrayFieldStart("running");
    for (RunningWork work : status.running()) {
      out.writeStartObject();
      out.writeStringField("phase", work.kind());
      out.writeNumberField("points", work.points());
      out.writeNumberField("percent", Math.round(1_000 * work.done()) / 10.0);
      if (work.secondsLeft().isPresent()) {
        out.writeNumberField("seconds_left", (long) Math.ceil(work.secondsLeft().getAsDouble()));
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /// On a full disk the index is what it was: only points do not come any more.
  private static Optional<String> problem(CollectionStatus status) {
    if (status.state() == CollectionStatus.State.RED) {
      return Optional.of("background work failed, the server's log tells why");
    }
    return status.isFull()
        ? Optional.of("the disk is full: no points are taken until there is room")
        : Optional.empty();
  }

  static void advice(Advice advice, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeNumberField("filters_seen", advice.filtersSeen());
    out.writeArrayFieldStart("fields");
    for (Advice.Field field : advice.fields()) {
      out.writeStartObject();
      out.writeStringField("field", field.path());
      out.writeNumberField("filters", field.filters());
      out.writeBooleanField("declared", field.isDeclared());
      out.writeNumberField("unindexed_points", field.unindexed());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("partitions");
    for (Advice.Partitions partitions : advice.partitions()) {
      out.writeStartObject();
      out.writeStringField("vector", partitions.vector());
      out.writeNumberField("segments", partitions.segments());
      out.writeNumberField("count", partitions.count());
      out.writeNumberField("largest", partitions.largest());
      out.writeNumberField("mean", partitions.mean());
      out.writeBooleanField("skewed", partitions.isSkewed());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("targets");
    for (Advice.Target target : advice.targets()) {
      out.writeStartObject();
      out.writeStringField("vector", target.vector());
      out.writeNumberField("recall_target", target.recall());
      out.writeNumberField("probes", target.probes());
      out.writeNumberField("scanned", target.scanned());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("suggestions");
    for (String suggestion : advice.suggestions()) {
      out.writeString(suggestion);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  static String name(CollectionStatus.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /// As they were set; a modifier that means nothing is left out.
  private static void sparse(CollectionConfig config, Map<?, ?> notes, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    for (Map.Entry<String, SparseConfig> entry : config.sparse().entrySet()) {
      out.writeObjectFieldStart(entry.getKey());
      if (notes.get(entry.getKey()) instanceof Map<?, ?> set
          && set.get("index") instanceof Map<?, ?> index) {
        out.writeFieldName("index");
        JsonPayloads.writeValue(index, out);
      }
      if (entry.getValue().hasIdf()) {
        out.writeStringField("modifier", "idf");
      }
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  private static void vectors(CollectionConfig config, Map<?, ?> notes, JsonGenerator out)
      throws IOException {
    VectorConfig anonymous = config.vectors().get(CollectionConfig.ANONYMOUS);
    if (anonymous != null && config.vectors().size() == 1) {
      vector(anonymous, notes.get(CollectionConfig.ANONYMOUS), out);
      return;
    }
    out.writeStartObject();
    for (Map.Entry<String, VectorConfig> entry : config.vectors().entrySet()) {
      out.writeFieldName(entry.getKey());
      vector(entry.getValue(), notes.get(entry.getKey()), out);
    }
    out.writeEndObject();
  }

  private static void vector(VectorConfig vector, @Nullable Object notes, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeNumberField("size", vector.dimension());
    out.writeStringField("distance", name(vector.metric()));
    Map<?, ?> noted = notes instanceof Map<?, ?> map ? map : Map.of();
    for (Map.Entry<?, ?> entry : noted.entrySet()) {
      boolean isDisabled = "Disabled".equals(entry.getValue());
      if (!entry.getKey().equals(DATATYPE) && !isDisabled) {
        out.writeFieldName((String) entry.getKey());
        JsonPayloads.writeValue(entry.getValue(), out);
      }
    }
    // Not as it was noted: collections from before other types were stored have float32.
    if (noted.containsKey(DATATYPE) || vector.type() != ElementType.FLOAT32) {
      out.writeStringField(DATATYPE, vector.type().apiName());
    }
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

  private static Map<String, @Nullable Object> graph() {
    Map<String, @Nullable Object> graph = new LinkedHashMap<>();
    graph.put("m", 16L);
    graph.put("ef_construct", 100L);
    graph.put("full_scan_threshold", 10_000L);
    graph.put("max_indexing_threads", 0L);
    graph.put("on_disk", false);
    return graph;
  }

  private static Map<String, @Nullable Object> optimizers() {
    Map<String, @Nullable Object> optimizers = new LinkedHashMap<>();
    optimizers.put("deleted_threshold", 0.2);
    optimizers.put("vacuum_min_vector_number", 1_000L);
    optimizers.put("default_segment_number", 0L);
    optimizers.put("max_segment_size", null);
    optimizers.put("memmap_threshold", null);
    optimizers.put("indexing_threshold", 10_000L);
    optimizers.put("flush_interval_sec", 5L);
    optimizers.put("max_optimization_threads", null);
    return optimizers;
  }

  private static Map<String, @Nullable Object> log() {
    Map<String, @Nullable Object> log = new LinkedHashMap<>();
    log.put("wal_capacity_mb", 32L);
    log.put("wal_segments_ahead", 0L);
    log.put("wal_retain_closed", 1L);
    return log;
  }
}
