package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import io.capsdb.CollectionConfig;
import io.capsdb.SparseConfig;
import io.capsdb.VectorConfig;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFormatException;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what a collection is to be.
///
/// Settings that mean something elsewhere only (graph, optimizers, log, quantization, replicas)
/// are checked, kept and answered, and change nothing; settings that would change answers and
/// that we do not have are refused. Sparse vectors of all element types are kept as float32.
final class CollectionBodies {
  private static final List<String> VECTOR_KEYS =
      List.of(
          "size",
          "distance",
          "hnsw_config",
          "quantization_config",
          "on_disk",
          "datatype",
          "memory",
          "multivector_config");
  /// Members that are kept as they come.
  private static final List<String> NOTED =
      List.of(
          "replication_factor",
          "write_consistency_factor",
          "on_disk_payload",
          "payload",
          "id_tracker",
          "hnsw_config",
          "wal_config",
          "optimizers_config",
          "quantization_config",
          "strict_mode_config",
          CollectionNotes.METADATA,
          CollectionNotes.CAPS,
          "sparse_vectors");

  private static final int MAX_NAME = 255;
  private static final long MANY = Long.MAX_VALUE;

  private CollectionBodies() {}

  /// A collection that is to be made.
  record Creation(CollectionConfig config, CollectionNotes notes) {}

  /// Reads the body of a request that creates a collection.
  static Creation create(JsonParser in) throws IOException {
    Fields body =
        Fields.read(in)
            .allowOnly(
                "vectors",
                "shard_number",
                "sharding_method",
                "replication_factor",
                "write_consistency_factor",
                "on_disk_payload",
                "payload",
                "id_tracker",
                "hnsw_config",
                "wal_config",
                "optimizers_config",
                "quantization_config",
                "sparse_vectors",
                "strict_mode_config",
                CollectionNotes.METADATA,
                "init_from",
                "caps_config");
    body.refuse("init_from");
    body.whole("shard_number", 1, 64);
    body.text("sharding_method")
        .filter(method -> !method.equals("auto"))
        .ifPresent(
            method -> {
              throw new JsonFormatException(
                  "sharding_method", "'" + Json.shorten(method) + "' is not served, there is auto");
            });
    checkLog(body);
    checkCommon(body);
    checkReplicas(body);
    checkOptimizers(body, "optimizers_config");
    return new Creation(
        new CollectionConfig(
            vectors(body),
            sparse(body),
            first(body, CollectionBodies::graph).orElse(false),
            first(body, CollectionBodies::logInterval).orElse(0)),
        notes(body));
  }

  /// Where our options stand, what counts more first: clients whose types have no `caps_config`
  /// can say the same in `metadata`.
  private static List<Fields> caps(Fields body) {
    return Stream.of(
            body.object(CollectionNotes.CAPS),
            body.object(CollectionNotes.METADATA).flatMap(metadata -> metadata.object("caps")))
        .flatMap(Optional::stream)
        .toList();
  }

  private static <T> Optional<T> first(Fields body, Function<Fields, Optional<T>> option) {
    // Each of them is read, and so checked.
    List<T> found = caps(body).stream().flatMap(caps -> option.apply(caps).stream()).toList();
    return found.stream().findFirst();
  }

  private static Optional<Integer> logInterval(Fields caps) {
    OptionalLong millis =
        caps.whole(CollectionNotes.LOG_INTERVAL, 0, CollectionConfig.MAX_LOG_INTERVAL_MILLIS);
    return millis.isEmpty() ? Optional.empty() : Optional.of((int) millis.getAsLong());
  }

  private static Optional<Boolean> graph(Fields caps) {
    return caps.text(CollectionNotes.GRAPH)
        .map(
            baseline ->
                switch (baseline) {
                  case "on" -> true;
                  case "off" -> false;
                  default ->
                      throw new JsonFormatException(
                          caps.at(CollectionNotes.GRAPH),
                          "'" + Json.shorten(baseline) + "' invalid, must be on or off");
                });
  }

  /// Reads the body of a request that changes a collection: settings to be kept on top of those
  /// that there are.
  static CollectionNotes update(JsonParser in, CollectionConfig config) throws IOException {
    Fields body =
        Fields.read(in)
            .allowOnly(
                "vectors",
                "optimizers_config",
                "optimizer_config",
                "params",
                "hnsw_config",
                "quantization_config",
                "sparse_vectors",
                "strict_mode_config",
                CollectionNotes.METADATA,
                "caps_config");
    checkCommon(body);
    for (Fields caps : caps(body)) {
      // What is there already may come back: clients change metadata as a whole.
      if (graph(caps).orElse(config.hasGraph()) != config.hasGraph()) {
        throw notLater(caps, CollectionNotes.GRAPH);
      }
      if (logInterval(caps).orElse(config.logIntervalMillis()) != config.logIntervalMillis()) {
        throw notLater(caps, CollectionNotes.LOG_INTERVAL);
      }
    }
    checkOptimizers(body, "optimizers_config");
    checkOptimizers(body, "optimizer_config");
    sparse(body).forEach((name, sparse) -> requireSame(name, sparse, config));
    Optional<Fields> params = body.object("params");
    if (params.isPresent()) {
      checkReplicas(
          params
              .get()
              .allowOnly(
                  "replication_factor",
                  "write_consistency_factor",
                  "read_fan_out_factor",
                  "read_fan_out_delay_ms",
                  "on_disk_payload",
                  "payload",
                  "id_tracker"));
    }
    Optional<Fields> vectors = body.object("vectors");
    if (vectors.isPresent()) {
      for (String name : vectors.get().values().keySet()) {
        if (!config.vectors().containsKey(name)) {
          throw new JsonFormatException(
              vectors.get().at(name),
              "there is no such vector, the collection has " + config.vectors().keySet());
        }
        Optional<Fields> one = vectors.get().object(name);
        if (one.isPresent()) {
          one.get().allowOnly("hnsw_config", "quantization_config", "on_disk", "memory");
          checkGraph(one.get());
          checkQuantization(one.get());
          one.get().flag("on_disk");
          checkMemory(one.get());
        }
      }
    }
    CollectionNotes notes = notes(body);
    Map<String, @Nullable Object> kept = new LinkedHashMap<>(notes.values());
    params.ifPresent(fields -> kept.putAll(fields.values()));
    body.object("optimizer_config")
        .ifPresent(fields -> kept.put("optimizers_config", fields.values()));
    vectors.ifPresent(fields -> kept.put("vectors", fields.values()));
    return new CollectionNotes(kept);
  }

  private static JsonFormatException notLater(Fields caps, String option) {
    return new JsonFormatException(
        caps.at(option), "it is set when a collection is created, and cannot be changed");
  }

  private static void checkReplicas(Fields body) {
    body.whole("replication_factor", 1, 64);
    body.whole("write_consistency_factor", 1, 64);
    body.whole("read_fan_out_factor", 0, 64);
    body.whole("read_fan_out_delay_ms", 0, MANY);
    body.flag("on_disk_payload");
    body.object("payload").ifPresent(fields -> checkMemory(fields.allowOnly("memory")));
    body.object("id_tracker").ifPresent(fields -> checkMemory(fields.allowOnly("memory")));
  }

  private static void checkCommon(Fields body) {
    checkGraph(body);
    checkQuantization(body);
    body.object(CollectionNotes.METADATA);
    body.object(StrictMode.CONFIG).ifPresent(StrictMode::check);
    for (Fields caps : caps(body)) {
      new CollectionNotes(Map.of(CollectionNotes.CAPS, caps.values())).options();
    }
  }

  /// What is kept to be answered.
  private static CollectionNotes notes(Fields body) {
    Map<String, @Nullable Object> kept = new LinkedHashMap<>();
    body.values()
        .forEach(
            (key, value) -> {
              if (NOTED.contains(key) && value != null) {
                kept.put(key, value);
              }
            });
    Map<String, @Nullable Object> vectors = new LinkedHashMap<>();
    Optional<Fields> given = body.object("vectors");
    if (given.isPresent() && isOneVector(given.get())) {
      vectors.put(CollectionConfig.ANONYMOUS, noted(given.get()));
    } else if (given.isPresent()) {
      for (String name : given.get().values().keySet()) {
        given.get().object(name).ifPresent(one -> vectors.put(name, noted(one)));
      }
    }
    if (!vectors.isEmpty()) {
      kept.put("vectors", vectors);
    }
    return new CollectionNotes(kept);
  }

  private static Map<String, @Nullable Object> noted(Fields vector) {
    Map<String, @Nullable Object> kept = new LinkedHashMap<>(vector.values());
    kept.remove("size");
    kept.remove("distance");
    kept.values().removeIf(java.util.Objects::isNull);
    return kept;
  }

  /// Sparse vectors by name.
  private static Map<String, SparseConfig> sparse(Fields body) {
    Map<String, SparseConfig> sparse = new TreeMap<>();
    Optional<Fields> given = body.object("sparse_vectors");
    if (given.isEmpty()) {
      return sparse;
    }
    for (String name : given.get().values().keySet()) {
      if (name.isEmpty() || name.length() > MAX_NAME) {
        throw new Json.OutOfBoundsException(
            given.get().at(name),
            "a sparse vector's name must have 1 to " + MAX_NAME + " characters");
      }
      Optional<Fields> one = given.get().object(name);
      sparse.put(name, new SparseConfig(one.isPresent() && hasIdf(one.get())));
    }
    return sparse;
  }

  private static boolean hasIdf(Fields sparse) {
    sparse.allowOnly("index", "modifier", "memory");
    checkMemory(sparse);
    Optional<Fields> index = sparse.object("index");
    if (index.isPresent()) {
      index.get().allowOnly("full_scan_threshold", "on_disk", "datatype", "memory");
      checkMemory(index.get());
      index.get().whole("full_scan_threshold", 0, MANY);
      index.get().flag("on_disk");
      type(index.get());
    }
    String modifier = sparse.text("modifier").orElse("none");
    return switch (modifier) {
      case "idf" -> true;
      case "none" -> false;
      default ->
          throw new JsonFormatException(
              sparse.at("modifier"),
              "unknown modifier '" + Json.shorten(modifier) + "', must be idf or none");
    };
  }

  private static void requireSame(String name, SparseConfig sparse, CollectionConfig config) {
    SparseConfig there = config.sparse().get(name);
    if (there == null) {
      throw new JsonFormatException(
          "sparse_vectors." + Json.shorten(name),
          "there is no such sparse vector, the collection has " + config.sparse().keySet());
    }
    if (sparse.hasIdf() && !there.hasIdf()) {
      throw new JsonFormatException(
          "sparse_vectors." + Json.shorten(name), "a modifier cannot be added later");
    }
  }

  private static ElementType type(Fields fields) {
    String name = fields.text("datatype").orElse(ElementType.FLOAT32.apiName());
    for (ElementType type : ElementType.values()) {
      if (type.apiName().equals(name)) {
        return type;
      }
    }
    throw new JsonFormatException(
        fields.at("datatype"),
        "unknown type '"
            + Json.shorten(name)
            + "', must be one of "
            + Stream.of(ElementType.values()).map(ElementType::apiName).toList());
  }

  /// One vector without a name, or vectors by name.
  private static Map<String, VectorConfig> vectors(Fields body) {
    Map<String, VectorConfig> vectors = new TreeMap<>();
    Optional<Fields> given = body.object("vectors");
    if (given.isEmpty()) {
      return vectors;
    }
    Fields fields = given.get();
    if (isOneVector(fields)) {
      vectors.put(CollectionConfig.ANONYMOUS, vector(fields));
      return vectors;
    }
    for (String name : fields.values().keySet()) {
      if (name.length() > MAX_NAME) {
        throw new Json.OutOfBoundsException(
            fields.at(name), "a vector's name must have at most " + MAX_NAME + " characters");
      }
      Fields one =
          fields
              .object(name)
              .orElseThrow(() -> new JsonFormatException(fields.at(name), "expected an object"));
      vectors.put(name, vector(one));
    }
    return vectors;
  }

  /// A vector may be named `size`; then an object stands there.
  private static boolean isOneVector(Fields fields) {
    return fields.values().entrySet().stream()
        .anyMatch(
            entry -> VECTOR_KEYS.contains(entry.getKey()) && !(entry.getValue() instanceof Map));
  }

  private static VectorConfig vector(Fields fields) {
    fields.allowOnly(VECTOR_KEYS.toArray(String[]::new)).refuse("multivector_config");
    checkGraph(fields);
    checkQuantization(fields);
    fields.flag("on_disk");
    checkMemory(fields);
    ElementType type = type(fields);
    long size =
        fields
            .whole("size", 1, VectorConfig.MAX_DIMENSION)
            .orElseThrow(() -> new JsonFormatException(fields.at("size"), "it is missing"));
    Metric metric = metric(fields);
    try {
      return new VectorConfig((int) size, metric, type);
    } catch (IllegalArgumentException e) {
      throw new JsonFormatException(fields.at("datatype"), String.valueOf(e.getMessage()));
    }
  }

  private static Metric metric(Fields fields) {
    String distance =
        fields
            .text("distance")
            .orElseThrow(() -> new JsonFormatException(fields.at("distance"), "it is missing"));
    return switch (distance) {
      case "Cosine" -> Metric.COSINE;
      case "Dot" -> Metric.DOT;
      case "Euclid" -> Metric.EUCLID;
      case "Manhattan" -> Metric.MANHATTAN;
      default ->
          throw new JsonFormatException(
              fields.at("distance"),
              "unknown distance '"
                  + Json.shorten(distance)
                  + "', must be one of Cosine, Dot, Euclid, Manhattan");
    };
  }

  /// Where something is held: it decides nothing here.
  static void checkMemory(Fields fields) {
    Optional<String> memory = fields.text("memory");
    if (memory.isPresent() && !List.of("cold", "cached", "pinned").contains(memory.get())) {
      throw new JsonFormatException(
          fields.at("memory"),
          "unknown kind '" + Json.shorten(memory.get()) + "', must be one of cold, cached, pinned");
    }
  }

  private static void checkGraph(Fields parent) {
    Optional<Fields> given = parent.object("hnsw_config");
    if (given.isEmpty()) {
      return;
    }
    Fields graph =
        given
            .get()
            .allowOnly(
                "m",
                "ef_construct",
                "full_scan_threshold",
                "max_indexing_threads",
                "on_disk",
                "payload_m",
                "inline_storage",
                "memory");
    checkMemory(graph);
    graph.whole("m", 0, 10_000);
    graph.whole("ef_construct", 4, MANY);
    graph.whole("full_scan_threshold", 10, MANY);
    graph.whole("max_indexing_threads", 0, 1_024);
    graph.whole("payload_m", 0, 10_000);
    graph.flag("on_disk");
    graph.flag("inline_storage");
  }

  private static void checkLog(Fields parent) {
    Optional<Fields> given = parent.object("wal_config");
    if (given.isEmpty()) {
      return;
    }
    Fields log =
        given.get().allowOnly("wal_capacity_mb", "wal_segments_ahead", "wal_retain_closed");
    log.whole("wal_capacity_mb", 1, MANY);
    log.whole("wal_segments_ahead", 0, MANY);
    log.whole("wal_retain_closed", 1, MANY);
  }

  private static void checkOptimizers(Fields parent, String key) {
    Optional<Fields> given = parent.object(key);
    if (given.isEmpty()) {
      return;
    }
    Fields optimizers =
        given
            .get()
            .allowOnly(
                "deleted_threshold",
                "vacuum_min_vector_number",
                "default_segment_number",
                "max_segment_size",
                "memmap_threshold",
                "indexing_threshold",
                "flush_interval_sec",
                "max_optimization_threads",
                "prevent_unoptimized");
    optimizers.number("deleted_threshold", 0, 1);
    optimizers.whole("vacuum_min_vector_number", 100, MANY);
    optimizers.whole("default_segment_number", 0, 1_024);
    optimizers.whole("max_segment_size", 0, MANY);
    optimizers.whole("memmap_threshold", 0, MANY);
    optimizers.whole("indexing_threshold", 0, MANY);
    optimizers.whole("flush_interval_sec", 0, MANY);
    optimizers.flag("prevent_unoptimized");
    if (!"auto".equals(optimizers.values().get("max_optimization_threads"))) {
      optimizers.whole("max_optimization_threads", 0, 1_024);
    }
  }

  private static void checkQuantization(Fields parent) {
    if ("Disabled".equals(parent.values().get("quantization_config"))) {
      return;
    }
    Optional<Fields> given = parent.object("quantization_config");
    if (given.isEmpty()) {
      return;
    }
    Fields quantization = given.get().allowOnly("scalar", "product", "binary", "turbo");
    for (String kind : quantization.values().keySet()) {
      quantization.object(kind);
    }
  }
}
