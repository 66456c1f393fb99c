package io.capsdb;

import java.io.IOException;
import java.util.Optional;

/// A worker with a thread of its own, which sleeps when there is nothing to do.
final class WorkerThread extends BackgroundWorker {
  private static final long RETRY_MILLIS = 1_000;

  private final long pauseMillis;
  private final Optional<BackgroundPool> pool;
  private final Thread thread;

  WorkerThread(String name, long pauseMillis, Task task, boolean isHeavy) {
    this(
        name,
        pauseMillis,
        task,
        isHeavy ? Optional.of(new BackgroundPool(name)) : Optional.empty());
  }

  private WorkerThread(String name, long pauseMillis, Task task, Optional<BackgroundPool> pool) {
    super(pool.<Task>map(threads -> new InPool(task, threads)).orElse(task));
    this.pauseMillis = pauseMillis;
    this.pool = pool;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  /// Steps that are done by the threads of a pool.
  private record InPool(Task task, BackgroundPool pool) implements Task {
    @Override
    public boolean step() throws IOException {
      return pool.run(task::step);
    }

    @Override
    public void succeed() {
      task.succeed();
    }

    @Override
    public void fail(Throwable cause) {
      task.fail(cause);
    }

    @Override
    public void rest() {
      task.rest();
    }
  }

  @Override
  void start() {
    thread.start();
  }

  @Override
  boolean isRunning() {
    return thread.isAlive();
  }

  @Override
  void stop() {
    markStopped();
    thread.interrupt();
    boolean isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    pool.ifPresent(BackgroundPool::close);
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!isStopped()) {
      Turn turn = turn();
      if (turn == Turn.DONE) {
        continue;
      }
      try {
        rest(turn == Turn.FAILED ? RETRY_MILLIS : pauseMillis);
      } catch (InterruptedException e) {
        // Only `stop` interrupts, and it is looked for next.
      }
    }
  }
}
