package io.capsdb;

import io.capsdb.caps.CostMeasurement;
import io.capsdb.index.CostModel;
import io.capsdb.io.CorruptFileException;
import io.capsdb.storage.CostFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// The costs that plans of one database are made from: those of its machine where they are known,
/// from the file `costs` of its folder, or the defaults.
///
/// Where they are not known, they are measured once in the background, when the code that is timed
/// can be warm, and written for the next open: as long as a database is open, its costs stay the
/// same, so that equal filters get equal plans. That comes to nothing where the disk is full or the
/// machine is too busy, and the next open tries again.
final class CostCalibration implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CostCalibration.class.getName());
  private static final String FILE = "costs";

  private final Measurement measurement;
  private final DatabaseOptions options;
  private final Path file;
  private final String machine;
  private final CostModel costs;
  private final Optional<Thread> thread;
  private volatile boolean isStopped;

  /// Measures; empty where that came to nothing, or it was stopped.
  @FunctionalInterface
  interface Measurement {
    Optional<CostModel> measure(BooleanSupplier isStopped);
  }

  /// @param folder of the database, which is locked where it is not read-only
  CostCalibration(DatabaseOptions options, Path folder) {
    this(options, folder, isStopped -> CostMeasurement.measure(options.nanoClock(), isStopped));
  }

  @SuppressWarnings("ThreadPriorityCheck") // it only stands back a little
  CostCalibration(DatabaseOptions options, Path folder, Measurement measurement) {
    this.measurement = measurement;
    this.options = options;
    this.file = folder.resolve(FILE);
    this.machine = options.measuresCosts() ? MachineName.of(options.disk()) : "";
    Optional<CostModel> known = options.measuresCosts() ? read() : Optional.empty();
    this.costs = known.orElse(options.costs());
    boolean isMeasured = options.measuresCosts() && known.isEmpty() && !options.isReadOnly();
    this.thread =
        isMeasured
            ? Optional.of(
                Thread.ofPlatform()
                    .name("capsdb-costs")
                    .daemon()
                    .priority(Thread.MIN_PRIORITY)
                    .unstarted(this::measure))
            : Optional.empty();
  }

  /// The costs, which do not change.
  CostModel costs() {
    return costs;
  }

  /// Begins to measure in the background, if there is something to be measured.
  void start() {
    thread.ifPresent(Thread::start);
  }

  /// Whether something is being measured.
  boolean isMeasuring() {
    return thread.map(Thread::isAlive).orElse(false);
  }

  private Optional<CostModel> read() {
    try {
      return CostFile.read(options.disk(), file)
          .filter(stored -> stored.machine().equals(machine))
          .map(CostFile::costs);
    } catch (IOException | CorruptFileException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot read " + file + ", takes default costs", e);
      return Optional.empty();
    }
  }

  private void measure() {
    try {
      Optional<CostModel> measured = measurement.measure(() -> isStopped);
      if (measured.isEmpty() || isStopped) {
        LOG.log(System.Logger.Level.DEBUG, "costs were not measured to the end");
        return;
      }
      new CostFile(machine, measured.get()).write(options.disk(), file);
      LOG.log(
          System.Logger.Level.DEBUG, "costs for the next open of {0}: {1}", file, measured.get());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot write " + file, e);
    } catch (OutOfMemoryError e) {
      LOG.log(System.Logger.Level.WARNING, "no memory left to measure costs", e);
    }
  }

  /// Ends the measurement, which is dropped.
  @Override
  public void close() {
    isStopped = true;
    boolean isInterrupted = false;
    while (isMeasuring()) {
      try {
        thread.orElseThrow().join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
