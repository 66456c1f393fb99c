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
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
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

  @Test
  void namedVectorsAreRefused() {
    server
        .database()
        .createCollection(
            "c", new CollectionConfig(Map.of("image", new VectorConfig(2, Metric.DOT))));
    assertThat(export("--output", TestMachine.path("a.jsonl"))).isEqualTo(2);
    assertThat(machine.err()).contains("named vectors [image]");
  }

  /// A line would lose them.
  @Test
  void sparseVectorsAreRefused() {
    server
        .database()
        .createCollection(
            "c",
            CollectionConfig.of(2, Metric.DOT).withSparse(Map.of("words", new SparseConfig(true))));
    assertThat(export("--output", TestMachine.path("a.jsonl"))).isEqualTo(2);
    assertThat(machine.err()).contains("named vectors [, words]");
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
      lines.add(point.id() + Arrays.toString(point.vectors().get("")) + point.payload().fields());
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
