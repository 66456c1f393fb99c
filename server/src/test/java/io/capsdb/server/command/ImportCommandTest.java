package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.FieldIndex;
import io.capsdb.Point;
import io.capsdb.SparseConfig;
import io.capsdb.StoredPoint;
import io.capsdb.VectorConfig;
import io.capsdb.filter.Filter;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import io.capsdb.vector.SparseVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ImportCommandTest {
  @Test
  void aCollectionIsCopiedPointByPoint() throws Exception {
    TestMachine machine = new TestMachine();
    try (TestServer source = new TestServer();
        TestServer target = new TestServer()) {
      Collection films =
          source
              .database()
              .createCollection(
                  "films",
                  new CollectionConfig(
                          Map.of(
                              "image", new VectorConfig(2, Metric.DOT),
                              "text", new VectorConfig(3, Metric.EUCLID)))
                      .withSparse(
                          Map.of(
                              "words", new SparseConfig(true), "tags", new SparseConfig(false))));
      films.changeSettings(old -> old.withField("n", new FieldIndex(FieldIndex.Type.INTEGER, "")));
      List<Point> points = new ArrayList<>();
      for (long i = 0; i < 25; i++) {
        points.add(
            new Point(
                i < 20 ? PointId.of(i) : PointId.of(new UUID(i, i)),
                i % 2 == 0
                    ? Map.of("image", new float[] {i, 1}, "text", new float[] {1, 2, i})
                    : Map.of("image", new float[] {i, 1}),
                i % 3 == 0
                    ? Map.of("words", SparseVector.of(new int[] {(int) i, -1}, new float[] {1, i}))
                    : Map.of(),
                Payload.of(Map.of("n", i))));
      }
      films.upsert(points);
      assertThat(
              machine.run(
                  "import",
                  "--from-qdrant",
                  source.url(),
                  "--from",
                  "films",
                  "--url",
                  target.url(),
                  "--collection",
                  "copy",
                  "--batch",
                  "7"))
          .as(machine.err())
          .isZero();
      assertThat(machine.out()).contains("imported 25 points of 'films'");
      Collection copy = target.collection("copy");
      assertThat(copy.config()).isEqualTo(films.config());
      assertThat(copy.settings().fields()).containsKey("n");
      List<StoredPoint> copied = copy.scroll(Filter.ALL, Optional.empty(), 100).points();
      assertThat(copied).hasSize(25);
      for (StoredPoint point : copied) {
        StoredPoint original = films.get(point.id()).orElseThrow();
        assertThat(point.payload()).isEqualTo(original.payload());
        assertThat(point.sparse()).isEqualTo(original.sparse());
        assertThat(point.vectors()).usingRecursiveComparison().isEqualTo(original.vectors());
      }
    }
  }

  @Test
  void aMissingCollectionIsTold() throws Exception {
    TestMachine machine = new TestMachine();
    try (TestServer source = new TestServer()) {
      assertThat(
              machine.run(
                  "import",
                  "--from-qdrant",
                  source.url(),
                  "--url",
                  source.url(),
                  "--collection",
                  "none"))
          .isEqualTo(1);
      assertThat(machine.err()).contains("'none' doesn't exist");
    }
  }
}
