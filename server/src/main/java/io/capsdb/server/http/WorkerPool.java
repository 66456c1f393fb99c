package io.capsdb.server.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A fixed number of threads and a bounded queue. The event loop hands over all work that takes
/// time and never waits.
final class WorkerPool implements AutoCloseable {
  private final ThreadPoolExecutor threads;

  WorkerPool(String name, int count, int queue) {
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            Thread.ofPlatform().name("capsdb-" + name + "-", 0).daemon().factory());
  }

  /// Runs work soon; false when the queue is full.
  boolean offer(Runnable work) {
    try {
      threads.execute(work);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /// Work that waits for a thread.
  int waiting() {
    return threads.getQueue().size();
  }

  /// Takes no more; what runs goes on to its end.
  @Override
  public void close() {
    threads.shutdown();
  }
}
