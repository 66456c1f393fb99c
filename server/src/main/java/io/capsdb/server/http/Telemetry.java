package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.Collection;
import io.capsdb.CollectionStatus;
import io.capsdb.vector.Kernels;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What runs here and how much it holds: without names, unless collections are asked for one by
/// one.
///
/// @param level from 1 on the machine is told too
/// @param collections by name
record Telemetry(
    Call call, int level, boolean isPerCollection, Map<String, CollectionStatus> collections) {

  static Telemetry of(Call call, int level, boolean isPerCollection) {
    Map<String, CollectionStatus> collections = new LinkedHashMap<>();
    for (String name : call.database().collectionNames()) {
      call.database()
          .find(name)
          .map(Collection::status)
          .ifPresent(status -> collections.put(name, status));
    }
    return new Telemetry(call, level, isPerCollection, collections);
  }

  void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", call.config().commit());
    writeApp(out);
    writeCollections(out);
    out.writeObjectFieldStart("cluster");
    out.writeBooleanField("enabled", false);
    out.writeEndObject();
    writeRequests(out);
    out.writeEndObject();
  }

  /// As clients know it: by endpoint and status. There are no requests of another kind.
  private void writeRequests(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("requests");
    out.writeObjectFieldStart("rest");
    out.writeObjectFieldStart("responses");
    for (Map.Entry<String, Map<String, Timer>> endpoint : call.metrics().answers().entrySet()) {
      out.writeObjectFieldStart(endpoint.getKey());
      for (Map.Entry<String, Timer> status : endpoint.getValue().entrySet()) {
        Timer timer = status.getValue();
        out.writeObjectFieldStart(status.getKey());
        out.writeNumberField("count", timer.count());
        out.writeNumberField("avg_duration_micros", timer.mean(TimeUnit.MICROSECONDS));
        out.writeNumberField(
            "total_duration_micros", (long) timer.totalTime(TimeUnit.MICROSECONDS));
        out.writeEndObject();
      }
      out.writeEndObject();
    }
    out.writeEndObject();
    out.writeEndObject();
    out.writeObjectFieldStart("grpc");
    out.writeObjectFieldStart("responses");
    out.writeEndObject();
    out.writeEndObject();
    out.writeEndObject();
  }

  private void writeApp(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("app");
    out.writeStringField("name", "capsdb");
    out.writeStringField("version", call.config().version());
    out.writeStringField("kernels", Kernels.best().name());
    if (level >= 1) {
      Runtime machine = Runtime.getRuntime();
      out.writeObjectFieldStart("system");
      out.writeStringField("java", Runtime.version().toString());
      out.writeStringField("os", System.getProperty("os.name", "unknown"));
      out.writeStringField("architecture", System.getProperty("os.arch", "unknown"));
      out.writeNumberField("processors", machine.availableProcessors());
      out.writeNumberField("heap_bytes", machine.maxMemory());
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  private void writeCollections(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("collections");
    out.writeNumberField("number_of_collections", collections.size());
    out.writeNumberField(
        "points", collections.values().stream().mapToLong(CollectionStatus::points).sum());
    out.writeNumberField(
        "indexed_points",
        collections.values().stream().mapToLong(CollectionStatus::indexedPoints).sum());
    if (isPerCollection) {
      out.writeArrayFieldStart("collections");
      for (Map.Entry<String, CollectionStatus> each : collections.entrySet()) {
        CollectionStatus status = each.getValue();
        out.writeStartObject();
        out.writeStringField("id", each.getKey());
        out.writeStringField("status", CollectionWriter.name(status.state()));
        out.writeNumberField("points", status.points());
        out.writeNumberField("indexed_points", status.indexedPoints());
        out.writeNumberField("segments", status.segments());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }
}
