package io.capsdb.server.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Counts the requests between their header and their answer, so that a stop can wait for them.
final class InFlight {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition isChanged = lock.newCondition();

  // Guarded by `lock`.
  private int count;
  private boolean isClosing;

  /// Lets a request in; false once the stop has begun.
  boolean enter() {
    lock.lock();
    try {
      if (isClosing) {
        return false;
      }
      count++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void exit() {
    lock.lock();
    try {
      count--;
      isChanged.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosing() {
    lock.lock();
    try {
      return isClosing;
    } finally {
      lock.unlock();
    }
  }

  /// Lets nobody in any more and waits for those inside; false when some are left.
  boolean drain(long millis) {
    lock.lock();
    try {
      isClosing = true;
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (count > 0 && left > 0) {
        left = isChanged.awaitNanos(left);
      }
      return count == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
