package io.capsdb.server.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.FilterText;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.PointId;
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
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetFolderTest {
  private static final Path FOLDER = Path.of("set").toAbsolutePath();

  private final Disk disk = new MemoryDisk();

  /// The library of HDF5 writes files of the system only.
  @TempDir Path temporary;

  @BeforeEach
  void create() throws IOException {
    disk.createFolders(FOLDER);
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path file = FOLDER.resolve(name);
    disk.delete(file);
    try (Disk.AppendFile out = disk.create(file)) {
      out.write(ByteBuffer.wrap(bytes));
    }
  }

  private void write(String name, String text) throws IOException {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, int size, Consumer<ByteBuffer> content) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    content.accept(bytes);
    write(name, java.util.Arrays.copyOf(bytes.array(), bytes.position()));
  }

  private void writeNpy(String name, float[][] rows) throws IOException {
    String header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }\n"
            .formatted(rows.length, rows[0].length);
    write(
        name,
        4_096,
        out -> {
          out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
          out.putShort((short) header.length());
          out.put(header.getBytes(StandardCharsets.US_ASCII));
          for (float[] row : rows) {
            for (float value : row) {
              out.putFloat(value);
            }
          }
        });
  }

  private void writeVecs(String name, float[][] rows) throws IOException {
    write(
        name,
        4_096,
        out -> {
          for (float[] row : rows) {
            out.putInt(row.length);
            for (float value : row) {
              out.putFloat(value);
            }
          }
        });
  }

  private void writeVecs(String name, int[][] rows) throws IOException {
    write(
        name,
        4_096,
        out -> {
          for (int[] row : rows) {
            out.putInt(row.length);
            for (int value : row) {
              out.putInt(value);
            }
          }
        });
  }

  private static List<RowSource.Row> rows(DataSetFolder folder) throws IOException {
    List<RowSource.Row> all = new ArrayList<>();
    try (RowSource rows = folder.rows()) {
      for (Optional<RowSource.Row> row = rows.next(); row.isPresent(); row = rows.next()) {
        all.add(row.get());
      }
    }
    return all;
  }

  private static List<String> texts(Workload workload) {
    return workload.filters().stream().map(FilterText::of).toList();
  }

  private DataSetFolder open() throws IOException {
    return DataSetFolder.open(disk, FOLDER);
  }

  @Test
  void testsWithConditionsAreRead() throws IOException {
    writeNpy("vectors.npy", new float[][] {{1, 2}, {3, 4}});
    write("payloads.jsonl", "{\"a\":1}\n{\"a\":2,\"c\":\"x\"}\n");
    write(
        "tests.jsonl",
        """
        {"query":[0.5,1],"conditions":{"and":[{"a":{"match":{"value":1}}},{"b":{"range":{"gte":2,"lt":3}}}]},"closest_ids":[1]}
        {"query":[1,1],"conditions":{"or":[{"c":{"match":{"value":"x"}}},{"a":{"match":{"value":2}}}]}}
        {"query":[2,1],"conditions":null}
        """);
    assertThat(rows(open())).hasSize(2);
    assertThat(rows(open()).get(1).payload().fields()).containsEntry("c", "x");
    DataSetFolder.Asked asked = open().asked(100);
    assertThat(asked.queries()).hasSize(3);
    assertThat(asked.queries().getFirst().vector()).containsExactly(0.5f, 1);
    assertThat(asked.workloads()).extracting(Workload::name).containsExactly("none", "conditions");
    assertThat(texts(asked.workloads().get(1)))
        .containsExactly("a = 1 AND b in [2.0, 3.0)", "c = \"x\" OR a = 2", "everything");
    assertThat(asked.workloads().get(0).given()).isEmpty();
    assertThat(asked.workloads().get(1).given())
        .containsExactly(List.of(PointId.of(1)), List.of(), List.of());
    assertThat(open().asked(2).queries()).hasSize(2);
  }

  /// What is not understood would be left out, and the figures would be those of another filter.
  @Test
  void conditionsThatAreNotReadAreRefused() throws IOException {
    writeNpy("vectors.npy", new float[][] {{1, 2}, {3, 4}});
    for (List<String> each :
        List.of(
            List.of("\"a=3\"", "conditions is \"a=3\""),
            List.of("[{\"a\":{\"match\":{\"value\":3}}}]", "conditions is [{"),
            List.of("{\"and\":{\"a\":{\"match\":{\"value\":3}}}}", "conditions.and is no array"),
            List.of("{\"and\":[5]}", "a condition is 5"),
            List.of("{\"and\":[{\"a\":3}]}", "a condition on 'a' is 3"),
            List.of("{\"and\":[{\"a\":{\"match\":{\"any\":[1]}}}]}", "match on 'a' is missing"),
            List.of("{\"and\":[{\"a\":{\"range\":{}}}]}", "the range of 'a' is {}"),
            List.of(
                "{\"and\":[{\"a\":{\"range\":{\"gte\":\"2020-01-01\"}}}]}",
                "the range of 'a' has gte \"2020-01-01\", read are numbers"),
            List.of("{\"and\":[{\"a\":{\"range\":{\"from\":1}}}]}", "the range of 'a' has from 1"),
            List.of(
                "{\"and\":[{\"a\":{\"range\":{\"gt\":1,\"gte\":2}}}]}",
                "the range of 'a' has two bounds on one side"))) {
      write("tests.jsonl", "{\"query\":[1,2],\"conditions\":" + each.get(0) + "}\n");
      requireRefused("tests.jsonl, line 1: ");
      requireRefused(each.get(1));
    }
    write("tests.jsonl", "{\"query\":[1,1e39]}\n");
    requireRefused("tests.jsonl, line 1: query[1] is Infinity, must be finite");
    write("tests.jsonl", "{\"query\":[1,1]}\n{\"query\":[0,0]}\n");
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> open().asked(10).requireFit(open(), Metric.COSINE))
        .withMessageContaining("tests.jsonl, query 1: vector is zero");
    open().asked(10).requireFit(open(), Metric.EUCLID);
    // Some data sets write an empty object where nothing is asked for.
    write("tests.jsonl", "{\"query\":[1,2],\"conditions\":{}}\n");
    assertThat(open().asked(1).workloads()).hasSize(1);
  }

  @Test
  void attributesAndBoundsAreRead() throws IOException {
    write("dataset.properties", "metric=l2\nattributes=label, year\n");
    writeVecs("base.fvecs", new float[][] {{1, 2}, {3, 4}});
    writeVecs("queries.fvecs", new float[][] {{1, 1}, {2, 2}});
    writeVecs("attributes.ivecs", new int[][] {{7, 1990}, {8, 2000}});
    writeVecs("both.filters.ivecs", new int[][] {{7, 7, 1980, 1995}, {-1, -1, -1, -1}});
    assertThat(open().metric()).contains(Metric.EUCLID);
    assertThat(rows(open()).getFirst().payload().fields())
        .containsEntry("label", 7L)
        .containsEntry("year", 1990L);
    DataSetFolder.Asked asked = open().asked(100);
    assertThat(texts(asked.workloads().get(1)))
        .containsExactly("label = 7 AND year in [1980.0, 1995.0]", "everything");
    assertThat(asked.workloads().get(0).filters()).containsOnly(Filter.ALL);
  }

  @Test
  void bytesWithTagsAreRead() throws IOException {
    writeTags("base.10K", new int[][] {{5, 6}, {}, {6}});
    writeTags("query.public", new int[][] {{6}, {5, 6}, {5}});
    assertThat(rows(open())).hasSize(3);
    assertThat(rows(open()).getFirst().vector()).containsExactly(0, 200);
    assertThat(rows(open()).getFirst().payload().fields()).containsEntry("tags", List.of(5L, 6L));
    DataSetFolder.Asked asked = open().asked(100);
    assertThat(texts(asked.workloads().get(1)))
        .containsExactly("tags = 6", "tags = 5 AND tags = 6", "tags = 5");
  }

  private void writeTags(String name, int[][] tags) throws IOException {
    write(
        name + ".u8bin",
        4_096,
        out -> {
          out.putInt(tags.length).putInt(2);
          for (int row = 0; row < tags.length; row++) {
            out.put((byte) row).put((byte) (200 + row));
          }
        });
    write(
        name + ".metadata.spmat",
        4_096,
        out -> {
          int entries = java.util.stream.Stream.of(tags).mapToInt(row -> row.length).sum();
          out.putLong(tags.length).putLong(10).putLong(entries);
          long start = 0;
          out.putLong(start);
          for (int[] row : tags) {
            start += row.length;
            out.putLong(start);
          }
          for (int[] row : tags) {
            for (int tag : row) {
              out.putInt(tag);
            }
          }
        });
  }

  private void writeHdf(String name, String distance, float[][] test, int[][] neighbours)
      throws IOException {
    Path path = Files.createTempFile(temporary, "made", ".hdf5");
    Files.delete(path);
    try (WritableHdfFile out = HdfFile.write(path)) {
      out.putDataset("train", new float[][] {{1, 2}, {3, 4}, {5, 6}});
      out.putDataset("test", test);
      out.putDataset("neighbors", neighbours);
      out.putAttribute("distance", distance);
    }
    write(name, Files.readAllBytes(path));
  }

  @Test
  void aFileOfAnnBenchmarksIsReadWithItsAnswers() throws IOException {
    writeHdf("a.hdf5", "euclidean", new float[][] {{1, 1}, {6, 6}}, new int[][] {{0, 1}, {2, 1}});
    for (Path path : List.of(FOLDER.resolve("a.hdf5"), FOLDER)) {
      DataSetFolder set = DataSetFolder.open(disk, path);
      assertThat(set.metric()).contains(Metric.EUCLID);
      assertThat(rows(set)).hasSize(3);
      assertThat(rows(set).get(2).vector()).containsExactly(5, 6);
      DataSetFolder.Asked asked = set.asked(100);
      assertThat(asked.queries()).hasSize(2);
      assertThat(asked.queries().get(1).vector()).containsExactly(6, 6);
      assertThat(asked.workloads())
          .containsExactly(
              new Workload(
                  "none",
                  List.of(Filter.ALL, Filter.ALL),
                  List.of(
                      List.of(PointId.of(0), PointId.of(1)),
                      List.of(PointId.of(2), PointId.of(1)))));
      assertThat(set.asked(1).workloads().getFirst().given()).hasSize(1);
    }
  }

  @Test
  void filesOfAnnBenchmarksThatDoNotFitAreNamed() throws IOException {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> DataSetFolder.open(disk, FOLDER.resolve("a.hdf5")))
        .withMessageContaining("a.hdf5, file: there is no such file");
    writeHdf("a.hdf5", "hamming", new float[][] {{1, 1, 1}}, new int[][] {{0}});
    requireRefused("test: its rows have 3 values, those of train have 2");
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> open().metric())
        .withMessageContaining("distance: it is 'hamming', known are euclidean and angular");
    writeHdf("a.hdf5", "angular", new float[][] {{1, 1}}, new int[][] {{3}});
    requireRefused("neighbors of query 0: there is no row 3, train has 3");
    writeHdf("b.h5", "angular", new float[][] {{1, 1}}, new int[][] {{1}});
    requireRefused("there are 2 .hdf5 files, name one of them");
  }

  @Test
  void anUnknownDistanceIsNamed() throws IOException {
    write("dataset.properties", "metric=hamming\n");
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> open().metric())
        .withMessageContaining("metric: it is 'hamming', known are l2 and cosine");
    write("dataset.properties", "");
    assertThat(open().metric()).isEmpty();
  }

  private void requireRefused(String message) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(
            () -> {
              DataSetFolder folder = open();
              rows(folder);
              folder.asked(100);
            })
        .withMessageContaining(message);
  }

  @Test
  void whatIsMissingOrDoesNotFitIsNamed() throws IOException {
    requireRefused("no data set was found");
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> DataSetFolder.open(disk, FOLDER.resolve("nowhere")))
        .withMessageContaining("there is no such folder");
    writeNpy("vectors.npy", new float[][] {{1, 2}, {3, 4}});
    requireRefused("there is no tests.jsonl");
    write("tests.jsonl", "");
    requireRefused("there are no queries");
    write("tests.jsonl", "{\"query\":[1,2]}\n{\"query\":[1,\"x\"]}\n");
    requireRefused("tests.jsonl, line 2: query[1] is \"x\"");
    write("tests.jsonl", "{\"query\":[1,2],\"conditions\":{\"and\":[{\"a\":{\"geo\":{}}}]}}\n");
    requireRefused("a condition on 'a' is");
    write("tests.jsonl", "{\"query\":[1,2],\"closest_ids\":[0,-1]}\n");
    requireRefused("tests.jsonl, line 1: closest_ids[1] is -1");
    write("tests.jsonl", "{\"query\":[1,2]}\n");
    write("payloads.jsonl", "{}\n");
    requireRefused("payloads.jsonl, end: it has 1 rows, vectors.npy has more");
    disk.delete(FOLDER.resolve("payloads.jsonl"));
    write("dataset.properties", "metric=l2\nattributes=label\n");
    writeVecs("base.fvecs", new float[][] {{1, 2}, {3, 4}});
    requireRefused("there is no attributes.ivecs");
    writeVecs("attributes.ivecs", new int[][] {{1}, {1, 2}});
    requireRefused("row 1: 2 values, dataset.properties names 1");
    writeVecs("attributes.ivecs", new int[][] {{1}, {2}});
    requireRefused("there is no queries.fvecs and no queries.npy");
    writeVecs("queries.fvecs", new float[][] {{1, 1}, {2, 2}});
    writeVecs("x.filters.ivecs", new int[][] {{1, 1}});
    requireRefused("1 rows for 2 queries");
    writeVecs("x.filters.ivecs", new int[][] {{1, 1, 1}, {1, 1}});
    requireRefused("row 0: 3 values, 1 attributes need 2");
  }

  @Test
  void tagsThatDoNotFitTheirRowsAreNamed() throws IOException {
    writeTags("base", new int[][] {{1}, {2}});
    writeTags("query", new int[][] {{1}});
    byte[] whole;
    try (var in = disk.read(FOLDER.resolve("base.metadata.spmat"))) {
      whole = in.readAllBytes();
    }
    write("base.metadata.spmat", java.util.Arrays.copyOf(whole, 30));
    requireRefused("row starts: the file ends inside it");
    writeTags("other", new int[][] {{1}, {2}, {3}});
    byte[] three;
    try (var in = disk.read(FOLDER.resolve("other.metadata.spmat"))) {
      three = in.readAllBytes();
    }
    write("base.metadata.spmat", three);
    requireRefused("header: it has 3 rows, " + FOLDER.resolve("base.u8bin") + " has 2");
  }

  @Test
  void aMatrixThatDoesNotHoldTogetherIsRefused() throws IOException {
    writeTags("query", new int[][] {{1}});
    writeTags("base", new int[][] {{1}, {2}});
    byte[] whole;
    try (var in = disk.read(FOLDER.resolve("base.metadata.spmat"))) {
      whole = in.readAllBytes();
    }
    for (List<Object> each :
        List.<List<Object>>of(
            List.of(24, 1, "row starts: they go from 1 to 2 of 2 entries"),
            List.of(40, 1, "row starts: they go from 0 to 1 of 2 entries"),
            List.of(52, 10, "entry 1: it is in column 10 of 10"),
            List.of(48, -1, "entry 0: it is in column -1 of 10"))) {
      byte[] bent = whole.clone();
      ByteBuffer.wrap(bent)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putInt((int) each.get(0), (int) each.get(1));
      write("base.metadata.spmat", bent);
      requireRefused((String) each.get(2));
    }
    write("base.metadata.spmat", whole);
    write("base.u8bin", new byte[] {2, 0, 0, 0, 2, 0, 0, 0, 1, 2, 3, 4, 5});
    requireRefused("row 2: the file goes on, its header promises 2 rows");
  }

  @Test
  void namesOfAttributesAreKeysAndNoPaths() throws IOException {
    write("dataset.properties", "metric=l2\nattributes=a.b, c[\n");
    writeVecs("base.fvecs", new float[][] {{1, 2}, {3, 4}});
    writeVecs("queries.fvecs", new float[][] {{1, 1}});
    writeVecs("attributes.ivecs", new int[][] {{7, 1}, {8, 2}});
    writeVecs("x.filters.ivecs", new int[][] {{7, 7, 1, 2}});
    Filter filter = open().asked(10).workloads().get(1).filters().getFirst();
    FilterEvaluator evaluator = FilterEvaluator.of(filter);
    assertThat(rows(open()).stream().map(row -> evaluator.matches(row.payload())))
        .containsExactly(true, false);
  }

  @Test
  void badPropertiesAndTooManyFiltersAreNamed() throws IOException {
    writeVecs("base.fvecs", new float[][] {{1, 2}, {3, 4}});
    write("dataset.properties", "metric=l2\nattributes=\\uZZZZ\n");
    requireRefused("dataset.properties, properties: Malformed");
    write("dataset.properties", "metric=l2\nattributes=a,,b\n");
    requireRefused("dataset.properties, attributes: a name is missing or there twice: a,,b");
    write("dataset.properties", "metric=l2\nattributes=a,a\n");
    requireRefused("attributes: a name is missing or there twice: a,a");
    write("dataset.properties", "metric=l2\nattributes=a\n");
    writeVecs("queries.fvecs", new float[][] {{1, 1}});
    writeVecs("attributes.ivecs", new int[][] {{7}, {8}});
    writeVecs("x.filters.ivecs", new int[][] {{7, 7}, {8, 8}});
    requireRefused("x.filters.ivecs, row 1: it has more rows than there are queries: 1");
    assertThat(open().asked(1).queries()).hasSize(1);
  }
}
