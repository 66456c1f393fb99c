package io.capsdb.filter;

/// Kleene's three truth values: what is known of a filter when not everything is known of the row.
public enum Ternary {
  FALSE,
  UNKNOWN,
  TRUE;

  public static Ternary of(boolean value) {
    return value ? TRUE : FALSE;
  }

  public Ternary not() {
    return switch (this) {
      case FALSE -> TRUE;
      case UNKNOWN -> UNKNOWN;
      case TRUE -> FALSE;
    };
  }

  public Ternary and(Ternary other) {
    return compareTo(other) <= 0 ? this : other;
  }

  public Ternary or(Ternary other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
