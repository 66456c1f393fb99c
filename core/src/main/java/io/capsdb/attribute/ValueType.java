package io.capsdb.attribute;

/// The types by which fields are indexed. One field can have values of several types; each type is
/// indexed by itself.
public enum ValueType {
  KEYWORD,
  INTEGER,
  FLOAT,
  BOOLEAN,
  DATETIME
}
