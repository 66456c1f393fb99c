package io.capsdb;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Whether a collection has been searched lately, and so how many full chunks of the live segment
/// may wait to be indexed. Loading is faster where nobody searches meanwhile.
final class SearchWatch {
  private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// Searches are not noted more often than that: the note is shared by all threads.
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /// Chunks that a search goes through row by row: as much work as some searches of a sealed
  /// segment.
  private static final int MOST_SEARCHED = 4;

  private final LongSupplier nanoClock;
  private volatile long lastNanos;

  SearchWatch(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.lastNanos = nanoClock.getAsLong() - LATELY_NANOS;
  }

  /// Notes a search. For any thread.
  void note() {
    long now = nanoClock.getAsLong();
    if (now - lastNanos >= STEP_NANOS) {
      lastNanos = now;
    }
  }

  boolean isSearched() {
    return nanoClock.getAsLong() - lastNanos < LATELY_NANOS;
  }

  /// Full chunks that may wait before the writer indexes some itself.
  int mostUnindexed() {
    return isSearched() ? MOST_SEARCHED : Integer.MAX_VALUE;
  }
}
