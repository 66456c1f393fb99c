package io.capsdb.server.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Tells a command that the process is to end (SIGINT, SIGTERM), and the process that the command
/// has cleaned up.
public final class StopSignal {
  private static final int CLEAN_UP_SECONDS = 30;

  private final Thread worker;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);

  /// @param worker the thread that runs the command; it is interrupted when the process is to end
  public StopSignal(Thread worker) {
    this.worker = worker;
  }

  /// Asks the command to end; returns when it has, or after half a minute.
  public void askAndWait() {
    if (finished.getCount() == 0) {
      return;
    }
    asked.countDown();
    worker.interrupt();
    try {
      if (!finished.await(CLEAN_UP_SECONDS, TimeUnit.SECONDS)) {
        System.getLogger(StopSignal.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "the command did not end within {0} s",
                CLEAN_UP_SECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Notes that the command has ended.
  public void finish() {
    finished.countDown();
  }

  /// Waits until the process is to end.
  void await() {
    try {
      asked.await();
    } catch (InterruptedException _) {
      // The interrupt is how the wish to end arrives; there is nothing else to wait for.
    }
  }
}
