package io.capsdb.bench.report;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.formats.Json;
import io.capsdb.io.Disk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads result files: one JSON object a line. Of several lines about the same the last one counts.
final class ResultReader {
  private record PointKey(
      String dataset, int k, int threads, String engine, String workload, String setting) {}

  private record BuildKey(String dataset, String engine) {}

  private final Map<PointKey, Point> points = new LinkedHashMap<>();
  private final Map<BuildKey, Build> builds = new LinkedHashMap<>();
  private final Set<Run> runs = new LinkedHashSet<>();
  private final Map<String, String> skipped = new LinkedHashMap<>();

  void read(Disk disk, Path file) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(disk.read(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          add(fields(line));
        }
      }
    }
  }

  Results results() {
    return new Results(
        List.copyOf(points.values()), List.copyOf(builds.values()), List.copyOf(runs), skipped);
  }

  private void add(Map<String, String> fields) {
    Fields line = new Fields(fields);
    if (line.has("run")) {
      runs.add(
          new Run(
              line.text("dataset"),
              line.text("about"),
              line.text("generated").equals("true"),
              (long) line.number("rows"),
              (int) line.number("dimension"),
              line.text("metric"),
              line.text("commit"),
              line.text("command"),
              line.text("machine")));
    } else if (line.has("skipped")) {
      String where = line.has("workload") ? " on " + line.text("workload") : "";
      skipped.put(line.text("engine") + where, line.text("skipped"));
    } else if (line.has("build")) {
      Build build =
          new Build(
              line.text("dataset"),
              line.text("engine"),
              line.number("buildCpuSeconds"),
              line.number("buildWallSeconds"),
              (long) line.number("bytesBeyondRaw"),
              line.text("version"),
              line.text("settings"));
      builds.put(new BuildKey(build.dataset(), build.engine()), build);
      skipped.remove(build.engine());
    } else {
      Point point =
          new Point(
              line.text("dataset"),
              (int) line.number("k"),
              (int) line.number("threads"),
              line.text("engine"),
              line.text("workload"),
              line.number("selectivity"),
              line.text("setting"),
              line.number("recall"),
              line.number("cpuQps"),
              line.number("wallQps"),
              line.number("p50Micros"),
              line.number("p99Micros"));
      points.put(
          new PointKey(
              point.dataset(),
              point.k(),
              point.threads(),
              point.engine(),
              point.workload(),
              point.setting()),
          point);
    }
  }

  /// The fields of a line as texts.
  private record Fields(Map<String, String> fields) {
    boolean has(String name) {
      return fields.containsKey(name);
    }

    String text(String name) {
      String text = fields.get(name);
      if (text == null) {
        throw new IllegalArgumentException("a line has no " + name + ": " + fields);
      }
      return text;
    }

    double number(String name) {
      return Double.parseDouble(text(name));
    }
  }

  private static Map<String, String> fields(String line) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser in = Json.factory().createParser(line)) {
      in.nextToken();
      Json.require(in, JsonToken.START_OBJECT, "an object");
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        fields.put(name, in.getText());
      }
    }
    return fields;
  }
}
