package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.filter.Filter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.storage.Catalogue;
import io.capsdb.storage.SegmentContainer;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.Metric;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Vectors of two bytes or one byte a value: what is kept, what is answered, what is refused.
class DatatypesTest {
  private static final Path FOLDER = Path.of("/data");
  private static final Path HOME = FOLDER.resolve("collection-000000");
  private static final int DIMENSION = 24;
  private static final int ROWS = 600;

  private final MemoryDisk disk = new MemoryDisk();

  private DatabaseOptions options() {
    return DatabaseOptions.defaults()
        .withDisk(disk)
        .withSealRows(4_096)
        .withMinIndexRows(128)
        .withIdleMillis(1 << 30)
        .withMeasuredCosts(false);
  }

  private static CollectionConfig config(ElementType type) {
    return CollectionConfig.of(DIMENSION, Metric.EUCLID, type);
  }

  private static List<Point> points(TestData data, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> Point.of(i, data.vectors().get(i), data.payloads().get(i)))
        .toList();
  }

  private static TestData data(RandomGenerator random, ElementType type) {
    // Not rounded: that is what is tested.
    TestData data = TestData.clustered(random, ROWS, DIMENSION);
    if (type != ElementType.UINT8) {
      return data;
    }
    List<float[]> vectors = new ArrayList<>();
    for (float[] vector : data.vectors()) {
      float[] moved = vector.clone();
      for (int i = 0; i < moved.length; i++) {
        moved[i] = Math.clamp(128 + 40 * moved[i], 0, 255);
      }
      vectors.add(moved);
    }
    return new TestData(vectors, data.payloads(), vectors.subList(0, 20));
  }

  private static SearchRequest exact(float[] query) {
    return SearchRequest.nearest(query).exact(true).withVectors(true).limit(20);
  }

  /// A stored point, which equals another with the same values.
  private record Told(PointId id, long version, List<Float> vector, Payload payload) {}

  private static List<Told> all(Collection collection) {
    return collection.scroll(Filter.ALL, Optional.empty(), ROWS).points().stream()
        .map(
            point ->
                new Told(
                    point.id(),
                    point.version(),
                    floats(Objects.requireNonNull(point.vectors().get(""))),
                    point.payload()))
        .toList();
  }

  private static List<Float> floats(float[] vector) {
    return IntStream.range(0, vector.length).mapToObj(i -> vector[i]).toList();
  }

  private static void requireSame(List<Hit> hits, List<Hit> expected) {
    assertThat(hits).usingRecursiveComparison().isEqualTo(expected);
  }

  /// The number of the only segment.
  private long segment() throws IOException {
    List<String> files =
        disk.list(HOME).stream().filter(name -> name.startsWith("segment-")).toList();
    assertThat(files).hasSize(1);
    return Long.parseLong(files.getFirst().replaceAll("[^0-9]", ""));
  }

  @ParameterizedTest
  @EnumSource
  void sealedRowsTakeTheBytesOfTheirType(ElementType type) throws IOException {
    TestData data = data(new Seed(1).random(), type);
    try (Database database = Database.open(FOLDER, options())) {
      Collection collection = database.createCollection("c", config(type));
      collection.upsert(points(data, 0, ROWS));
      collection.seal();
    }
    long number = segment();
    try (SegmentContainer container =
        SegmentContainer.open(disk, SealedSegment.path(HOME, number), number)) {
      String part =
          switch (type) {
            case FLOAT32 -> "0.vectors";
            case FLOAT16 -> "0.vectors.float16";
            case UINT8 -> "0.vectors.uint8";
          };
      assertThat(container.part(part).byteSize()).isEqualTo((long) ROWS * DIMENSION * type.bytes());
      assertThat(container.parts().stream().filter(name -> name.startsWith("0.vectors")))
          .containsExactly(part);
    }
  }

  /// While rows are live, once they are indexed in memory, sealed, merged, and read from the log or
  /// from files again.
  @ParameterizedTest
  @EnumSource
  void answersDoNotChangeWithThePlaceOfARow(ElementType type) {
    Seed.repeat(
        2,
        random -> {
          MemoryDisk own = new MemoryDisk();
          DatabaseOptions options = options().withDisk(own).withSealRows(64 * 16);
          TestData data = data(random, type);
          float[] query = data.queries().getFirst();
          List<Told> stored;
          List<Hit> hits;
          try (Database database = Database.open(FOLDER, options)) {
            Collection collection = database.createCollection("c", config(type));
            collection.upsert(points(data, 0, ROWS));
            stored = all(collection);
            hits = collection.search(exact(query)).hits();
            for (int i = 0; i < ROWS; i++) {
              assertThat(stored.get(i).vector())
                  .isEqualTo(floats(type.round(data.vectors().get(i))));
            }
          }
          try (Database database = Database.open(FOLDER, options)) {
            Collection collection = database.collection("c");
            assertThat(collection.config()).isEqualTo(config(type));
            requireSame(collection.search(exact(query)).hits(), hits);
            collection.seal();
            requireSame(collection.search(exact(query)).hits(), hits);
            collection.compact();
            requireSame(collection.search(exact(query)).hits(), hits);
          }
          try (Database database = Database.open(FOLDER, options)) {
            Collection collection = database.collection("c");
            requireSame(collection.search(exact(query)).hits(), hits);
            assertThat(all(collection)).isEqualTo(stored);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void searchesFindNearlyAllThatExactOnesFind(ElementType type) {
    TestData data = data(new Seed(2).random(), type);
    try (Database database = Database.open(FOLDER, options())) {
      Collection collection = database.createCollection("c", config(type));
      collection.upsert(points(data, 0, ROWS));
      collection.seal();
      for (PlanChoice plan : List.of(PlanChoice.AUTO, PlanChoice.LIST, PlanChoice.PROBE)) {
        int found = 0;
        for (float[] query : data.queries()) {
          List<PointId> expected =
              collection.search(exact(query)).hits().stream().map(Hit::id).toList();
          found +=
              (int)
                  collection
                      .search(SearchRequest.nearest(query).plan(plan).limit(20))
                      .hits()
                      .stream()
                      .filter(hit -> expected.contains(hit.id()))
                      .count();
        }
        assertThat(found)
            .as("%s of %s", plan, type)
            .isGreaterThanOrEqualTo((int) (0.95 * 20 * data.queries().size()));
      }
    }
  }

  @Test
  void valuesThatTheTypeDoesNotHoldAreRefusedWithTheirNameAndNothingIsStored() {
    try (Database database = Database.open(FOLDER, options())) {
      Collection collection =
          database.createCollection(
              "c",
              new CollectionConfig(
                  Map.of(
                      "image", new VectorConfig(2, Metric.DOT, ElementType.UINT8),
                      "text", new VectorConfig(2, Metric.DOT, ElementType.FLOAT16))));
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  collection.upsert(
                      List.of(
                          new Point(PointId.of(1), Map.of("image", new float[] {1, 2}), none()),
                          new Point(PointId.of(2), Map.of("image", new float[] {1, 256}), none()))))
          .withMessage(
              "points[1] (id 2): vector 'image': vector[1] is 256.0, a value of type uint8 must be"
                  + " in 0..255");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  collection.upsert(
                      List.of(
                          new Point(PointId.of(1), Map.of("text", new float[] {1, 1e5f}), none()))))
          .withMessageContaining("100000.0, a value of type float16 must be in -65504..65504");
      assertThat(collection.status().points()).isZero();
      // A query is no row.
      collection.search(SearchRequest.nearest(new float[] {-1, 1e5f}).using("image"));
    }
  }

  private static io.capsdb.point.Payload none() {
    return io.capsdb.point.Payload.empty();
  }

  @Test
  void bytesHaveNoDistanceThatNeedsLengthOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VectorConfig(4, Metric.COSINE, ElementType.UINT8))
        .withMessageContaining("uint8 cannot have the distance Cosine");
  }

  @Test
  void halvesOfCosineAreOfLengthOneBeforeTheyAreRounded() {
    try (Database database = Database.open(FOLDER, options())) {
      Collection collection =
          database.createCollection(
              "c", CollectionConfig.of(3, Metric.COSINE, ElementType.FLOAT16));
      float[] vector = {3e5f, -4e5f, 1};
      collection.upsert(List.of(Point.of(1, vector, Map.of())));
      float[] expected = ElementType.FLOAT16.round(Metric.COSINE.prepare(vector));
      assertThat(collection.get(PointId.of(1)).orElseThrow().vectors().get("")).isEqualTo(expected);
      assertThat(collection.search(exact(vector)).hits().getFirst().score())
          .isBetween(0.999f, 1.001f);
    }
  }

  @ParameterizedTest
  @EnumSource
  void snapshotsAndChecksTakeAllTypes(ElementType type) throws IOException {
    TestData data = data(new Seed(3).random(), type);
    List<Told> before;
    byte[] archive;
    try (Database database = Database.open(FOLDER, options())) {
      Collection collection = database.createCollection("c", config(type));
      collection.upsert(points(data, 0, 400));
      collection.seal();
      collection.upsert(points(data, 400, ROWS));
      before = all(collection);
      String name = database.createSnapshot("c").name();
      try (InputStream in = database.readSnapshot("c", name)) {
        archive = in.readAllBytes();
      }
      database.restore("copy", new ByteArrayInputStream(archive), 1L << 30);
      Collection copy = database.collection("copy");
      assertThat(copy.config()).isEqualTo(config(type));
      assertThat(all(copy)).isEqualTo(before);
    }
    assertThat(DatabaseCheck.run(disk, FOLDER, _ -> {}).isSound()).isTrue();
  }

  /// An older version knows no metric of such a name, and refuses the collection.
  @Test
  void theCatalogueTellsTypesWhereAnOlderVersionLooksForTheMetric() throws IOException {
    try (Database database = Database.open(FOLDER, options())) {
      for (ElementType type : ElementType.values()) {
        database.createCollection(type.apiName(), config(type));
      }
    }
    for (Catalogue.Entry entry : Catalogue.read(disk, FOLDER.resolve("catalogue")).entries()) {
      String text = new String(entry.config(), StandardCharsets.ISO_8859_1);
      assertThat(text.contains("EUCLID")).isTrue();
      assertThat(text.contains("EUCLID of FLOAT16")).isEqualTo(entry.name().equals("float16"));
      assertThat(text.contains("EUCLID of UINT8")).isEqualTo(entry.name().equals("uint8"));
      assertThat(Database.readConfig(entry))
          .isEqualTo(
              config(
                  switch (entry.name()) {
                    case "float16" -> ElementType.FLOAT16;
                    case "uint8" -> ElementType.UINT8;
                    default -> ElementType.FLOAT32;
                  }));
    }
  }

  @Test
  void rowsOfOneTypeAreNeverReadAsAnother() throws IOException {
    TestData data = data(new Seed(4).random(), ElementType.FLOAT16);
    try (Database database = Database.open(FOLDER, options())) {
      Collection collection = database.createCollection("c", config(ElementType.FLOAT16));
      collection.upsert(points(data, 0, 100));
      collection.seal();
    }
    long number = segment();
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> SealedSegment.open(disk, HOME, number, config(ElementType.FLOAT32)))
        .withMessageContaining("0.vectors");
  }
}
