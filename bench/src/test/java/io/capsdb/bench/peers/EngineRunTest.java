package io.capsdb.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.Ranges;
import io.capsdb.io.Disk;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Floats;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tiny run of engines of each kind: every one builds, answers under filters, and reaches the
/// recalls that tables compare at.
class EngineRunTest {
  private static final int ROWS = 2_000;
  private static final int DIMENSION = 32;
  private static final int QUERIES = 20;

  @TempDir private Path folder;

  @Test
  void everyEngineReachesTheRecallsThatAreCompared() throws IOException {
    List<String> engines =
        List.of("capsdb", "exact-lists", "exact-scan", "caps-plain", "lucene", "jvector");
    List<JsonNode> lines = run(engines, 1);
    for (String engine : engines) {
      assertThat(lines)
          .as(engine)
          .filteredOn(line -> line.has("build") && name(line).equals(engine))
          .singleElement()
          .satisfies(line -> assertThat(line.get("bytesBeyondRaw").asLong()).isNotNegative());
      for (String workload : List.of("none", "window", "pair")) {
        assertThat(lines)
            .as("%s %s", engine, workload)
            .filteredOn(line -> name(line).equals(engine) && isOf(line, workload))
            .anySatisfy(line -> assertThat(line.get("recall").asDouble()).isGreaterThan(0.99))
            .allSatisfy(line -> assertThat(line.get("cpuQps").asDouble()).isPositive());
      }
    }
    assertThat(lines)
        .filteredOn(line -> name(line).startsWith("exact-") && line.has("recall"))
        .hasSize(6)
        .allSatisfy(line -> assertThat(line.get("recall").asDouble()).isEqualTo(1));
    assertThat(lines)
        .filteredOn(line -> isOf(line, "window"))
        .allSatisfy(line -> assertThat(line.get("selectivity").asDouble()).isEqualTo(0.1));
  }

  @Test
  void filesOfAnEarlierRunAreFoundAgainWithTheirCost() throws IOException {
    JsonNode first = build(run(List.of("lucene"), 1));
    List<JsonNode> lines = run(List.of("lucene-filtered"), 2);
    assertThat(build(lines).get("buildCpuSeconds")).isEqualTo(first.get("buildCpuSeconds"));
    assertThat(build(lines).get("bytesBeyondRaw")).isEqualTo(first.get("bytesBeyondRaw"));
    assertThat(lines)
        .filteredOn(line -> line.has("recall"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.get("threads").asInt()).isEqualTo(2));
  }

  private static JsonNode build(List<JsonNode> lines) {
    return lines.stream().filter(line -> line.has("build")).findFirst().orElseThrow();
  }

  private static String name(JsonNode line) {
    return line.get("engine").asText();
  }

  private static boolean isOf(JsonNode line, String workload) {
    return line.has("workload") && line.get("workload").asText().equals(workload);
  }

  /// Runs engines with little patience; their lines.
  private List<JsonNode> run(List<String> engines, int threads) throws IOException {
    Disk disk = Disk.local();
    Path json = folder.resolve("lines-" + threads + ".jsonl");
    Path data = folder.resolve("data");
    PeersOptions options =
        PeersOptions.parse(
            List.of(
                "--data",
                data.toString(),
                "--threads",
                String.valueOf(threads),
                "--json",
                json.toString()));
    try (Arena arena = Arena.ofShared();
        ResultLines lines = ResultLines.open(disk, options.json())) {
      if (!disk.exists(data)) {
        new DataSetFiles(disk, data).write(set(arena));
      }
      DataSet set = new DataSetFiles(disk, data).read(arena);
      EngineRun run =
          new EngineRun(options, disk, System::nanoTime, new Meter(System::nanoTime, 0.001));
      for (String engine : engines) {
        run.measure(engine, set, lines);
      }
    }
    List<JsonNode> lines = new ArrayList<>();
    try (InputStream in = disk.read(json)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.strip().split("\n", -1)) {
        lines.add(new ObjectMapper().readTree(line));
      }
    }
    return lines;
  }

  /// Rows around twenty centres. `window` asks for a tenth of the numbers, `pair` for a colour and
  /// a size.
  private static DataSet set(Arena arena) {
    SplittableRandom random = new SplittableRandom(5);
    List<float[]> centers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      centers.add(TestData.around(random, new float[DIMENSION], 1));
    }
    MemorySegment segment = arena.allocate(4L * ROWS * DIMENSION, 64);
    int[][] columns = new int[3][ROWS];
    for (int row = 0; row < ROWS; row++) {
      float[] vector = TestData.around(random, centers.get(random.nextInt(20)), 0.4);
      MemorySegment.copy(vector, 0, segment, Floats.LITTLE_ENDIAN, 4L * row * DIMENSION, DIMENSION);
      columns[0][row] = (row * 7) % ROWS;
      columns[1][row] = random.nextInt(4);
      columns[2][row] = random.nextInt(5);
    }
    float[][] queries = new float[QUERIES][];
    Ranges window = Ranges.free(QUERIES, 3);
    Ranges pair = Ranges.free(QUERIES, 3);
    for (int query = 0; query < QUERIES; query++) {
      queries[query] = TestData.around(random, centers.get(random.nextInt(20)), 0.4);
      int low = random.nextInt(ROWS - ROWS / 10);
      window.set(query, 0, low, low + ROWS / 10 - 1);
      pair.set(query, 1, query % 4, query % 4).set(query, 2, query % 5, query % 5);
    }
    return new DataSet(
        "tiny",
        Metric.EUCLID,
        true,
        "rows around twenty centres",
        List.of("number", "colour", "size"),
        columns,
        new VectorMatrix(segment, ROWS, DIMENSION),
        queries,
        Map.of(DataSet.NONE, Ranges.free(QUERIES, 3), "window", window, "pair", pair));
  }
}
