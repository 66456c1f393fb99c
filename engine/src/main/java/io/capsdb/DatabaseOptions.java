package io.capsdb;

import io.capsdb.index.RowOrder;
import io.capsdb.io.Disk;
import io.capsdb.io.LocalDisk;
import java.util.function.LongSupplier;

/// Settings of a database.
///
/// @param disk where the files are
/// @param nanoClock a clock for durations, such as `System::nanoTime`
/// @param seed of all random choices, so that equal writes give equal segments
/// @param isReadOnly whether writes are refused and no file is changed
/// @param isLogged whether each write is in the log and forced before it is acknowledged; without
///     it what is not sealed is lost at the end
/// @param sealRows rows at which the live segment is sealed, at least 256
/// @param sealBytes bytes of vectors at which the live segment is sealed
/// @param minIndexRows smaller segments are scanned instead of indexed, and stay live when writing
///     pauses
/// @param idleMillis pause in writing after which the live segment is sealed
/// @param rowOrder of the rows of a partition in new segments
public record DatabaseOptions(
    Disk disk,
    LongSupplier nanoClock,
    long seed,
    boolean isReadOnly,
    boolean isLogged,
    int sealRows,
    long sealBytes,
    int minIndexRows,
    int idleMillis,
    RowOrder rowOrder) {

  public DatabaseOptions {
    if (sealRows < 256) {
      throw new IllegalArgumentException("sealRows must be at least 256, was " + sealRows);
    }
    if (minIndexRows < 1) {
      throw new IllegalArgumentException("minIndexRows must be at least 1, was " + minIndexRows);
    }
    if (idleMillis < 1) {
      throw new IllegalArgumentException("idleMillis must be at least 1, was " + idleMillis);
    }
  }

  public static DatabaseOptions defaults() {
    return new DatabaseOptions(
        new LocalDisk(),
        Clocks.NANOS,
        1,
        false,
        true,
        65_536,
        256L << 20,
        2_048,
        400,
        RowOrder.GAIN);
  }

  public DatabaseOptions withDisk(Disk other) {
    return new DatabaseOptions(
        other,
        nanoClock,
        seed,
        isReadOnly,
        isLogged,
        sealRows,
        sealBytes,
        minIndexRows,
        idleMillis,
        rowOrder);
  }

  public DatabaseOptions withReadOnly(boolean readOnly) {
    return new DatabaseOptions(
        disk,
        nanoClock,
        seed,
        readOnly,
        isLogged,
        sealRows,
        sealBytes,
        minIndexRows,
        idleMillis,
        rowOrder);
  }

  public DatabaseOptions withLog(boolean logged) {
    return new DatabaseOptions(
        disk,
        nanoClock,
        seed,
        isReadOnly,
        logged,
        sealRows,
        sealBytes,
        minIndexRows,
        idleMillis,
        rowOrder);
  }

  public DatabaseOptions withSealRows(int rows) {
    return new DatabaseOptions(
        disk,
        nanoClock,
        seed,
        isReadOnly,
        isLogged,
        rows,
        sealBytes,
        minIndexRows,
        idleMillis,
        rowOrder);
  }

  public DatabaseOptions withMinIndexRows(int rows) {
    return new DatabaseOptions(
        disk,
        nanoClock,
        seed,
        isReadOnly,
        isLogged,
        sealRows,
        sealBytes,
        rows,
        idleMillis,
        rowOrder);
  }

  public DatabaseOptions withIdleMillis(int millis) {
    return new DatabaseOptions(
        disk,
        nanoClock,
        seed,
        isReadOnly,
        isLogged,
        sealRows,
        sealBytes,
        minIndexRows,
        millis,
        rowOrder);
  }

  public DatabaseOptions withRowOrder(RowOrder order) {
    return new DatabaseOptions(
        disk,
        nanoClock,
        seed,
        isReadOnly,
        isLogged,
        sealRows,
        sealBytes,
        minIndexRows,
        idleMillis,
        order);
  }

  public DatabaseOptions withSealBytes(long bytes) {
    return new DatabaseOptions(
        disk,
        nanoClock,
        seed,
        isReadOnly,
        isLogged,
        sealRows,
        bytes,
        minIndexRows,
        idleMillis,
        rowOrder);
  }
}
