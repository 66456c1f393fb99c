package io.capsdb.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.testdata.Seed;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DateTimesTest {
  @ParameterizedTest
  @CsvSource({
    "2024-02-29, 2024-02-29T00:00:00Z",
    "2024-02-29T13:14, 2024-02-29T13:14:00Z",
    "2024-02-29 13:14, 2024-02-29T13:14:00Z",
    "2024-02-29T13:14:15, 2024-02-29T13:14:15Z",
    "2024-02-29 13:14:15, 2024-02-29T13:14:15Z",
    "2024-02-29T13:14:15Z, 2024-02-29T13:14:15Z",
    "2024-02-29t13:14:15z, 2024-02-29T13:14:15Z",
    "2024-02-29 13:14:15Z, 2024-02-29T13:14:15Z",
    "2024-02-29T13:14:15.5Z, 2024-02-29T13:14:15.5Z",
    "2024-02-29T13:14:15.123456Z, 2024-02-29T13:14:15.123456Z",
    "2024-02-29T13:14:15.123456999Z, 2024-02-29T13:14:15.123456Z",
    "2024-02-29T13:14:15+02:00, 2024-02-29T11:14:15Z",
    "2024-02-29T13:14:15-02:30, 2024-02-29T15:44:15Z",
    "2024-02-29T13:14:15+0200, 2024-02-29T11:14:15Z",
    "2024-02-29T23:14:15-02:00, 2024-03-01T01:14:15Z",
    "2024-02-29T13:14:15.25, 2024-02-29T13:14:15.25Z",
    "0001-01-01, 0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z",
    "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999999Z",
    "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z",
  })
  void dateTimesAreReadInAllTheirForms(String text, String instant) {
    assertThat(DateTimes.parse(text)).hasValue(DateTimes.micros(Instant.parse(instant)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2024",
        "2024-02",
        "2024-2-29",
        "24-02-29",
        "02/29/2024",
        "2024-02-30",
        "2023-02-29",
        "2024-13-01",
        "2024-00-10",
        "2024-01-00",
        "2024-01-01T",
        "2024-01-01Z",
        "2024-01-01+02:00",
        "2024-01-0110:00",
        "2024-01-01T 10:00",
        "2024-01-01T10",
        "2024-01-01T10:0",
        "2024-01-01T24:00",
        "2024-01-01T10:60",
        "2024-01-01T10:00:61",
        "2024-01-01T10:00:00.",
        "2024-01-01T10:00:00.1234567890",
        "2024-01-01T10:00:00ZZ",
        "2024-01-01T10:00:00+01:00+0100",
        "2024-01-01T10:00:00+1",
        "2024-01-01T10:00:00+24:00",
        "2024-01-01T10:00:00+01:60",
        "2024-01-01T10:00:00 Z",
        " 2024-01-01",
        "2024-01-01 ",
        "+2024-01-01",
        "-999-01-01",
        "20240-01-01",
        "2024-01-01T10:00:00Zx",
        "٢٠٢٤-01-01",
        "2024-01-01T10:00:00.5+",
        "1234567890",
      })
  void whatIsNoDateTimeIsNone(String text) {
    assertThat(DateTimes.parse(text)).isEmpty();
  }

  @Test
  void whatInstantsWriteIsReadBack() {
    Seed.repeat(
        500,
        random -> {
          long seconds =
              random.nextLong(
                  Instant.parse("0000-01-01T00:00:00Z").getEpochSecond(),
                  Instant.parse("9999-12-30T00:00:00Z").getEpochSecond());
          Instant time = Instant.ofEpochSecond(seconds, random.nextInt(1_000_000_000));
          assertThat(DateTimes.parse(time.toString()))
              .as("%s", time)
              .hasValue(DateTimes.micros(time));
          OffsetDateTime zoned =
              time.atOffset(ZoneOffset.ofTotalSeconds(60 * random.nextInt(-720, 721)));
          if (zoned.getYear() >= 0 && zoned.getYear() <= 9999) {
            assertThat(DateTimes.parse(zoned.toString()))
                .as("%s", zoned)
                .hasValue(DateTimes.micros(time));
          }
        });
  }

  @Test
  void microsecondsAreRoundedDownAndKeptInRange() {
    assertThat(DateTimes.micros(Instant.EPOCH)).isZero();
    assertThat(DateTimes.micros(Instant.ofEpochSecond(-1, 999_999_999))).isEqualTo(-1);
    assertThat(DateTimes.micros(Instant.ofEpochSecond(0, 1_999))).isEqualTo(1);
    assertThat(DateTimes.micros(Instant.MAX)).isEqualTo(Long.MAX_VALUE);
    assertThat(DateTimes.micros(Instant.MIN)).isEqualTo(Long.MIN_VALUE);
    Instant last = Instant.ofEpochSecond(Long.MAX_VALUE / 1_000_000 - 1, 999_999_000);
    assertThat(DateTimes.micros(last)).isPositive().isLessThan(Long.MAX_VALUE);
  }
}
