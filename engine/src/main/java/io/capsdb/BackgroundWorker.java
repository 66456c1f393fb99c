package io.capsdb;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A thread that does one piece of work after the other, and sleeps when there is nothing to do.
final class BackgroundWorker {
  private static final long RETRY_MILLIS = 1_000;

  private final Task task;
  private final long pauseMillis;
  private final Thread thread;
  private final Semaphore wakes = new Semaphore(0);
  private volatile boolean isStopped;
  private volatile boolean isBusy;
  private volatile String work = "";

  /// What the worker does.
  interface Task {
    /// Does one piece of work; tells whether there was one.
    ///
    /// @throws CancellationException if the thread is interrupted
    boolean step() throws IOException;

    /// Told after each step that went well.
    void succeed();

    /// Told after each step that failed; it is tried again after a pause.
    void fail(Throwable cause);

    /// Told when nothing is left to do for now.
    void rest();
  }

  /// @param pauseMillis after which the worker looks for work by itself
  BackgroundWorker(String name, long pauseMillis, Task task) {
    this.task = task;
    this.pauseMillis = pauseMillis;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean isBusy() {
    return isBusy;
  }

  boolean isStopped() {
    return isStopped;
  }

  /// What is being done, for people; empty when nothing is.
  String work() {
    return work;
  }

  /// For the worker itself.
  void describe(String what) {
    work = what;
  }

  /// Has it look for work. It counts as busy from now on until it has found none.
  synchronized void wake() {
    isBusy |= thread.isAlive();
    wakes.release();
  }

  /// Whether it goes on: it was woken during a step that has found nothing, too.
  private synchronized void settle(boolean isDone) {
    isBusy = isDone || wakes.availablePermits() > 0;
  }

  /// Ends the thread; what it was doing is dropped.
  void stop() {
    isStopped = true;
    wakes.release();
    thread.interrupt();
    boolean isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (true) {
      long pause = pauseMillis;
      try {
        boolean isDone = !isStopped && task.step();
        task.succeed();
        settle(isDone);
        if (isDone) {
          continue;
        }
      } catch (CancellationException e) {
        settle(false);
      } catch (IOException | RuntimeException | Error e) {
        // Errors too, such as no memory for a build: a thread that died would leave writers
        // waiting.
        settle(false);
        if (!isStopped) {
          task.fail(e);
        }
        pause = RETRY_MILLIS;
      }
      work = "";
      task.rest();
      if (!sleep(pause)) {
        return;
      }
    }
  }

  /// Waits for a wake-up or for the time to pass; false when the thread is to end.
  private boolean sleep(long millis) {
    try {
      if (wakes.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
        wakes.drainPermits();
      }
    } catch (InterruptedException e) {
      // Only `stop` interrupts, and it is looked for next.
    }
    return !isStopped;
  }
}
