package io.capsdb.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowSourcesTest {
  @Test
  void missingFilesAreTold() {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> RowSources.open(new MemoryDisk(), Path.of("/files/x.npy")).close())
        .withMessageContaining("/files/x.npy")
        .withMessageContaining("there is no such file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.txt", "npy", "x.npy.zip", "x.NPY", "x.gz", "idx9-ubyte"})
  void namesThatTellNoFormatAreRefusedWithThoseThatDo(String name) {
    byte[] bytes = name.endsWith(".gz") ? SampleFile.packed(new byte[9]) : new byte[9];
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> RowSourceContract.open(name, bytes).close())
        .withMessageStartingWith(name + ", ")
        .withMessageContaining(".fvecs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.npy.gz", "x.csv.gz", "x.jsonl.gz", "x.fvecs.gz"})
  void filesThatAreNotPackedThoughTheirNameSaysSoAreTold(String name) {
    for (int length : new int[] {0, 1, 30}) {
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> RowSourceContract.read(name, new byte[length]))
          .withMessageStartingWith(name + ", byte 0: it is no gzip file")
          .withMessageNotContaining("null");
    }
  }

  @Test
  void alignedRowsBelongTogetherByTheirNumber() throws IOException {
    try (RowSource rows =
        RowSources.aligned(
            RowSourceContract.open("v.bvecs", vectors(3)),
            RowSourceContract.open(
                "p.jsonl", "{\"id\":5,\"a\":1}\n\nx\n{\"a\":3}".getBytes(UTF_8)))) {
      assertThat(rows.file()).isEqualTo("p.jsonl");
      RowSource.Row first = rows.next().orElseThrow();
      assertThat(first.id()).contains(PointId.of(5));
      assertThat(first.vector()).containsExactly(0, 1);
      assertThat(first.payload().fields().get("a")).isEqualTo(1L);
      RowSource.Row second = rows.next().orElseThrow();
      assertThat(second.rejection().orElseThrow()).startsWith("p.jsonl: ");
      assertThat(second.line()).isEqualTo(3);
      RowSource.Row third = rows.next().orElseThrow();
      assertThat(third.vector()).containsExactly(2, 1);
      assertThat(third.payload()).isEqualTo(Payload.of(Map.of("a", 3)));
      assertThat(third.number()).isEqualTo(2);
      assertThat(rows.next()).isEmpty();
      assertThat(rows.progress()).isEqualTo(1.0);
    }
  }

  @Test
  void aRowThatIsRejectedInTheVectorsIsRejected() throws IOException {
    SampleFile vectors = new SampleFile("v");
    vectors.number(1, 4, ByteOrder.LITTLE_ENDIAN).number(0x7fc00000, 4, ByteOrder.LITTLE_ENDIAN);
    try (RowSource rows =
        RowSources.aligned(
            RowSourceContract.open("v.fvecs", vectors.bytes()),
            RowSourceContract.open("p.jsonl", "{}".getBytes(UTF_8)))) {
      assertThat(rows.next().orElseThrow().rejection())
          .contains("v.fvecs: vector[0] is NaN, must be finite");
    }
  }

  @ParameterizedTest
  @CsvSource({"2,3,v.bvecs,2,p.jsonl", "3,2,p.jsonl,2,v.bvecs", "0,1,v.bvecs,0,p.jsonl"})
  void filesOfDifferentLengthAreTold(
      int vectors, int payloads, String shorter, int rows, String longer) throws IOException {
    try (RowSource both =
        RowSources.aligned(
            RowSourceContract.open("v.bvecs", vectors(vectors)),
            RowSourceContract.open("p.jsonl", "{}\n".repeat(payloads).getBytes(UTF_8)))) {
      for (int i = 0; i < rows; i++) {
        assertThat(both.next()).isPresent();
      }
      assertThatThrownBy(both::next)
          .isInstanceOf(FormatException.class)
          .hasMessage(
              "%s, end: it has %d rows, %s has more: they are not row-aligned"
                  .formatted(shorter, rows, longer));
    }
  }

  @Test
  void differentLengthsThatHeadersTellAreToldAtOnce() throws IOException {
    SampleFile images = new SampleFile("i").raw(0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 1, 1, 2, 3);
    SampleFile labels = new SampleFile("l").raw(0, 0, 8, 1, 0, 0, 0, 2, 1, 2);
    try (RowSource both =
        RowSources.aligned(
            RowSourceContract.open("i.idx", images.bytes()),
            RowSourceContract.open("l.idx", labels.bytes()))) {
      assertThatThrownBy(both::next)
          .isInstanceOf(FormatException.class)
          .hasMessage("l.idx, header: it has 2 rows, i.idx has 3: they are not row-aligned");
    }
  }

  @Test
  void imagesAndLabelsAreOneSource() throws IOException {
    SampleFile images = new SampleFile("i").raw(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 1, 8, 9);
    SampleFile labels = new SampleFile("l").raw(0, 0, 8, 1, 0, 0, 0, 2, 4, 5);
    List<RowSource.Row> rows = new ArrayList<>();
    try (RowSource both =
        RowSources.aligned(
            RowSourceContract.open("i.idx", images.bytes()),
            RowSourceContract.open("l.idx", labels.bytes()))) {
      assertThat(both.rowCount()).hasValue(2);
      for (Optional<RowSource.Row> row = both.next(); row.isPresent(); row = both.next()) {
        rows.add(row.get());
      }
    }
    assertThat(rows).hasSize(2);
    assertThat(rows.get(1).vector()).containsExactly(9);
    assertThat(rows.get(1).payload()).isEqualTo(Payload.of(Map.of("label", 5)));
  }

  private static byte[] vectors(int count) {
    SampleFile file = new SampleFile("v");
    for (int i = 0; i < count; i++) {
      file.number(2, 4, ByteOrder.LITTLE_ENDIAN).raw(i, 1);
    }
    return file.bytes();
  }

  @Test
  void aMissingLibraryIsNamed() throws FormatException {
    RowSources.requireLibrary("java.lang.String", "java", "x");
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> RowSources.requireLibrary("no.such.Type", "a:library", "x.parquet"))
        .withMessageContaining("x.parquet")
        .withMessageContaining("a:library, which is not there");
  }
}
