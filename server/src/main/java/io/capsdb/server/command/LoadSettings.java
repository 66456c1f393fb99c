package io.capsdb.server.command;

import io.capsdb.CollectionConfig;
import java.util.Optional;

/// What a load is to do.
///
/// @param distance of the collection; when it is given and the collection exists, both must agree
/// @param idField payload field that holds the id; without one the file's ids count, or the row
///     number
/// @param batchRows most rows in one request
/// @param isStrict whether the first bad row ends the load
/// @param from number of the first row to load
/// @param datatype of the vectors of the collection, when it is created; empty for float32
/// @param logIntervalMillis of the collection, when it is created; 0 where each write is on the
///     disk before it is answered
record LoadSettings(
    String collection,
    Optional<String> distance,
    Optional<String> datatype,
    Optional<String> idField,
    int batchRows,
    boolean isStrict,
    long from,
    int logIntervalMillis) {

  static final int MAX_BATCH_ROWS = 10_000;

  LoadSettings {
    if (batchRows < 1 || batchRows > MAX_BATCH_ROWS) {
      throw new UsageException(
          "--batch: value " + batchRows + " invalid, must be from 1 to " + MAX_BATCH_ROWS);
    }
    if (from < 0) {
      throw new UsageException("--from: value " + from + " invalid, must be at least 0");
    }
    if (logIntervalMillis < 0 || logIntervalMillis > CollectionConfig.MAX_LOG_INTERVAL_MILLIS) {
      throw new UsageException(
          "--log-interval-ms: value "
              + logIntervalMillis
              + " invalid, must be from 0 to "
              + CollectionConfig.MAX_LOG_INTERVAL_MILLIS);
    }
  }

  /// Of a collection with vectors of float32 whose writes are on the disk before they are answered.
  LoadSettings(
      String collection,
      Optional<String> distance,
      Optional<String> idField,
      int batchRows,
      boolean isStrict,
      long from) {
    this(collection, distance, Optional.empty(), idField, batchRows, isStrict, from, 0);
  }
}
