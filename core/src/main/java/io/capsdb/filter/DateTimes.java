package io.capsdb.filter;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.OptionalLong;

/// Date-times as they stand in payloads: RFC 3339, a date and a time without zone (taken as UTC),
/// or a date alone. They are compared with a resolution of one microsecond.
public final class DateTimes {
  private static final int MAX_LENGTH = 40;
  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("['T'][' ']HH:mm")
          .optionalStart()
          .appendLiteral(':')
          .appendValue(ChronoField.SECOND_OF_MINUTE, 2)
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
          .optionalEnd()
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH:MM", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HHMM", "Z")
          .optionalEnd()
          .optionalEnd()
          .toFormatter(java.util.Locale.ROOT);

  private DateTimes() {}

  /// Microseconds since 1970-01-01T00:00Z; empty when the text is not a date-time.
  public static OptionalLong parse(String text) {
    if (text.length() < 10
        || text.length() > MAX_LENGTH
        || text.charAt(4) != '-'
        || text.charAt(7) != '-') {
      return OptionalLong.empty();
    }
    try {
      TemporalAccessor parsed =
          FORMAT.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      return switch (parsed) {
        case OffsetDateTime time -> OptionalLong.of(micros(time.toInstant()));
        case LocalDateTime time -> OptionalLong.of(micros(time.toInstant(ZoneOffset.UTC)));
        case LocalDate date ->
            OptionalLong.of(micros(date.atStartOfDay().toInstant(ZoneOffset.UTC)));
        default -> OptionalLong.empty();
      };
    } catch (DateTimeException e) {
      return OptionalLong.empty();
    }
  }

  /// Microseconds since 1970-01-01T00:00Z, rounded down; the ends of the `long` range for what lies
  /// beyond.
  public static long micros(Instant time) {
    long seconds = time.getEpochSecond();
    if (seconds > Long.MAX_VALUE / 1_000_000 - 1) {
      return Long.MAX_VALUE;
    }
    if (seconds < Long.MIN_VALUE / 1_000_000 + 1) {
      return Long.MIN_VALUE;
    }
    return seconds * 1_000_000 + time.getNano() / 1_000;
  }
}
