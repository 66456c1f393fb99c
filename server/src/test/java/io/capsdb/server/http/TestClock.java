package io.capsdb.server.http;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A clock that can hold the readers or writers, or make a reader fail: each looks at the clock
/// when it writes its answer. It can also make the event loop stand still, which looks at it when a
/// request comes.
final class TestClock implements LongSupplier {
  private final CountDownLatch open = new CountDownLatch(1);
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private final AtomicInteger stall = new AtomicInteger();
  private volatile String holding = "none";

  void holdReaders() {
    holding = "capsdb-reader";
  }

  void holdWriters() {
    holding = "capsdb-writer";
  }

  void release() {
    holding = "none";
    open.countDown();
  }

  void failOnce(RuntimeException e) {
    failure.set(e);
  }

  /// The event loop stands still for some time at the next request.
  void stallOnce(int millis) {
    stall.set(millis);
  }

  /// Waits until so many readers are held.
  void awaitHeld(int count) throws InterruptedException {
    for (int i = 0; held.get() < count; i++) {
      if (i > 2_000) {
        throw new AssertionError("only " + held.get() + " readers came");
      }
      Thread.sleep(10);
    }
  }

  @Override
  public long getAsLong() {
    if (Thread.currentThread().getName().startsWith("capsdb-reader")) {
      RuntimeException e = failure.getAndSet(null);
      if (e != null) {
        throw e;
      }
    }
    if (Thread.currentThread().getName().startsWith(holding)) {
      held.incrementAndGet();
      try {
        open.await();
      } catch (InterruptedException interrupted) {
        throw new IllegalStateException(interrupted);
      }
    }
    if (Thread.currentThread().getName().startsWith("vert.x-eventloop")) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(stall.getAndSet(0)));
    }
    return System.nanoTime();
  }
}
