package io.capsdb.server.command;

import java.util.Optional;

/// What a load is to do.
///
/// @param distance of the collection; when it is given and the collection exists, both must agree
/// @param idField payload field that holds the id; without one the file's ids count, or the row
///     number
/// @param batchRows most rows in one request
/// @param isStrict whether the first bad row ends the load
/// @param from number of the first row to load
record LoadSettings(
    String collection,
    Optional<String> distance,
    Optional<String> idField,
    int batchRows,
    boolean isStrict,
    long from) {

  static final int MAX_BATCH_ROWS = 10_000;

  LoadSettings {
    if (batchRows < 1 || batchRows > MAX_BATCH_ROWS) {
      throw new UsageException(
          "--batch: value " + batchRows + " invalid, must be from 1 to " + MAX_BATCH_ROWS);
    }
    if (from < 0) {
      throw new UsageException("--from: value " + from + " invalid, must be at least 0");
    }
  }
}
