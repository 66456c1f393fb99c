package io.capsdb;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;

/// Does one piece of work after the other, turn by turn. Whose thread that is, and when the turns
/// come, is for the [Background] to say.
abstract class BackgroundWorker {
  private final Task task;
  private volatile boolean isStopped;
  private volatile boolean isBusy;
  private volatile boolean isWoken;
  private volatile Optional<Report> report = Optional.empty();

  /// @param nanos when the work was so
  private record Report(RunningWork work, long nanos) {}

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

  /// How a turn ended.
  enum Turn {
    DONE,
    NOTHING,
    FAILED
  }

  BackgroundWorker(Task task) {
    this.task = task;
  }

  /// Has the turns begin.
  abstract void start();

  /// Has them end, and waits for one that is being taken; what it was doing is dropped.
  abstract void stop();

  /// Whether turns come.
  abstract boolean isRunning();

  /// For `stop`: turns do nothing any more.
  final synchronized void markStopped() {
    isStopped = true;
    notifyAll();
  }

  final boolean isBusy() {
    return isBusy;
  }

  final boolean isStopped() {
    return isStopped;
  }

  /// What is being done; empty when nothing is.
  final Optional<RunningWork> work(LongSupplier nanoClock) {
    return report.map(last -> last.work().after(nanoClock.getAsLong() - last.nanos()));
  }

  /// For the worker itself.
  ///
  /// @param nanos the time now
  final void describe(RunningWork what, long nanos) {
    report = Optional.of(new Report(what, nanos));
  }

  /// Has it look for work. It counts as busy from now on until it has found none.
  final synchronized void wake() {
    isBusy |= isRunning();
    isWoken = true;
    notifyAll();
  }

  /// Does one piece of work, if there is one.
  final Turn turn() {
    synchronized (this) {
      isWoken = false;
    }
    Turn turn = Turn.NOTHING;
    try {
      turn = !isStopped && task.step() ? Turn.DONE : Turn.NOTHING;
      task.succeed();
      settle(turn == Turn.DONE);
    } catch (CancellationException e) {
      settle(false);
    } catch (IOException | RuntimeException | Error e) {
      // Errors too, such as no memory for a build: a worker that died would leave writers waiting.
      turn = Turn.FAILED;
      settle(false);
      if (!isStopped) {
        task.fail(e);
      }
    }
    if (turn != Turn.DONE) {
      report = Optional.empty();
      task.rest();
    }
    return turn;
  }

  /// Whether it goes on: it was woken during a step that has found nothing, too.
  private synchronized void settle(boolean isDone) {
    isBusy = isDone || isWoken;
  }

  /// Waits for a wake-up, for the end, or for the time to pass.
  @SuppressWarnings("WaitNotInLoop") // without a reason it only looks once more than needed
  final synchronized void rest(long millis) throws InterruptedException {
    if (!isWoken && !isStopped) {
      wait(millis);
    }
  }
}
