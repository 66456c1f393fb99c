package io.capsdb;

/// One step of a change of aliases.
public sealed interface AliasChange {
  /// @param collection the name of a collection
  record Create(String alias, String collection) implements AliasChange {}

  record Delete(String alias) implements AliasChange {}

  record Rename(String from, String to) implements AliasChange {}
}
