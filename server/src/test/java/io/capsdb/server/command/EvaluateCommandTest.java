package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Point;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  /// The library of HDF5 writes files of the system only.
  @TempDir Path temporary;

  private TestMachine machine;
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    machine = new TestMachine();
    server = new TestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void fill(String name, int rows, boolean hasGraph) {
    RandomGenerator random = new Seed(3).random();
    Collection collection =
        server
            .database()
            .createCollection(name, CollectionConfig.of(8, Metric.EUCLID).withGraph(hasGraph));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      points.add(
          Point.of(i, TestData.around(random, new float[8], 1), RandomPayloads.next(random)));
    }
    collection.upsert(points);
    collection.seal();
  }

  private String read(String file) throws IOException {
    try (var in = machine.disk.read(Path.of(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aCollectionIsMeasuredOnItsServer() throws IOException {
    fill("c", 2_500, true);
    String json = TestMachine.path("r.json");
    String page = TestMachine.path("r.html");
    assertThat(
            machine.run(
                "evaluate",
                "--url",
                server.url(),
                "--collection",
                "c",
                "--sample",
                "20",
                "--indexes",
                "caps,graph,exact",
                "--recalls",
                "0.9,0.99",
                "--widths",
                "16,64",
                "--shares",
                "0.1",
                "--filter",
                "{\"must\":[{\"key\":\"label\",\"match\":{\"value\":3}}]}",
                "--json",
                json,
                "--report",
                page))
        .as(machine.err())
        .isZero();
    assertThat(machine.out())
        .contains("c: 2,500 points, 8 dimensions, euclid; 20 queries, k = 10")
        .contains("width 64", "recall 0.99", "label = 3", "no wrong one")
        .contains("written: " + page);
    JsonNode result = new ObjectMapper().readTree(read(json));
    assertThat(result.path("workloads")).hasSize(3);
    for (JsonNode workload : result.path("workloads")) {
      assertThat(workload.path("series")).hasSize(3);
      assertThat(workload.at("/series/2/runs/0/recall").asDouble()).isEqualTo(1);
    }
    assertThat(result.at("/indexes/1/bytes").asLong()).isGreaterThan(2_500 * 33 * 4);
    assertThat(read(page)).startsWith("<!doctype html>").contains("label = 3");
  }

  private void writeVecs(String name, List<float[]> rows) throws IOException {
    ByteBuffer out =
        ByteBuffer.allocate(rows.size() * (4 + 4 * rows.getFirst().length))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      out.putInt(row.length);
      for (float value : row) {
        out.putFloat(value);
      }
    }
    machine.file(name, out.array());
  }

  private void writeInts(String name, List<int[]> rows) throws IOException {
    ByteBuffer out =
        ByteBuffer.allocate(rows.size() * (4 + 4 * rows.getFirst().length))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int[] row : rows) {
      out.putInt(row.length);
      for (int value : row) {
        out.putInt(value);
      }
    }
    machine.file(name, out.array());
  }

  private void writeSet(int rows, int queryDimension) throws IOException {
    RandomGenerator random = new Seed(4).random();
    machine.disk.createFolders(TestMachine.FOLDER.resolve("set"));
    machine.file("set/dataset.properties", "metric=l2\nattributes=label\n");
    List<float[]> vectors = new ArrayList<>();
    List<int[]> labels = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      vectors.add(TestData.around(random, new float[6], 1));
      labels.add(new int[] {i % 10});
    }
    List<float[]> queries = new ArrayList<>();
    List<int[]> bounds = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      queries.add(TestData.around(random, new float[queryDimension], 1));
      bounds.add(new int[] {i % 10, i % 10});
    }
    writeVecs("set/base.fvecs", vectors);
    writeInts("set/attributes.ivecs", labels);
    writeVecs("set/queries.fvecs", queries);
    writeInts("set/own.filters.ivecs", bounds);
  }

  @Test
  void aDataSetIsLoadedMeasuredAndDeletedAgain() throws IOException {
    writeSet(3_000, 6);
    assertThat(
            machine.run(
                "evaluate",
                "--dataset",
                TestMachine.path("set"),
                "--indexes",
                "caps,graph,exact",
                "--recalls",
                "0.95",
                "--widths",
                "32"))
        .as(machine.err())
        .isZero();
    assertThat(machine.out())
        .contains("set: 3,000 points, 6 dimensions, euclid; 15 queries, k = 10")
        .contains("own", "10 %", "no wrong one")
        .containsPattern("graph: (built in|build time not known)");
    assertThat(machine.disk.list(TestMachine.FOLDER)).containsExactly("set");
  }

  private String writeHdf(List<float[]> rows, List<float[]> queries, int[][] neighbours)
      throws IOException {
    Path path = temporary.resolve("made.hdf5");
    Files.deleteIfExists(path);
    try (WritableHdfFile out = HdfFile.write(path)) {
      out.putDataset("train", rows.toArray(float[][]::new));
      out.putDataset("test", queries.toArray(float[][]::new));
      out.putDataset("neighbors", neighbours);
      out.putAttribute("distance", "euclidean");
    }
    return machine.file("ann.hdf5", Files.readAllBytes(path));
  }

  /// The nearest rows by the definition of the distance, for the answers of a file.
  private static int[] nearest(List<float[]> rows, float[] query, int k) {
    return IntStream.range(0, rows.size())
        .boxed()
        .sorted(Comparator.comparingDouble(row -> squaredDistance(rows.get(row), query)))
        .limit(k)
        .mapToInt(row -> row)
        .toArray();
  }

  private static double squaredDistance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return sum;
  }

  @Test
  void answersThatComeWithADataSetAreHeldAgainstThoseFound() throws IOException {
    RandomGenerator random = new Seed(5).random();
    List<float[]> rows = new ArrayList<>();
    List<float[]> queries = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      rows.add(TestData.around(random, new float[6], 1));
    }
    for (int i = 0; i < 12; i++) {
      queries.add(TestData.around(random, new float[6], 1));
    }
    int[][] neighbours =
        queries.stream().map(query -> nearest(rows, query, 10)).toArray(int[][]::new);
    String file = writeHdf(rows, queries, neighbours);
    assertThat(machine.run("evaluate", "--dataset", file)).as(machine.err()).isZero();
    assertThat(machine.out())
        .contains("ann.hdf5: 2,000 points, 6 dimensions, euclid; 12 queries, k = 10")
        .contains("120 of 120 are among the 10 nearest that were found here.\n");
    // The last answers of one query belong to another row: 115 of 120 are right.
    neighbours[3] = nearest(rows, rows.get(7), 10);
    writeHdf(rows, queries, neighbours);
    assertThat(machine.run("evaluate", "--dataset", file)).as(machine.err()).isZero();
    assertThat(machine.out())
        .containsPattern("1[01][0-9] of 120 .* another distance")
        .contains("no wrong one");
  }

  @Test
  void eachWayOfSearchingTheGraphIsALineOfItsOwn() throws IOException {
    writeSet(3_000, 6);
    String json = TestMachine.path("r.json");
    assertThat(
            machine.run(
                "evaluate",
                "--dataset",
                TestMachine.path("set"),
                "--indexes",
                "graph-post,graph-inline,graph-acorn,graph-acorn-1",
                "--widths",
                "16,64",
                "--json",
                json))
        .as(machine.err())
        .isZero();
    assertThat(machine.out()).contains("graph: ", "no wrong one").doesNotContain("graph-post: ");
    JsonNode filtered = new ObjectMapper().readTree(read(json)).at("/workloads/1/series");
    assertThat(filtered.findValuesAsText("index"))
        .containsExactly("graph-post", "graph-inline", "graph-acorn", "graph-acorn-1");
    // One in ten matches: a walk over all rows scores many, one over matches alone few.
    assertThat(filtered.at("/1/runs/0/rows_scored").asDouble())
        .isGreaterThan(2 * filtered.at("/2/runs/0/rows_scored").asDouble());
  }

  @Test
  void stoppingIsOneSentenceAndNothingIsLeft() throws IOException {
    writeSet(3_000, 6);
    Thread.currentThread().interrupt();
    int status = machine.run("evaluate", "--dataset", TestMachine.path("set"));
    assertThat(Thread.interrupted()).isFalse();
    assertThat(status).as(machine.err()).isEqualTo(1);
    assertThat(machine.err().strip()).endsWith("capsdb evaluate: stopped");
    assertThat(machine.disk.list(TestMachine.FOLDER)).containsExactly("set");
  }

  @Test
  void badInputIsOneSentenceAndNothingIsLeft() throws IOException {
    fill("c", 30, false);
    for (Map.Entry<String, List<String>> each :
        Map.of(
                "give one of --collection and --dataset",
                List.<String>of(),
                "--indexes: unknown index 'tree', there are caps, graph, graph-post, graph-inline, graph-acorn, graph-acorn-1, exact",
                List.of("--collection", "c", "--indexes", "tree"),
                "k is 50, but there are 30 points",
                List.of("--collection", "c", "--k", "50"),
                "collection 'c' has no graph",
                List.of("--collection", "c", "--indexes", "graph"),
                "--json and --report name the same file",
                List.of(
                    "--collection",
                    "c",
                    "--json",
                    TestMachine.path("x"),
                    "--report",
                    TestMachine.path("x")),
                "there is no folder " + TestMachine.path("nowhere"),
                List.of("--collection", "c", "--report", TestMachine.path("nowhere/x.html")),
                TestMachine.path("") + " is a folder",
                List.of("--collection", "c", "--json", TestMachine.path("")),
                "--sample: value 0 invalid, must be from 1 to 10000",
                List.of("--collection", "c", "--sample", "0"),
                "there is no such folder",
                List.of("--dataset", TestMachine.path("nowhere")))
            .entrySet()) {
      List<String> arguments = new ArrayList<>(List.of("evaluate"));
      if (each.getValue().contains("--collection")) {
        arguments.addAll(List.of("--url", server.url()));
      }
      arguments.addAll(each.getValue());
      assertThat(machine.run(arguments.toArray(String[]::new)))
          .as("%s: %s", each.getValue(), machine.out())
          .isEqualTo(2);
      assertThat(machine.err().strip()).contains(each.getKey()).doesNotContain("\n");
    }
    assertThat(machine.run("evaluate", "--url", server.url(), "--collection", "d")).isEqualTo(1);
    assertThat(machine.err()).contains("collection 'd' doesn't exist");
    writeSet(300, 5);
    assertThat(machine.run("evaluate", "--dataset", TestMachine.path("set"))).isEqualTo(2);
    assertThat(machine.err()).contains("queries.fvecs, query 0: dimension 5, the rows have 6");
    assertThat(machine.disk.list(TestMachine.FOLDER)).containsExactly("set");
  }
}
