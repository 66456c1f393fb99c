package io.capsdb;

/// Which points of an upsert are stored.
public enum UpsertMode {
  UPSERT,

  /// Only those whose ids are not there yet.
  INSERT_ONLY,

  /// Only those whose ids are there.
  UPDATE_ONLY
}
