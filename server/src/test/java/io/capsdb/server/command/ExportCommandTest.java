package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Point;
import io.capsdb.SparseConfig;
import io.capsdb.StoredPoint;
import io.capsdb.VectorConfig;
import io.capsdb.filter.Filter;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import io.capsdb.vector.SparseVector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExportCommandTest {
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

  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "a.ndjson", "a.jsonl.gz"})
  void exportedFileLoadsAsTheSameCollection(String name) {
    fill(700);
    String file = TestMachine.path(name);
    assertThat(export("--output", file)).as(machine.err()).isZero();
    assertThat(machine.out()).contains("exported 700 points of 'c' to " + file);
    assertThat(
            machine.run(
                "load",
                "--url",
                server.url(),
                "--collection",
                "copy",
                "--distance",
                "Euclid",
                "--vectors",
                file))
        .as(machine.err())
        .isZero();
    assertThat(contents("copy")).hasSize(700).isEqualTo(contents("c"));
  }

  @Test
  void existingFileIsReplacedByForceOnly() throws IOException {
    fill(3);
    String file = machine.file("a.jsonl", "precious\n");
    assertThat(export("--output", file)).isEqualTo(2);
    assertThat(machine.err()).contains(file + " exists; --force replaces it");
    assertThat(machine.disk.size(TestMachine.FOLDER.resolve("a.jsonl"))).isEqualTo(9);
    assertThat(export("--output", file, "--force")).isZero();
    assertThat(machine.disk.size(TestMachine.FOLDER.resolve("a.jsonl"))).isGreaterThan(20);
    assertThat(machine.disk.list(TestMachine.FOLDER)).containsExactly("a.jsonl");
  }

  @Test
  void missingCollectionLeavesNoFile() throws IOException {
    assertThat(export("--output", TestMachine.path("a.jsonl"))).isEqualTo(1);
    assertThat(machine.err()).contains("collection 'c' doesn't exist");
    assertThat(machine.disk.list(TestMachine.FOLDER)).isEmpty();
  }

  /// Also points that lack some of the vectors, or all.
  @Test
  void namedAndSparseVectorsLoadAgain() {
    CollectionConfig config =
        new CollectionConfig(
                Map.of(
                    "", new VectorConfig(2, Metric.DOT), "image", new VectorConfig(3, Metric.DOT)))
            .withSparse(Map.of("words", new SparseConfig(false), "rare", new SparseConfig(false)));
    SparseVector words = SparseVector.of(new int[] {7, -1, 3}, new float[] {0.1f, -2, 1e-9f});
    server
        .database()
        .createCollection("c", config)
        .upsert(
            List.of(
                new Point(
                    PointId.of(1),
                    Map.of("", new float[] {1, 2}, "image", new float[] {0.1f, 0, -3}),
                    Map.of("words", words, "rare", SparseVector.of(new int[0], new float[0])),
                    Payload.of(Map.of("n", 1))),
                new Point(PointId.of(2), Map.of(), Map.of("rare", words), Payload.empty()),
                new Point(
                    PointId.of(3),
                    Map.of("image", new float[] {5, 6, 7}),
                    Map.of(),
                    Payload.of(Map.of("n", 3))),
                new Point(PointId.of(4), Map.of(), Map.of(), Payload.of(Map.of("n", 4)))));
    requireSameAfterLoad("");
    assertThat(machine.err() + machine.out())
        .contains(
            "created collection 'copy': 2 dimensions, image 3 dimensions, rare sparse, words");
  }

  @Test
  void sparseVectorsBesideAnAnonymousOneLoadAgain() {
    server
        .database()
        .createCollection(
            "c", CollectionConfig.of(2, Metric.DOT).withSparse(Map.of("w", new SparseConfig(true))))
        .upsert(
            List.of(
                new Point(
                    PointId.of(1),
                    Map.of("", new float[] {1, 2}),
                    Map.of("w", SparseVector.of(new int[] {5}, new float[] {0.5f})),
                    Payload.empty()),
                new Point(
                    PointId.of(2), Map.of("", new float[] {3, 4}), Map.of(), Payload.empty())));
    requireSameAfterLoad("");
    // Into a collection of the same settings, which the file does not hold.
    server.database().createCollection("twin", server.collection("c").config());
    requireSameAfterLoad("twin");
  }

  @Test
  void sparseVectorsAloneLoadAgain() {
    server
        .database()
        .createCollection(
            "c", new CollectionConfig(Map.of()).withSparse(Map.of("w", new SparseConfig(false))))
        .upsert(
            List.of(
                new Point(
                    PointId.of(1),
                    Map.of(),
                    Map.of("w", SparseVector.of(new int[] {5}, new float[] {0.5f})),
                    Payload.empty())));
    requireSameAfterLoad("");
  }

  /// @param into the collection that is loaded; empty for one that is made
  private void requireSameAfterLoad(String into) {
    String file = TestMachine.path("a.jsonl");
    assertThat(export("--output", file, "--force")).as(machine.err()).isZero();
    String name = into.isEmpty() ? "copy" : into;
    List<String> load =
        new ArrayList<>(List.of("load", "--url", server.url(), "--vectors", file, "--strict"));
    load.addAll(List.of("--collection", name));
    if (into.isEmpty()) {
      load.addAll(List.of("--distance", "Dot"));
    }
    assertThat(machine.run(load.toArray(String[]::new))).as(machine.err()).isZero();
    assertThat(contents(name)).isNotEmpty().isEqualTo(contents("c"));
  }

  private void fill(int count) {
    Collection collection =
        server.database().createCollection("c", CollectionConfig.of(3, Metric.EUCLID));
    SplittableRandom random = new SplittableRandom(3);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      PointId id =
          switch (i % 3) {
            case 0 -> PointId.of(i);
            case 1 -> PointId.of(-i);
            default -> PointId.of(new UUID(random.nextLong(), i));
          };
      float[] vector = {(float) random.nextGaussian(), (float) random.nextDouble(), i};
      Payload payload =
          i % 2 == 0
              ? Payload.empty()
              : Payload.of(
                  Map.of("n", i, "x", random.nextDouble(), "é\n", List.of("a", Map.of("b", true))));
      points.add(Point.of(id, vector, payload));
    }
    collection.upsert(points);
  }

  private List<String> contents(String name) {
    List<String> lines = new ArrayList<>();
    for (StoredPoint point :
        server.collection(name).scroll(Filter.ALL, Optional.empty(), 10_000).points()) {
      StringBuilder line = new StringBuilder(point.id().toString());
      new TreeMap<>(point.vectors())
          .forEach((key, values) -> line.append(key).append(Arrays.toString(values)));
      new TreeMap<>(point.sparse())
          .forEach(
              (key, sparse) ->
                  line.append(key)
                      .append(Arrays.toString(sparse.indices()))
                      .append(Arrays.toString(sparse.values())));
      lines.add(line.append(point.payload().fields()).toString());
    }
    return lines;
  }

  private int export(String... more) {
    List<String> args = new ArrayList<>(List.of("export", "--url", server.url()));
    args.addAll(List.of("--collection", "c"));
    args.addAll(List.of(more));
    return machine.run(args.toArray(String[]::new));
  }
}
