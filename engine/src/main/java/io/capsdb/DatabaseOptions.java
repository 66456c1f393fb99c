package io.capsdb;

import io.capsdb.index.CostModel;
import io.capsdb.index.RowOrder;
import io.capsdb.io.Disk;
import io.capsdb.io.LocalDisk;
import io.capsdb.vector.BinaryProjection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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
/// @param mergeCount segments of like size at which they are merged, at least 2
/// @param rowOrder of the rows of a partition in new segments
/// @param costs that plans are made from where those of this machine are not known
/// @param measuresCosts whether the costs of this machine are read from the folder, and measured in
///     the background for the next open where they are not there
/// @param projection learned bits for the codes of new segments, for vectors of as many values as
///     it
///     takes; without one, and for all other vectors, bits are those of a rotation
/// @param offHeapRows sealed rows from which on a writer finds ids off the heap, where the class
///     path
///     and the flags of the JVM allow it
/// @param reserveBytes of the disk that new points do not take: deletes, and the background, go on
///     with them when it is full
/// @param scrubMillis pause between two looks at all sealed files in the background
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
    int mergeCount,
    RowOrder rowOrder,
    CostModel costs,
    boolean measuresCosts,
    Optional<BinaryProjection> projection,
    long offHeapRows,
    long reserveBytes,
    long scrubMillis) {

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
    if (mergeCount < 2) {
      throw new IllegalArgumentException("mergeCount must be at least 2, was " + mergeCount);
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
        4,
        RowOrder.GAIN,
        CostModel.DEFAULT,
        true,
        Optional.empty(),
        262_144,
        64L << 20,
        TimeUnit.DAYS.toMillis(1));
  }

  /// Another disk, of which nothing is known: costs are not measured for it, unless
  /// [#withMeasuredCosts] asks for it afterwards.
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
        mergeCount,
        rowOrder,
        costs,
        false,
        projection,
        offHeapRows,
        reserveBytes,
        scrubMillis);
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
        mergeCount,
        rowOrder,
        costs,
        measuresCosts,
        projection,
        offHeapRows,
        reserveBytes,
        scrubMillis);
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
        mergeCount,
        rowOrder,
        costs,
        measuresCosts,
        projection,
        offHeapRows,
        reserveBytes,
        scrubMillis);
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
        mergeCount,
        rowOrder,
        costs,
        measuresCosts,
        projection,
        offHeapRows,
        reserveBytes,
        scrubMillis);
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
        mergeCount,
        rowOrder,
        costs,
        measuresCosts,
        projection,
        offHeapRows,
        reserveBytes,
        scrubMillis);
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
        mergeCount,
        rowOrder,
        costs,
        measuresCosts,
        projection,
        offHeapRows,
        reserveBytes,
        scrubMillis);
  }

  /// How many segments of like size stay before they are merged: the more, the less is written
  /// again and the more a search has to look at.
  public DatabaseOptions withMergeCount(int count) {
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
        count,
        rowOrder,
        costs,
        measuresCosts,
        projection,
        offHeapRows,
        reserveBytes,
        scrubMillis);
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
        mergeCount,
        order,
        costs,
        measuresCosts,
        projection,
        offHeapRows,
        reserveBytes,
        scrubMillis);
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
        mergeCount,
        rowOrder,
        costs,
        measuresCosts,
        projection,
        offHeapRows,
        reserveBytes,
        scrubMillis);
  }

  /// Plans from costs that are known: nothing is read or measured.
  public DatabaseOptions withCosts(CostModel known) {
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
        mergeCount,
        rowOrder,
        known,
        false,
        projection,
        offHeapRows,
        reserveBytes,
        scrubMillis);
  }

  /// Whether plans are made from costs measured on this machine: a database on files reads those of
  /// an earlier open, and where there are none measures them in the background, for the next one.
  public DatabaseOptions withMeasuredCosts(boolean measured) {
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
        mergeCount,
        rowOrder,
        costs,
        measured,
        projection,
        offHeapRows,
        reserveBytes,
        scrubMillis);
  }

  /// Codes of new segments by a learned projection.
  public DatabaseOptions withProjection(BinaryProjection learned) {
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
        mergeCount,
        rowOrder,
        costs,
        measuresCosts,
        Optional.of(learned),
        offHeapRows,
        reserveBytes,
        scrubMillis);
  }

  /// Where a writer finds the ids of sealed rows: in memory below so many of them, off the heap
  /// from then on.
  public DatabaseOptions withOffHeapRows(long rows) {
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
        mergeCount,
        rowOrder,
        costs,
        measuresCosts,
        projection,
        rows,
        reserveBytes,
        scrubMillis);
  }

  /// Free bytes of the disk below which new points and changes of points are refused.
  public DatabaseOptions withReserve(long bytes) {
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
        mergeCount,
        rowOrder,
        costs,
        measuresCosts,
        projection,
        offHeapRows,
        bytes,
        scrubMillis);
  }

  /// How long the background waits between two looks at all bytes of sealed segments.
  public DatabaseOptions withScrub(long pauseMillis) {
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
        mergeCount,
        rowOrder,
        costs,
        measuresCosts,
        projection,
        offHeapRows,
        reserveBytes,
        pauseMillis);
  }
}
