package io.capsdb.filter;

/// A value that an attribute can be compared with, strictly by type: the integer 1 is neither the
/// float 1.0 nor the keyword "1".
public sealed interface Value {
  record Keyword(String value) implements Value {}

  record Whole(long value) implements Value {}

  record Flag(boolean value) implements Value {}

  static Value of(String value) {
    return new Keyword(value);
  }

  static Value of(long value) {
    return new Whole(value);
  }

  static Value of(boolean value) {
    return new Flag(value);
  }
}
