package io.capsdb.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetRowsTest {
  private static final int ROWS = 700;

  private static Payload payload(int row) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", (long) row);
    fields.put("title", "title " + row);
    if (row % 7 != 0) {
      fields.put("price", row / 2.0);
    }
    fields.put("is_new", row % 2 == 0);
    fields.put("tags", List.of("a", "t" + row));
    fields.put("day", LocalDate.of(2024, 1, 1 + row % 28).toString());
    fields.put("place", Map.of("lon", row / 8.0, "lat", 1.0));
    return Payload.of(fields);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "snappy", "zstd", "gzip"})
  void columnsBecomeVectorIdAndPayload(String codec) throws IOException {
    List<RowSource.Row> rows = TableFiles.read("a.parquet", TableFiles.bytes(codec + ".parquet"));
    assertThat(rows).hasSize(ROWS);
    for (int r = 0; r < ROWS; r++) {
      RowSource.Row row = rows.get(r);
      assertThat(row.rejection()).isEmpty();
      assertThat(row.id()).hasValue(PointId.of(r));
      assertThat(row.payload()).isEqualTo(payload(r));
      if (r == 5) {
        assertThat(row.vector()).isNull();
      } else {
        assertThat(row.vector()).containsExactly(r, r + 0.25f, r + 0.5f);
      }
    }
  }

  @Test
  void progressAndCountAreKnown() throws IOException {
    try (RowSource rows = TableFiles.open("a.parquet", TableFiles.bytes("snappy.parquet"))) {
      assertThat(rows.rowCount()).hasValue(ROWS);
      assertThat(rows.progress()).isZero();
      for (int i = 0; i < ROWS; i++) {
        rows.next();
      }
      assertThat(rows.progress()).isEqualTo(1);
      assertThat(rows.next()).isEmpty();
      assertThat(rows.file()).isEqualTo("a.parquet");
    }
  }

  @Test
  void badRowsAreRejectedAndOthersRead() throws IOException {
    List<RowSource.Row> rows = TableFiles.read("a.parquet", TableFiles.bytes("bad-rows.parquet"));
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0).id()).hasValue(PointId.of(new UUID(0, 7)));
    assertThat(rows.get(1).rejection().orElseThrow()).contains("no id");
    assertThat(rows.get(2).rejection()).hasValue("vector[0] is NaN, must be finite");
    assertThat(rows.get(2).line()).isEqualTo(3);
  }

  @Test
  void severalColumnsOfVectorsAreTold() {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> TableFiles.read("a.parquet", TableFiles.bytes("two-vectors.parquet")))
        .withMessageContaining("several columns hold lists of numbers: a, b;");
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> TableFiles.read("a.parquet.gz", TableFiles.bytes("none.parquet")))
        .withMessageContaining("not read packed");
  }

  /// Whatever is wrong, it is told as such.
  @Test
  void damagedFilesAreToldOrReadToTheirEnd() throws IOException {
    byte[] good = TableFiles.bytes("zstd.parquet");
    SplittableRandom random = new SplittableRandom(12);
    int told = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bad = i % 3 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      for (int flips = i % 3; flips > 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(TableFiles.read("a.parquet", bad)).hasSizeLessThanOrEqualTo(1 << 20);
      } catch (FormatException e) {
        told++;
      }
    }
    assertThat(told).isGreaterThan(100);
  }
}
