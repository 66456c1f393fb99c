package io.capsdb;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/// Ends a read of many rows that nobody waits for any more. For one thread.
final class Cancellation {
  /// Rows between two questions: tests of so many documents take some milliseconds.
  private static final int ROWS = 1_024;

  private final BooleanSupplier isCancelled;
  private int rowsLeft = ROWS;

  Cancellation(BooleanSupplier isCancelled) {
    this.isCancelled = isCancelled;
  }

  /// For reads that go on to their end.
  static Cancellation never() {
    return new Cancellation(() -> false);
  }

  /// To be called for each row that is looked at.
  ///
  /// @throws CancellationException if nobody waits any more
  void passRow() {
    if (--rowsLeft == 0) {
      rowsLeft = ROWS;
      if (isCancelled.getAsBoolean()) {
        throw new CancellationException("the read was cancelled");
      }
    }
  }
}
