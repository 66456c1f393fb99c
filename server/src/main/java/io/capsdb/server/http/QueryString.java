package io.capsdb.server.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The options behind the `?`. Unknown ones are let pass, because clients add their own; known ones
/// must be well-formed.
record QueryString(Map<String, String> values) {
  private static final String WHERE = "query parameters";
  private static final int MAX_OPTIONS = 64;
  private static final int MAX_TIMEOUT_SECONDS = 86_400;

  QueryString {
    values = Map.copyOf(values);
  }

  /// @param raw what stands behind the `?`; empty for nothing
  static QueryString parse(String raw) {
    Map<String, String> values = new HashMap<>();
    for (String option : raw.split("&", MAX_OPTIONS + 1)) {
      if (option.isEmpty()) {
        continue;
      }
      if (values.size() == MAX_OPTIONS) {
        throw Problem.format(WHERE, "at most " + MAX_OPTIONS + " are allowed");
      }
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String value = equals < 0 ? "" : option.substring(equals + 1);
      if (values.put(decode(name), decode(value)) != null) {
        throw Problem.format(WHERE, "duplicate option '" + shorten(decode(name)) + "'");
      }
    }
    return new QueryString(values);
  }

  private static String decode(String raw) {
    return Router.decode(raw.replace('+', ' '), WHERE);
  }

  private static String shorten(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  /// An option as it was sent.
  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /// An option that is true or false.
  boolean flag(String name, boolean otherwise) {
    String value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw Problem.format(
              WHERE, name + ": expected true or false, found '" + shorten(value) + "'");
    };
  }

  /// An option that is a whole number.
  int whole(String name, int low, int high, int otherwise) {
    String value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    requireWhole(name, value, low, high);
    return Integer.parseInt(value);
  }

  /// Checks the options that every write takes; on one node only `wait` means something.
  ///
  /// @return whether to wait
  boolean requireWriteOptions() {
    String ordering = values.getOrDefault("ordering", "weak");
    if (!Set.of("weak", "medium", "strong").contains(ordering)) {
      throw Problem.format(
          WHERE, "ordering: expected weak, medium or strong, found '" + shorten(ordering) + "'");
    }
    requireTimeout();
    return flag("wait", false);
  }

  /// Checks the options that every read takes; on one node they change nothing.
  void requireReadOptions() {
    String consistency = values.getOrDefault("consistency", "all");
    if (!Set.of("majority", "quorum", "all").contains(consistency)) {
      requireWhole("consistency", consistency, 1, Integer.MAX_VALUE);
    }
    requireTimeout();
  }

  /// How long the client waits; empty where it did not say so.
  OptionalInt timeoutSeconds() {
    requireTimeout();
    String timeout = values.get("timeout");
    return timeout == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(timeout));
  }

  private void requireTimeout() {
    String timeout = values.get("timeout");
    if (timeout != null) {
      requireWhole("timeout", timeout, 1, MAX_TIMEOUT_SECONDS);
    }
  }

  private static void requireWhole(String name, String value, long low, long high) {
    if (!value.matches("-?[0-9]{1,40}")) {
      throw Problem.format(
          WHERE, name + ": expected a whole number, found '" + shorten(value) + "'");
    }
    boolean isIn = value.length() <= 18 && inBounds(Long.parseLong(value), low, high);
    if (!isIn) {
      throw Problem.validation(
          WHERE, name + ": value " + value + " invalid, must be from " + low + " to " + high);
    }
  }

  private static boolean inBounds(long value, long low, long high) {
    return value >= low && value <= high;
  }
}
