package io.capsdb.server.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterText;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DataSetFolderTest {
  private static final Path FOLDER = Path.of("set").toAbsolutePath();

  private final Disk disk = new MemoryDisk();

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
    assertThat(open().asked(2).queries()).hasSize(2);
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
}
