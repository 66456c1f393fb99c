package io.capsdb;

/// How a payload field was declared.
///
/// @param type what its values are
/// @param schema how it was written by who declared it; kept and answered, not understood here
public record FieldIndex(Type type, String schema) {
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
    TEXT
  }
}
