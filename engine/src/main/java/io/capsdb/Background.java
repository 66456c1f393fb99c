package io.capsdb;

import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;

/// How the background of a database comes to its turns: in threads of its own, or, where a test
/// wants to decide what happens when, in the thread that asks.
interface Background {
  Background THREADS =
      new Background() {
        @Override
        public BackgroundWorker worker(
            String name, long pauseMillis, BackgroundWorker.Task task, boolean isHeavy) {
          return new WorkerThread(name, pauseMillis, task, isHeavy);
        }

        @Override
        @SuppressWarnings("WaitNotInLoop") // whoever waits asks again
        public void await(Condition change) {
          change.awaitUninterruptibly();
        }

        @Override
        @SuppressWarnings("WaitNotInLoop") // whoever waits asks again
        public long awaitNanos(Condition change, long nanos) throws InterruptedException {
          return change.awaitNanos(nanos);
        }

        @Override
        public void pause(long millis) {
          try {
            Thread.sleep(millis);
          } catch (InterruptedException e) {
            throw new CancellationException();
          }
        }
      };

  /// A worker that is not started yet.
  ///
  /// @param pauseMillis after which it looks for work by itself
  /// @param isHeavy whether its steps are done on all processors, where searches and writers go
  ///     first
  BackgroundWorker worker(
      String name, long pauseMillis, BackgroundWorker.Task task, boolean isHeavy);

  /// Waits until workers, or others, have signalled a change; the condition's lock is held.
  void await(Condition change);

  /// The same for some time at most.
  ///
  /// @return what is left of it
  long awaitNanos(Condition change, long nanos) throws InterruptedException;

  /// Leaves the machine to others for a while, within a turn.
  ///
  /// @throws CancellationException if the worker is to end
  void pause(long millis);
}
