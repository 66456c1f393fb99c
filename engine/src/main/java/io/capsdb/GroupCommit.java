package io.capsdb;

import io.capsdb.storage.LogRecord;
import io.capsdb.storage.WriteAheadLog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes that are in the log but not yet known to be durable. Many of them share one force: one of
/// the writers forces for all that have been appended, without the lock, so that others append
/// meanwhile. Records are applied in their order, each after it is durable.
///
/// All methods are for the one that holds the lock, once; some let go of it meanwhile.
final class GroupCommit {
  private final ReentrantLock lock;
  private final Condition isChanged;
  private final Consumer<LogRecord> apply;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private boolean isForcing;

  private static final class Waiting {
    final LogRecord record;
    boolean isDone;
    @Nullable Throwable failure;

    Waiting(LogRecord record) {
      this.record = record;
    }
  }

  /// @param isChanged of the lock; told when records were applied
  /// @param apply makes a record visible; called with the lock
  GroupCommit(ReentrantLock lock, Condition isChanged, Consumer<LogRecord> apply) {
    this.lock = lock;
    this.isChanged = isChanged;
    this.apply = apply;
  }

  /// Number of the last write, made visible or not.
  ///
  /// @param visible number of the last one that is visible
  long last(long visible) {
    return waiting.isEmpty() ? visible : waiting.getLast().record.sequence();
  }

  /// Points of the writes that are not visible yet.
  int points() {
    int points = 0;
    for (Waiting each : waiting) {
      points += each.record instanceof LogRecord.Upsert upsert ? upsert.entries().size() : 0;
    }
    return points;
  }

  /// Appends a record, and returns when it is durable and visible. Lets go of the lock meanwhile.
  ///
  /// @throws IOException if it may not be durable
  void commit(WriteAheadLog log, LogRecord record) throws IOException {
    log.write(record);
    Waiting own = new Waiting(record);
    waiting.add(own);
    while (!own.isDone) {
      if (isForcing) {
        isChanged.awaitUninterruptibly();
      } else {
        force(log);
      }
    }
    switch (own.failure) {
      case null -> {}
      case IOException e -> throw new IOException(e.getMessage(), e);
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /// Makes all that was appended durable and visible, and keeps the lock from then on: nothing is
  /// under way afterwards. Its writers learn of a failure.
  void settle(WriteAheadLog log) {
    while (isForcing) {
      isChanged.awaitUninterruptibly();
    }
    if (waiting.isEmpty()) {
      return;
    }
    try {
      log.force();
      applyFirst(waiting.size());
    } catch (IOException e) {
      failAll(e);
    }
    isChanged.signalAll();
  }

  /// Makes all that was appended durable, without the lock meanwhile. For a log that nobody waits
  /// for.
  ///
  /// @throws IOException if it may not be durable
  void forceAll(WriteAheadLog log) throws IOException {
    while (isForcing) {
      isChanged.awaitUninterruptibly();
    }
    if (log.isForced()) {
      return;
    }
    isForcing = true;
    lock.unlock();
    try {
      log.force();
    } finally {
      lock.lock();
      isForcing = false;
      isChanged.signalAll();
    }
  }

  /// The same, with the lock from the moment on in which nothing is under way.
  ///
  /// @throws IOException if it may not be durable
  void forceHere(WriteAheadLog log) throws IOException {
    while (isForcing) {
      isChanged.awaitUninterruptibly();
    }
    if (!log.isForced()) {
      log.force();
    }
  }

  private void force(WriteAheadLog log) {
    isForcing = true;
    int count = waiting.size();
    @Nullable IOException failure = null;
    lock.unlock();
    try {
      log.force();
    } catch (IOException e) {
      failure = e;
    } finally {
      lock.lock();
      isForcing = false;
      isChanged.signalAll();
    }
    if (failure == null) {
      applyFirst(count);
    } else {
      failAll(failure);
    }
  }

  private void applyFirst(int count) {
    for (int i = 0; i < count; i++) {
      Waiting each = waiting.removeFirst();
      try {
        apply.accept(each.record);
      } catch (RuntimeException | Error e) {
        each.failure = e;
      }
      each.isDone = true;
    }
  }

  /// What stands behind a force that failed may be gone, whatever a later one says.
  private void failAll(IOException e) {
    for (Waiting each : waiting) {
      each.failure = e;
      each.isDone = true;
    }
    waiting.clear();
  }
}
