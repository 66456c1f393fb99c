package io.capsdb.server.http;

import java.util.concurrent.atomic.AtomicLong;

/// The bytes that all request bodies together may hold.
final class BodyBudget {
  private final long most;
  private final AtomicLong held = new AtomicLong();

  BodyBudget(long most) {
    this.most = most;
  }

  /// Takes bytes; false, and nothing taken, when there are not enough left.
  boolean take(long bytes) {
    while (true) {
      long now = held.get();
      if (bytes > most - now) {
        return false;
      }
      if (held.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
  }

  void give(long bytes) {
    held.addAndGet(-bytes);
  }

  long most() {
    return most;
  }

  long held() {
    return held.get();
  }
}
