package io.capsdb.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.IOException;
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

class CsvRowsTest {
  @Nested
  class Csv extends RowSourceContract {
    @Override
    SampleFile sample(RandomGenerator random) {
      SampleFile file = new SampleFile("points.csv");
      file.text("id,vector,name,price,is_new\n");
      long line = 2;
      for (int r = random.nextInt(1, 8); r > 0; r--) {
        if (random.nextInt(4) == 0) {
          String[] bad = {
            "1,2", "a,b,c,d,e,f", "-1,,,,", "7,\"[1,\",,,", "7,[],,,", "7,\"[1e39]\",,,", "7,x,,,"
          };
          file.text(bad[random.nextInt(bad.length)]);
          file.row(line, Optional.empty(), null, Payload.empty(), false);
          line++;
        } else {
          long id = random.nextLong(Long.MAX_VALUE);
          float[] vector = {random.nextInt(100) / 4f, -1};
          Map<String, @Nullable Object> fields = new LinkedHashMap<>();
          fields.put("id", id);
          boolean isTwoLines = random.nextBoolean();
          fields.put("name", isTwoLines ? "a,\"b\"\né" : "plain");
          fields.put("price", random.nextInt(1000) / 8.0);
          boolean isKnown = random.nextBoolean();
          if (isKnown) {
            fields.put("is_new", true);
          }
          file.text(id + ",\"[" + vector[0] + ", " + vector[1] + "]\",");
          file.text(isTwoLines ? "\"a,\"\"b\"\"\né\"" : "plain");
          file.text("," + fields.get("price") + "," + (isKnown ? "true" : ""));
          file.row(line, Optional.of(PointId.of(id)), vector, Payload.of(fields), true);
          line += isTwoLines ? 2 : 1;
        }
        file.text(random.nextBoolean() ? "\n" : "\r\n");
      }
      return file;
    }

    @Override
    boolean mayEndAt(SampleFile sample, int length) {
      return true;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "-7,-7",
    "123456789012345678,123456789012345678",
    "9223372036854775807,9223372036854775807",
    "-9223372036854775808,-9223372036854775808"
  })
  void wholeNumbersOf64BitsStayWhole(String text, long value) throws IOException {
    assertThat(cell(text)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"9223372036854775808,9223372036854775808.0", "0.5,0.5", "1e3,1000.0", "-0.0,-0.0"})
  void otherNumbersAreFloats(String text, double value) throws IOException {
    assertThat(cell(text)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"007", "1e999", "+1", "1.", "TRUE", "0x10", "1_000", "NaN", "2024-01-01", "-00.5"})
  void allElseIsText(String text) throws IOException {
    assertThat(cell(text)).isEqualTo(text);
  }

  @Test
  void emptyCellsAreMissingFields() throws IOException {
    assertThat(read("a,b\n,x\n").getFirst().payload()).isEqualTo(Payload.of(Map.of("b", "x")));
  }

  @Test
  void rowsWithMoreOrFewerCellsAreRejectedAndTheNextOnesRead() throws IOException {
    List<RowSource.Row> rows = read("a,b\n1\n1,2,3\n1,2\n");
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0).rejection()).contains("1 cells, the header has 2");
    assertThat(rows.get(1).rejection()).contains("3 cells, the header has 2");
    assertThat(rows.get(1).line()).isEqualTo(3);
    assertThat(rows.get(2).rejection()).isEmpty();
  }

  @Test
  void rowsThatAreNoUtf8AreRejectedAndTheNextOnesRead() throws IOException {
    byte[] bytes = new SampleFile("x").text("a\né\n").raw(0xff, 'x').text("\n\ufffd\n").bytes();
    List<RowSource.Row> rows = RowSourceContract.read("x.csv", bytes);
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0).payload()).isEqualTo(Payload.of(Map.of("a", "é")));
    assertThat(rows.get(1).rejection()).contains("the row is not UTF-8");
    assertThat(rows.get(2).payload()).isEqualTo(Payload.of(Map.of("a", "\ufffd")));
  }

  @Test
  void aByteOrderMarkIsPassedOver() throws IOException {
    assertThat(read("\ufeffid\n7\n").getFirst().id()).contains(PointId.of(7));
  }

  @Test
  void headersAloneHoldNoRows() throws IOException {
    assertThat(read("a,b\n")).isEmpty();
    assertThat(read("")).isEmpty();
  }

  @Test
  void twoColumnsOfOneNameAreRefused() {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> read("a,b,a\n1,2,3\n"))
        .withMessageStartingWith("x.csv, ");
  }

  @Test
  void anEndlessQuoteIsToldWithBoundedMemory() {
    byte[] bytes = new byte[64 << 20];
    java.util.Arrays.fill(bytes, (byte) 'x');
    bytes[0] = 'a';
    bytes[1] = '\n';
    bytes[2] = '"';
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> RowSourceContract.read("x.csv.gz", SampleFile.packed(bytes)))
        .withMessageStartingWith("x.csv.gz, ");
  }

  private static Object cell(String text) throws IOException {
    return java.util.Objects.requireNonNull(
        read("a\n" + text + "\n").getFirst().payload().fields().get("a"));
  }

  private static List<RowSource.Row> read(String text) throws IOException {
    return RowSourceContract.read("x.csv", text.getBytes(UTF_8));
  }
}
