package io.capsdb.server.http;

import io.vertx.core.Vertx;

/// What one connection must have done by when. An idle timeout alone would not stop a client that
/// sends a byte now and then. For the event loop only.
final class Deadline {
  private final Vertx vertx;
  private long timer = -1;
  private boolean isIdle;

  Deadline(Vertx vertx) {
    this.vertx = vertx;
  }

  /// Sets a new deadline in the place of the old one.
  void set(int millis, Runnable expired) {
    clear();
    isIdle = false;
    timer =
        vertx.setTimer(
            millis,
            _ -> {
              timer = -1;
              expired.run();
            });
  }

  /// The same, where nothing is under way: only the next request is waited for.
  void setIdle(int millis, Runnable expired) {
    set(millis, expired);
    isIdle = true;
  }

  boolean isIdle() {
    return isIdle;
  }

  void clear() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }
}
