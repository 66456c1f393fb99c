package io.capsdb;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// All segments of a collection at one moment. A reader leases one and works on it to the end,
/// whatever writers and the background do; the last lease frees segments that no newer set holds.
final class SegmentSet implements AutoCloseable {
  private final long sequence;
  private final List<SegmentView> views;
  private final AtomicInteger leases = new AtomicInteger(1);

  /// @param sequence number of the last write that the set shows
  /// @param views oldest first
  SegmentSet(long sequence, List<SegmentView> views) {
    this.sequence = sequence;
    this.views = List.copyOf(views);
    for (SegmentView view : views) {
      view.segment().retain();
    }
  }

  long sequence() {
    return sequence;
  }

  List<SegmentView> views() {
    return views;
  }

  /// Takes a lease; false when the set is gone already, because a newer one was published.
  boolean lease() {
    while (true) {
      int held = leases.get();
      if (held == 0) {
        return false;
      }
      if (leases.compareAndSet(held, held + 1)) {
        return true;
      }
    }
  }

  long liveCount() {
    long count = 0;
    for (SegmentView view : views) {
      count += view.liveCount();
    }
    return count;
  }

  /// Gives a lease back.
  @Override
  public void close() {
    if (leases.decrementAndGet() == 0) {
      for (SegmentView view : views) {
        view.segment().release();
      }
    }
  }
}
