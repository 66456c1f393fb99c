package io.capsdb.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.SparseVector;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonlRowsTest {
  private static final String[] BAD = {
    "{",
    "[]",
    "3",
    "{\"id\":-1}",
    "{\"id\":1.5}",
    "{\"id\":\"x\"}",
    "{\"vector\":[1,\"a\"]}",
    "{\"vector\":[1e39]}",
    "{\"vector\":[1e400]}",
    "{\"vector\":[NaN]}",
    "{\"vector\":null}",
    "{\"vector\":[]}",
    "{\"a\":1,\"a\":2}",
    "{\"a\":1} {\"b\":2}",
    "{\"a\":1}]",
    "{\"a\":}",
    "{\"payload\":{\"a\":1},\"b\":2}",
    "{\"a\":\"\\ud800\"}"
  };

  abstract static class Jsonl extends RowSourceContract {
    private final boolean isFlat;

    Jsonl(boolean isFlat) {
      this.isFlat = isFlat;
    }

    @Override
    SampleFile sample(RandomGenerator random) {
      SampleFile file = new SampleFile(isFlat ? "points.jsonl" : "points.ndjson");
      long line = 1;
      int rows = random.nextInt(1, 8);
      for (int r = 0; r < rows; r++) {
        while (random.nextInt(4) == 0) {
          file.text(random.nextBoolean() ? "\n" : " \t\r\n");
          line++;
        }
        if (random.nextInt(4) == 0) {
          file.text(BAD[random.nextInt(BAD.length)]);
          file.row(line, Optional.empty(), null, Payload.empty(), false);
        } else {
          point(file, line, random);
        }
        if (r < rows - 1 || random.nextBoolean()) {
          file.text(random.nextBoolean() ? "\n" : "\r\n");
        }
        line++;
      }
      return file;
    }

    private void point(SampleFile file, long line, RandomGenerator random) {
      long id = random.nextLong(Long.MAX_VALUE);
      float[] vector = {random.nextInt(100) / 4f, -0.5f, random.nextInt(9)};
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      if (isFlat) {
        fields.put("id", id);
      }
      fields.put("name", "é𝄞\"" + random.nextInt(10));
      fields.put("price", random.nextInt(1000) / 8.0);
      fields.put("tags", Arrays.asList("a", null, random.nextLong()));
      String members =
          "\"name\": \"é𝄞\\\"%s\", \"price\": %s, \"tags\":[\"a\",null,%s]"
              .formatted(
                  String.valueOf(fields.get("name")).substring(4),
                  fields.get("price"),
                  ((List<?>) java.util.Objects.requireNonNull(fields.get("tags"))).get(2));
      String text =
          "{\"id\": %d, \"vector\": [%s,%s,%s], ".formatted(id, vector[0], vector[1], vector[2]);
      file.text(isFlat ? text + members + "}" : text + "\"payload\": {" + members + "}}");
      file.row(line, Optional.of(PointId.of(id)), vector, Payload.of(fields), true);
    }

    @Override
    boolean mayEndAt(SampleFile sample, int length) {
      return true;
    }
  }

  @Nested
  class PointForm extends Jsonl {
    PointForm() {
      super(false);
    }
  }

  @Nested
  class Flat extends Jsonl {
    Flat() {
      super(true);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\":-1} | id \"-1\" is neither",
        "{\"id\":1.5} | id: expected a whole number or a UUID, found a number with a fraction",
        "{\"id\":18446744073709551616} | is above 18446744073709551615",
        "{\"vector\":[1,1e39]} | vector[1] is Infinity, must be finite",
        "{\"vector\":[1,1e400]} | vector[1]: value 1e400 invalid",
        "{\"vector\":[]} | vector has 0 values, must be from 1 to 65536",
        "{\"vector\":[1,null]} | vector[1]: expected a number, found null",
        "{\"a\":1,\"a\":2} | Duplicate",
        "{\"a\":1} x | line 1, column",
        "{\"a\":1} {} | something follows after the end",
        "{\"payload\":{},\"b\":2} | [b] stand beside payload",
        "{\"a\":{\"b\":1e400}} | a.b: value 1e400 invalid",
        "{\"vector\":{\"a\":[1,1e39]}} | 'a': vector[1] is Infinity, must be finite",
        "{\"vector\":{\"a\":1}} | vector.a: expected an array of numbers",
        "{\"vector\":{\"w\":{\"indices\":[1],\"values\":[1,2]}}} | 1 indices and 2 values",
        "{\"vector\":{\"w\":{\"indices\":[1,1],\"values\":[1,2]}}} | index 1 twice",
        "{\"vector\":{\"w\":{\"indices\":[4294967296],\"values\":[1]}}} | from 0 to 4294967295",
        "{\"vector\":{\"w\":{\"indices\":[1]}}} | values is missing",
        "{\"vector\":{\"w\":{\"size\":1}}} | a sparse vector has indices and values",
        "nonsense | line 1, column",
      })
  void badRowsAreRejectedWithTheReason(String text, String reason) throws IOException {
    List<RowSource.Row> rows = read("\n" + text + "\n{\"id\":7}\n");
    assertThat(rows.get(0).rejection().orElseThrow()).contains(reason);
    assertThat(rows.get(0).line()).isEqualTo(2);
    assertThat(rows.get(1).id()).contains(PointId.of(7));
    assertThat(rows.get(1).number()).isEqualTo(1);
  }

  @Test
  void idsOfEveryFormAreRead() throws IOException {
    List<RowSource.Row> rows =
        read(
            """
            {"id":18446744073709551615}
            {"id":"12"}
            {"id":"urn:uuid:F9168C5E-CEB2-4faa-B6BF-329BF39FA1E4"}
            """);
    assertThat(rows)
        .extracting(row -> row.id().orElseThrow().toString())
        .containsExactly("18446744073709551615", "12", "f9168c5e-ceb2-4faa-b6bf-329bf39fa1e4");
  }

  @Test
  void vectorsByNameAreRead() throws IOException {
    List<RowSource.Row> rows =
        read(
            """
            {"id":1,"vector":{"":[1,2],"image":[0.5],"words":{"values":[3,4],"indices":[4294967295,7]}}}
            {"id":2,"vector":{}}
            {"id":3,"vector":[1,2]}
            """);
    assertThat(rows).allMatch(row -> row.rejection().isEmpty());
    NamedVectors named = rows.get(0).named().orElseThrow();
    assertThat(rows.get(0).vector()).isNull();
    assertThat(named.dense()).containsOnlyKeys("", "image");
    assertThat(named.dense().get("")).containsExactly(1, 2);
    assertThat(named.sparse())
        .isEqualTo(Map.of("words", new SparseVector(new int[] {7, -1}, new float[] {4, 3})));
    assertThat(rows.get(1).named().orElseThrow().dense()).isEmpty();
    assertThat(rows.get(2).named()).isEmpty();
  }

  @Test
  void linesThatAreNoUtf8AreRejectedAndTheNextOnesRead() throws IOException {
    byte[][] bad = {
      {(byte) 0xff},
      {(byte) 0xc3},
      {(byte) 0xc0, (byte) 0x80},
      {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
      {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80}
    };
    for (byte[] sequence : bad) {
      byte[] bytes =
          new SampleFile("x")
              .text("{\"a\":\"é\"}\n{\"a\":\"")
              .raw(sequence)
              .text("\"}\n{\"a\":\"ü\"}")
              .bytes();
      List<RowSource.Row> rows = RowSourceContract.read("x.jsonl", bytes);
      assertThat(rows).hasSize(3);
      assertThat(rows.get(0).payload()).isEqualTo(Payload.of(Map.of("a", "é")));
      assertThat(rows.get(1).rejection().orElseThrow()).isEqualTo("the line is not UTF-8");
      assertThat(rows.get(2).payload()).isEqualTo(Payload.of(Map.of("a", "ü")));
    }
  }

  @Test
  void aByteOrderMarkIsPassedOver() throws IOException {
    assertThat(read("\ufeff{\"id\":7}\n").getFirst().id()).contains(PointId.of(7));
  }

  @Test
  void overLongLinesAreRejectedAndTheNextOnesRead() throws IOException {
    byte[] bytes = new byte[40 << 20];
    Arrays.fill(bytes, (byte) 'x');
    byte[] next = "\n{\"id\":7}".getBytes(UTF_8);
    System.arraycopy(next, 0, bytes, bytes.length - next.length, next.length);
    List<RowSource.Row> rows = RowSourceContract.read("x.jsonl.gz", SampleFile.packed(bytes));
    assertThat(rows).hasSize(2);
    assertThat(rows.getFirst().rejection().orElseThrow())
        .isEqualTo("the line is longer than 16777216 bytes");
    assertThat(rows.getLast().id()).contains(PointId.of(7));
    assertThat(rows.getLast().line()).isEqualTo(2);
  }

  @Test
  void vectorsAboveTheLimitAreRejected() throws IOException {
    String text = "{\"vector\":[" + "1,".repeat(65_536) + "1]}\n{\"id\":7}";
    List<RowSource.Row> rows = read(text);
    assertThat(rows.getFirst().rejection().orElseThrow()).contains("65536");
    assertThat(rows.getLast().id()).contains(PointId.of(7));
  }

  private static List<RowSource.Row> read(String text) throws IOException {
    return RowSourceContract.read("x.jsonl", text.getBytes(UTF_8));
  }
}
