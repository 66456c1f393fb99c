package io.capsdb;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Does work on all processors, in threads that give way to searches and writers. What the work
/// does in parallel streams is done there too, not in the pool that a whole program shares.
///
/// Threads begin when there is work, and end soon after it. Safe for use by many threads.
final class BackgroundPool {
  private static final long KEEP_MILLIS = 1_000;

  private final ForkJoinPool pool;

  /// @param name of its threads
  BackgroundPool(String name) {
    int processors = Runtime.getRuntime().availableProcessors();
    this.pool =
        new ForkJoinPool(
            processors,
            owner -> new LowThread(owner, name),
            null,
            false,
            0,
            Integer.MAX_VALUE,
            1,
            null,
            KEEP_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  private static final class LowThread extends ForkJoinWorkerThread {
    LowThread(ForkJoinPool owner, String name) {
      super(owner);
      setName(name);
      setDaemon(true);
    }

    @Override
    protected void onStart() {
      ThreadPriority.lower();
    }
  }

  /// Does a piece of work and waits for its end. Interrupting the caller interrupts the work, and
  /// its end is waited for all the same.
  ///
  /// @throws IOException of the work; what else it throws is thrown as it is
  <T> T run(Callable<T> task) throws IOException {
    Work<T> work = new Work<>(task);
    pool.execute(work);
    while (true) {
      try {
        work.done.await();
        return work.outcome();
      } catch (InterruptedException e) {
        work.interrupt();
      }
    }
  }

  /// Waits for its work to end, and has its threads end.
  void close() {
    pool.close();
  }

  private static final class Work<T> implements Runnable {
    private final Callable<T> task;
    private final CountDownLatch done = new CountDownLatch(1);
    private boolean isInterrupted;
    private @Nullable Thread thread;
    private Optional<T> result = Optional.empty();
    private Optional<Throwable> failure = Optional.empty();

    Work(Callable<T> task) {
      this.task = task;
    }

    @Override
    public void run() {
      begin();
      try {
        result = Optional.of(task.call());
      } catch (Throwable e) {
        // Nothing may be lost between two threads: the one that waits throws it again.
        failure = Optional.of(e);
      } finally {
        end();
        done.countDown();
      }
    }

    private synchronized void begin() {
      thread = Thread.currentThread();
      if (isInterrupted) {
        thread.interrupt();
      }
    }

    private synchronized void end() {
      thread = null;
      Thread.interrupted(); // it was meant for this work
    }

    synchronized void interrupt() {
      isInterrupted = true;
      if (thread != null) {
        thread.interrupt();
      }
    }

    T outcome() throws IOException {
      if (failure.isEmpty()) {
        return result.orElseThrow();
      }
      switch (failure.get()) {
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }
}
