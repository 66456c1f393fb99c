package io.capsdb;

/// How a payload field was declared.
///
/// @param type what its values are
/// @param isTenant whether its values tell tenants apart: rows of one then lie together, and to
///     ask of one costs its rows only. For keywords and UUIDs
/// @param schema how it was written by who declared it; kept and answered, not understood here
public record FieldIndex(Type type, boolean isTenant, String schema) {
  /// What the values of a declared field are.
  public enum Type {
    KEYWORD,
    INTEGER,
    FLOAT,
    BOOL,
    DATETIME,
    UUID,
    GEO,
    /// Texts, which are matched word by word.
    TEXT;

    /// Whether a field of the type can tell tenants apart.
    public boolean canBeTenant() {
      return this == KEYWORD || this == UUID;
    }
  }

  public FieldIndex {
    if (isTenant && !type.canBeTenant()) {
      throw new IllegalArgumentException(
          "a field of tenants must be of type KEYWORD or UUID, was " + type);
    }
  }

  /// Of a field that tells no tenants apart.
  public FieldIndex(Type type, String schema) {
    this(type, false, schema);
  }
}
