package io.capsdb.server.http;

import java.util.concurrent.atomic.AtomicLong;

/// The bytes that all request bodies together may hold. An eighth of them is for small bodies
/// alone: so searches and small writes go on where a few connections announce much and send little.
final class BodyBudget {
  /// Bytes of a small body, at most.
  static final long SMALL = 64 << 10;

  private static final int SMALL_SHARE = 8;

  private final long most;
  private final AtomicLong held = new AtomicLong();

  BodyBudget(long most) {
    this.most = most;
  }

  /// Takes bytes; false, and nothing taken, when there are not enough left.
  ///
  /// @param total bytes that the body holds with these
  boolean take(long bytes, long total) {
    long limit = total <= SMALL ? most : most - most / SMALL_SHARE;
    while (true) {
      long now = held.get();
      if (bytes > limit - now) {
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
