package io.capsdb;

import io.capsdb.index.CostModel;
import io.capsdb.index.RowOrder;
import io.capsdb.io.Disk;
import io.capsdb.io.LocalDisk;
import io.capsdb.vector.BinaryProjection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
/// @param mergeCount segments of like size at which they are merged while points are written, at
///     least 2; with the largest number there is, none are ever merged
/// @param rowOrder of the rows of a partition in new segments
/// @param costs that plans are made from where those of this machine are not known
/// @param measuresCosts whether the costs of this machine are read from the folder, and measured in
///     the background for the next open where they are not there
/// @param projection learned bits for the codes of new segments, for vectors of as many values
///     as it takes; without one, and for all other vectors, bits are those of a rotation
/// @param offHeapRows sealed rows from which on a writer finds ids off the heap, where the class
///     path and the flags of the JVM allow it
/// @param reserveBytes of the disk that new points do not take: deletes, and the background, go on
///     with them when it is full
/// @param scrubMillis pause between two looks at all sealed files in the background
/// @param background how work in the background comes to its turns
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
    long scrubMillis,
    Background background) {

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
        TimeUnit.DAYS.toMillis(1),
        Background.THREADS);
  }

  /// Another disk, of which nothing is known: costs are not measured for it, unless
  /// [#withMeasuredCosts] asks for it afterwards.
  public DatabaseOptions withDisk(Disk other) {
    return with(
        draft -> {
          draft.disk = other;
          draft.measuresCosts = false;
        });
  }

  /// Another clock for durations: for tests.
  DatabaseOptions withNanoClock(LongSupplier clock) {
    return with(draft -> draft.nanoClock = clock);
  }

  /// Another background: for tests.
  DatabaseOptions withBackground(Background other) {
    return with(draft -> draft.background = other);
  }

  public DatabaseOptions withReadOnly(boolean readOnly) {
    return with(draft -> draft.isReadOnly = readOnly);
  }

  public DatabaseOptions withLog(boolean logged) {
    return with(draft -> draft.isLogged = logged);
  }

  public DatabaseOptions withSealRows(int rows) {
    return with(draft -> draft.sealRows = rows);
  }

  public DatabaseOptions withMinIndexRows(int rows) {
    return with(draft -> draft.minIndexRows = rows);
  }

  public DatabaseOptions withIdleMillis(int millis) {
    return with(draft -> draft.idleMillis = millis);
  }

  /// How many segments of like size stay before they are merged: the more, the less is written
  /// again and the more a search has to look at.
  public DatabaseOptions withMergeCount(int count) {
    return with(draft -> draft.mergeCount = count);
  }

  public DatabaseOptions withRowOrder(RowOrder order) {
    return with(draft -> draft.rowOrder = order);
  }

  public DatabaseOptions withSealBytes(long bytes) {
    return with(draft -> draft.sealBytes = bytes);
  }

  /// Plans from costs that are known: nothing is read or measured.
  public DatabaseOptions withCosts(CostModel known) {
    return with(
        draft -> {
          draft.costs = known;
          draft.measuresCosts = false;
        });
  }

  /// Whether plans are made from costs measured on this machine: a database on files reads those of
  /// an earlier open, and where there are none measures them in the background, for the next one.
  public DatabaseOptions withMeasuredCosts(boolean measured) {
    return with(draft -> draft.measuresCosts = measured);
  }

  /// Codes of new segments by a learned projection.
  public DatabaseOptions withProjection(BinaryProjection learned) {
    return with(draft -> draft.projection = Optional.of(learned));
  }

  /// Where a writer finds the ids of sealed rows: in memory below so many of them, off the heap
  /// from then on.
  public DatabaseOptions withOffHeapRows(long rows) {
    return with(draft -> draft.offHeapRows = rows);
  }

  /// Free bytes of the disk below which new points and changes of points are refused.
  public DatabaseOptions withReserve(long bytes) {
    return with(draft -> draft.reserveBytes = bytes);
  }

  /// How long the background waits between two looks at all bytes of sealed segments.
  public DatabaseOptions withScrub(long pauseMillis) {
    return with(draft -> draft.scrubMillis = pauseMillis);
  }

  private DatabaseOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finish();
  }

  /// The same options, open to change.
  private static final class Draft {
    private Disk disk;
    private LongSupplier nanoClock;
    private long seed;
    private boolean isReadOnly;
    private boolean isLogged;
    private int sealRows;
    private long sealBytes;
    private int minIndexRows;
    private int idleMillis;
    private int mergeCount;
    private RowOrder rowOrder;
    private CostModel costs;
    private boolean measuresCosts;
    private Optional<BinaryProjection> projection;
    private long offHeapRows;
    private long reserveBytes;
    private long scrubMillis;
    private Background background;

    Draft(DatabaseOptions options) {
      this.disk = options.disk;
      this.nanoClock = options.nanoClock;
      this.seed = options.seed;
      this.isReadOnly = options.isReadOnly;
      this.isLogged = options.isLogged;
      this.sealRows = options.sealRows;
      this.sealBytes = options.sealBytes;
      this.minIndexRows = options.minIndexRows;
      this.idleMillis = options.idleMillis;
      this.mergeCount = options.mergeCount;
      this.rowOrder = options.rowOrder;
      this.costs = options.costs;
      this.measuresCosts = options.measuresCosts;
      this.projection = options.projection;
      this.offHeapRows = options.offHeapRows;
      this.reserveBytes = options.reserveBytes;
      this.scrubMillis = options.scrubMillis;
      this.background = options.background;
    }

    DatabaseOptions finish() {
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
          scrubMillis,
          background);
    }
  }
}
