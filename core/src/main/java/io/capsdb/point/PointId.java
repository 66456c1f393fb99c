package io.capsdb.point;

import java.util.UUID;

/// The id of a point: an unsigned 64-bit number or a UUID. All numbers come before all UUIDs;
/// numbers are ordered as unsigned, UUIDs by their bytes as unsigned.
public sealed interface PointId extends Comparable<PointId> {
  /// A number, 0 to 2^64 - 1.
  ///
  /// @param value the 64 bits, read as unsigned
  record Numeric(long value) implements PointId {
    @Override
    public String toString() {
      return Long.toUnsignedString(value);
    }
  }

  /// A UUID; its text form is hyphenated and lower-case.
  record Uuid(UUID value) implements PointId {
    @Override
    public String toString() {
      return value.toString();
    }
  }

  /// The id with this number, its 64 bits read as unsigned.
  static PointId of(long value) {
    return new Numeric(value);
  }

  static PointId of(UUID value) {
    return new Uuid(value);
  }

  /// Reads a decimal number of at most 2^64 - 1, or a UUID: hyphenated, as 32 hexadecimal digits,
  /// or as `urn:uuid:`.
  ///
  /// @throws IllegalArgumentException if the text is neither
  static PointId parse(String text) {
    if (!text.isEmpty()
        && text.length() <= 20
        && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      try {
        return new Numeric(Long.parseUnsignedLong(text));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("id " + text + " is above 18446744073709551615", e);
      }
    }
    String hex = text.regionMatches(true, 0, "urn:uuid:", 0, 9) ? text.substring(9) : text;
    if (hex.matches(
        "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")) {
      return new Uuid(UUID.fromString(hex));
    }
    if (hex.matches("[0-9a-fA-F]{32}")) {
      return new Uuid(
          new UUID(
              Long.parseUnsignedLong(hex.substring(0, 16), 16),
              Long.parseUnsignedLong(hex.substring(16), 16)));
    }
    String shown = text.length() > 64 ? text.substring(0, 64) + "…" : text;
    throw new IllegalArgumentException(
        "id \"" + shown + "\" is neither an unsigned 64-bit number nor a UUID");
  }

  @Override
  default int compareTo(PointId other) {
    return switch (this) {
      case Numeric(long a) ->
          switch (other) {
            case Numeric(long b) -> Long.compareUnsigned(a, b);
            case Uuid _ -> -1;
          };
      case Uuid(UUID a) ->
          switch (other) {
            case Numeric _ -> 1;
            case Uuid(UUID b) -> {
              int high =
                  Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
              yield high != 0
                  ? high
                  : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
            }
          };
    };
  }
}
