package io.capsdb.server.http;

import io.vertx.core.Vertx;

/// What one connection must have done by when. An idle timeout alone would not stop a client that
/// sends a byte now and then. For the event loop only.
final class Deadline {
  private final Vertx vertx;
  private final Moves moves;
  private long timer = -1;
  private Wait wait = Wait.FOR_WORK;

  /// What a connection waits for.
  enum Wait {
    FOR_FIRST_HEADER,
    FOR_NEXT_HEADER,
    FOR_WORK
  }

  /// Told when a connection waits for something, what for before and now.
  @FunctionalInterface
  interface Moves {
    void move(Wait before, Wait now);
  }

  Deadline(Vertx vertx, Moves moves) {
    this.vertx = vertx;
    this.moves = moves;
  }

  /// Sets a new deadline in the place of the old one.
  void set(int millis, Runnable expired) {
    set(Wait.FOR_WORK, millis, expired);
  }

  void set(Wait other, int millis, Runnable expired) {
    clear();
    moves.move(wait, other);
    wait = other;
    timer =
        vertx.setTimer(
            millis,
            _ -> {
              timer = -1;
              expired.run();
            });
  }

  Wait waiting() {
    return wait;
  }

  void clear() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }
}
