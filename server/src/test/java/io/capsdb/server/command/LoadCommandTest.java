package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.CollectionConfig;
import io.capsdb.StoredPoint;
import io.capsdb.filter.Filter;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.Metric;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadCommandTest {
  private static final String COLLECTION = "films";
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
  @ValueSource(
      strings = {
        "a.fvecs",
        "a.bvecs",
        "a.fbin",
        "a.u8bin",
        "a.npy",
        "a.idx",
        "a-idx2-ubyte",
        "a.jsonl",
        "a.ndjson",
        "a.csv"
      })
  void eachFormatIsLoadedPlainAndPacked(String name) throws IOException {
    byte[] bytes = threeRows(name);
    assertThat(load("--vectors", machine.file(name, bytes))).as(machine.err()).isZero();
    requireThreeRows();
    server.database().dropCollection(COLLECTION);
    assertThat(load("--vectors", machine.file(name + ".gz", packed(bytes)))).isZero();
    requireThreeRows();
  }

  /// The libraries that read and unpack them are where the program looks for them.
  @ParameterizedTest
  @ValueSource(strings = {"three-rows.parquet", "three-rows.snappy.parquet", "three-rows.hdf5"})
  void tablesAreLoaded(String name) throws IOException {
    byte[] bytes;
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(name))) {
      bytes = in.readAllBytes();
    }
    assertThat(load("--vectors", machine.file(name, bytes))).as(machine.err()).isZero();
    requireThreeRows();
  }

  @Test
  void createsTheCollectionAndTellsHowItWent() throws IOException {
    assertThat(load("--vectors", machine.file("a.npy", threeRows("a.npy")))).isZero();
    assertThat(machine.out())
        .contains("created collection 'films': 2 dimensions, Euclid")
        .containsPattern("loaded 3 points into 'films' in [0-9.]+ s \\([0-9,]+/s\\); no bad rows")
        .containsPattern("status: green after [0-9.]+ s; the collection has 3 points");
    assertThat(machine.err()).isEmpty();
    assertThat(server.collection(COLLECTION).config())
        .isEqualTo(CollectionConfig.of(2, Metric.EUCLID));
  }

  @Test
  void theLogOfANewCollectionIsForcedAtIntervalsWhereThatIsAskedFor() throws IOException {
    String file = machine.file("a.npy", threeRows("a.npy"));
    assertThat(load("--vectors", file, "--log-interval-ms", "60001")).isNotZero();
    assertThat(machine.err()).contains("--log-interval-ms: value 60001 invalid", "0 to 60000");
    assertThat(load("--vectors", file, "--log-interval-ms", "250")).isZero();
    assertThat(server.collection(COLLECTION).config())
        .isEqualTo(CollectionConfig.of(2, Metric.EUCLID).withLogInterval(250));
  }

  @Test
  void aNewCollectionMayHaveBytesAndTakesTheRowsThatFit() throws IOException {
    String file =
        machine.file(
            "a.jsonl",
            """
            {"vector":[1,2.4]}
            {"vector":[3,256]}
            {"vector":[5,255]}
            """);
    assertThat(load("--vectors", file, "--datatype", "int8")).isNotZero();
    assertThat(machine.err()).contains("--datatype: 'int8' is none of [float32, float16, uint8]");
    assertThat(load("--vectors", file, "--datatype", "uint8")).isZero();
    assertThat(machine.out())
        .contains("a.jsonl:2: ", "vector[1] is 256.0, a value of type uint8 must be in 0..255");
    assertThat(server.collection(COLLECTION).config())
        .isEqualTo(CollectionConfig.of(2, Metric.EUCLID, ElementType.UINT8));
    assertThat(point(0).vectors().get("")).containsExactly(1, 2);
    assertThat(ids()).containsExactly("0", "2");
  }

  @Test
  void rowAlignedPayloadBelongsToItsVector() throws IOException {
    String payload = machine.file("p.csv", "name,year\nA,1990\nB,2000\n\"C, D\",2010\n");
    assertThat(load("--vectors", machine.file("a.npy", threeRows("a.npy")), "--payload", payload))
        .isZero();
    assertThat(point(2).payload()).isEqualTo(Payload.of(Map.of("name", "C, D", "year", 2010L)));
  }

  @Test
  void linesOfPayloadBelongToTheVectorsOfAnArray() throws IOException {
    String payload =
        machine.file(
            "payloads.jsonl",
            """
            {"id":7,"payload":{"name":"A"}}
            {"id":8,"payload":{"name":
            {"id":9,"payload":{"name":"C"}}
            """);
    assertThat(load("--vectors", machine.file("a.npy", threeRows("a.npy")), "--payload", payload))
        .isZero();
    assertThat(machine.out()).contains("payloads.jsonl:2: ", "1 bad rows left out");
    assertThat(ids()).containsExactly("7", "9");
    assertThat(point(9).payload()).isEqualTo(Payload.of(Map.of("name", "C")));
  }

  @Test
  void idsComeFromTheNamedField() throws IOException {
    String file =
        machine.file(
            "a.jsonl",
            """
            {"vector":[1,2],"sku":"00000000-0000-0000-0000-000000000007"}
            {"vector":[3,4],"sku":12}
            {"vector":[5,6]}
            {"vector":[5,6],"sku":1.5}
            """);
    assertThat(load("--vectors", file, "--ids", "sku")).isZero();
    assertThat(machine.out())
        .contains(
            "a.jsonl:3: field 'sku', which --ids names, is missing",
            "a.jsonl:4: field 'sku' is 1.5, an id is a whole number or a UUID");
    assertThat(ids()).containsExactly("12", "00000000-0000-0000-0000-000000000007");
  }

  @Test
  void badRowsAreReportedCountedAndLeftOut() throws IOException {
    assertThat(load("--vectors", machine.file("bad.jsonl", BAD_ROWS))).isZero();
    assertThat(machine.out())
        .contains(
            "left out bad.jsonl:2: vector has 3 values, collection 'films' needs 2",
            "left out bad.jsonl:3: there is no vector",
            "left out bad.jsonl:4: ",
            "left out bad.jsonl:6: ",
            "4 bad rows left out");
    assertThat(machine.out()).doesNotContain("bad.jsonl:1:", "bad.jsonl:5:", "bad.jsonl:7:");
    assertThat(ids()).containsExactly("1", "5", "7");
  }

  private static final String BAD_ROWS =
      """
      {"id":1,"vector":[1,2]}
      {"id":2,"vector":[1,2,3]}
      {"id":3}
      {"id":4,"vector":[1,"x"]}
      {"id":5,"vector":[5,6]}
      {"id":6,"vector":[1,1e39]}
      {"id":7,"vector":[7,8]}
      """;

  @Test
  void strictEndsAtTheFirstBadRow() throws IOException {
    String file = machine.file("bad.jsonl", BAD_ROWS);
    assertThat(load("--vectors", file, "--strict", "--batch", "1")).isEqualTo(2);
    assertThat(machine.err())
        .contains("bad.jsonl:2: vector has 3 values", "(--strict ends the load here)");
    assertThat(machine.out()).doesNotContain("loaded");
  }

  @Test
  void loadThatBrokeOffGoesOnWhereItSays() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append("{\"vector\":[").append(i).append(",1]}\n");
    }
    String file = machine.file("a.jsonl", lines + "oops\n{\"vector\":[99,1]}\n");
    assertThat(load("--vectors", file, "--strict", "--batch", "4")).isEqualTo(2);
    String hint = machine.err().lines().findFirst().orElseThrow();
    assertThat(hint).matches("[0-9]+ points are stored; go on with --from [0-9]+");
    long from = Long.parseLong(hint.substring(hint.lastIndexOf(' ') + 1));
    assertThat(from).isGreaterThan(0).isLessThanOrEqualTo(40);
    assertThat(from % 4).as("ends with a batch").isZero();
    assertThat(ids()).containsAll(LongStream.range(0, from).mapToObj(String::valueOf).toList());
    machine.file("a.jsonl", lines + "{\"vector\":[88,1]}\n{\"vector\":[99,1]}\n");
    assertThat(load("--vectors", file, "--from", String.valueOf(from))).isZero();
    assertThat(machine.out()).contains("going on from row " + from);
    assertThat(machine.out()).contains("loaded " + (42 - from) + " points");
    assertThat(ids()).hasSize(42);
  }

  @Test
  void laterRowOfTheSameIdCounts() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      lines.append("{\"id\":7,\"vector\":[").append(i).append(",1]}\n");
    }
    assertThat(load("--vectors", machine.file("a.jsonl", lines.toString()), "--batch", "1"))
        .isZero();
    assertThat(vector(7)).containsExactly(59, 1);
  }

  @Test
  void zeroVectorIsABadRowWhereTheDistanceIsCosine() throws IOException {
    String file = machine.file("a.jsonl", "{\"vector\":[3,4]}\n{\"vector\":[0,0]}\n");
    assertThat(machine.run("load", "--url", server.url(), "--collection", "c", "--vectors", file))
        .isZero();
    assertThat(machine.out())
        .contains("created collection 'c': 2 dimensions, Cosine")
        .contains("a.jsonl:2: vector is zero, the distance Cosine needs a length above 0");
  }

  @Test
  void mostOfTheFirstRowsDecideTheDimension() throws IOException {
    String file =
        machine.file("a.jsonl", "{\"vector\":[1]}\n{\"vector\":[1,2]}\n{\"vector\":[3,4]}\n");
    assertThat(load("--vectors", file)).isZero();
    assertThat(machine.out()).contains("2 dimensions", "a.jsonl:1: vector has 1 values");
  }

  @Test
  void fileThatDoesNotFitTheCollectionIsRefused() throws IOException {
    server.database().createCollection(COLLECTION, CollectionConfig.of(3, Metric.COSINE));
    String file = machine.file("a.npy", threeRows("a.npy"));
    assertThat(machine.run("load", "--url", server.url(), "--collection=films", "--vectors", file))
        .isEqualTo(2);
    assertThat(machine.err())
        .contains("a.npy has dimension 2, collection 'films' needs dimension 3");
    String fitting = machine.file("b.jsonl", "{\"vector\":[1,2,3]}\n");
    assertThat(load("--vectors", fitting)).isEqualTo(2);
    assertThat(machine.err()).contains("--distance: collection 'films' has Cosine, not Euclid");
  }

  @Test
  void fileWithoutVectorsIsRefused() throws IOException {
    assertThat(load("--vectors", machine.file("a.jsonl", "{\"name\":\"x\"}\n"))).isEqualTo(2);
    assertThat(machine.err()).contains("a.jsonl has no vector in its first 1 rows");
    assertThat(load("--vectors", machine.file("b.jsonl", ""))).isEqualTo(2);
    assertThat(machine.err()).contains("b.jsonl has no rows");
  }

  @Test
  void filesOfDifferentLengthAreRefusedWithWhatIsStored() throws IOException {
    String payload = machine.file("p.csv", "name\nA\nB\n");
    assertThat(load("--vectors", machine.file("a.npy", threeRows("a.npy")), "--payload", payload))
        .isEqualTo(2);
    assertThat(machine.err()).contains("not row-aligned");
  }

  private int load(String... more) {
    List<String> args = new ArrayList<>(List.of("load", "--url", server.url()));
    args.addAll(List.of("--collection", COLLECTION, "--distance", "Euclid"));
    args.addAll(Arrays.asList(more));
    return machine.run(args.toArray(String[]::new));
  }

  private void requireThreeRows() {
    assertThat(ids()).containsExactly("0", "1", "2");
    for (int row = 0; row < 3; row++) {
      assertThat(vector(row)).containsExactly(2 * row + 1, 2 * row + 2);
    }
  }

  private List<String> ids() {
    return server.collection(COLLECTION).scroll(Filter.ALL, Optional.empty(), 100).points().stream()
        .map(point -> point.id().toString())
        .toList();
  }

  private float[] vector(long id) {
    return Objects.requireNonNull(point(id).vectors().get(""));
  }

  private StoredPoint point(long id) {
    return server.collection(COLLECTION).get(PointId.of(id)).orElseThrow();
  }

  /// The rows (1, 2), (3, 4), (5, 6) in the format that the name tells.
  private static byte[] threeRows(String name) {
    ByteBuffer bytes = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    switch (name.substring(2)) {
      case "fvecs" -> {
        for (int row = 0; row < 3; row++) {
          bytes.putInt(2).putFloat(2 * row + 1).putFloat(2 * row + 2);
        }
      }
      case "bvecs" -> {
        for (int row = 0; row < 3; row++) {
          bytes.putInt(2).put((byte) (2 * row + 1)).put((byte) (2 * row + 2));
        }
      }
      case "fbin" -> {
        bytes.putInt(3).putInt(2);
        for (int i = 1; i <= 6; i++) {
          bytes.putFloat(i);
        }
      }
      case "u8bin" -> bytes.putInt(3).putInt(2).put(new byte[] {1, 2, 3, 4, 5, 6});
      case "npy" -> {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }\n";
        bytes.put((byte) 0x93).put(new byte[] {'N', 'U', 'M', 'P', 'Y', 1, 0});
        bytes.putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        for (int i = 1; i <= 6; i++) {
          bytes.putFloat(i);
        }
      }
      case "idx", "idx2-ubyte" -> {
        bytes.order(ByteOrder.BIG_ENDIAN).putInt(0x0802).putInt(3).putInt(2);
        bytes.put(new byte[] {1, 2, 3, 4, 5, 6});
      }
      case "jsonl", "ndjson" ->
          bytes.put(text("{\"vector\":[1,2]}\n\n{\"vector\":[3,4]}\n{\"vector\":[5,6]}\n"));
      case "csv" -> bytes.put(text("name,vector\nA,\"[1,2]\"\nB,\"[3,4]\"\nC,\"[5,6]\"\n"));
      default -> throw new IllegalArgumentException(name);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
