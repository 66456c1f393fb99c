package io.capsdb.filter;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.OptionalLong;

/// Date-times as they stand in payloads: RFC 3339, a date and a time without zone (taken as UTC),
/// or a date alone. They are compared with a resolution of one microsecond.
///
/// Read by hand: every text of every payload is tried, and most are no date-times. A leap second
/// (`:60`) is the first second of the next minute.
public final class DateTimes {
  private static final int DATE_LENGTH = 10;
  private static final int MAX_FRACTION_DIGITS = 9;
  private static final int SECONDS_PER_DAY = 86_400;

  private DateTimes() {}

  /// Microseconds since 1970-01-01T00:00Z; empty when the text is not a date-time.
  public static OptionalLong parse(String text) {
    return new Reader(text).read();
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

  /// Reads one text from left to right. Once something does not fit, `isValid` stays false.
  private static final class Reader {
    private final String text;
    private int at;
    private boolean isValid = true;

    Reader(String text) {
      this.text = text;
    }

    OptionalLong read() {
      if (text.length() < DATE_LENGTH || text.charAt(4) != '-' || text.charAt(7) != '-') {
        return OptionalLong.empty();
      }
      long day = readDay();
      long micros = 0;
      if (isValid && at < text.length()) {
        micros = readTime();
      }
      return isValid && at == text.length()
          ? OptionalLong.of(day * SECONDS_PER_DAY * 1_000_000 + micros)
          : OptionalLong.empty();
    }

    private long readDay() {
      int year = digits(4, 0, 9_999);
      expect('-');
      int month = digits(2, 1, 12);
      expect('-');
      int day = digits(2, 1, 31);
      isValid = isValid && day <= YearMonth.of(year, month).lengthOfMonth();
      return isValid ? LocalDate.of(year, month, day).toEpochDay() : 0;
    }

    /// Microseconds from midnight UTC of the day.
    private long readTime() {
      char separator = text.charAt(at++);
      isValid = separator == 'T' || separator == 't' || separator == ' ';
      int seconds = 3_600 * digits(2, 0, 23);
      expect(':');
      seconds += 60 * digits(2, 0, 59);
      long fraction = 0;
      if (accept(':')) {
        seconds += digits(2, 0, 60);
        if (accept('.')) {
          fraction = readFraction();
        }
      }
      return 1_000_000L * (seconds - readOffset()) + fraction;
    }

    /// Microseconds; what is finer is cut off.
    private int readFraction() {
      int micros = 0;
      int count = 0;
      for (; at < text.length() && isDigit(text.charAt(at)); at++) {
        if (count++ < 6) {
          micros = 10 * micros + (text.charAt(at) - '0');
        }
      }
      isValid = isValid && count > 0 && count <= MAX_FRACTION_DIGITS;
      for (int i = count; i < 6; i++) {
        micros *= 10;
      }
      return micros;
    }

    /// Seconds east of UTC; 0 where no zone is given.
    private int readOffset() {
      if (at == text.length() || accept('Z') || accept('z')) {
        return 0;
      }
      int sign = accept('-') ? -1 : 1;
      if (sign > 0) {
        expect('+');
      }
      int seconds = 3_600 * digits(2, 0, 23);
      accept(':');
      return sign * (seconds + 60 * digits(2, 0, 59));
    }

    private int digits(int count, int min, int max) {
      int value = 0;
      for (int i = 0; i < count; i++) {
        if (at == text.length() || !isDigit(text.charAt(at))) {
          isValid = false;
          return min;
        }
        value = 10 * value + (text.charAt(at++) - '0');
      }
      isValid = isValid && value >= min && value <= max;
      return Math.clamp(value, min, max);
    }

    private boolean accept(char c) {
      if (at < text.length() && text.charAt(at) == c) {
        at++;
        return true;
      }
      return false;
    }

    private void expect(char c) {
      isValid = accept(c) && isValid;
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }
  }
}
