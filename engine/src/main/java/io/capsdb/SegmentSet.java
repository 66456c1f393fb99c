package io.capsdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.roaringbitmap.RoaringBitmap;

/// All segments of a collection at one moment. A reader leases one and works on it to the end,
/// whatever writers and the background do; the last lease frees segments that no newer set holds.
final class SegmentSet implements AutoCloseable {
  private final long sequence;
  private final List<SegmentView> views;
  private final int sealedCount;
  private final AtomicInteger leases = new AtomicInteger(1);

  /// @param sequence number of the last write that the set shows
  /// @param views oldest first
  SegmentSet(long sequence, List<SegmentView> views) {
    this.sequence = sequence;
    this.views = List.copyOf(views);
    int sealed = 0;
    for (SegmentView view : views) {
      view.segment().retain();
      sealed += view.segment().isSealed() ? 1 : 0;
    }
    this.sealedCount = sealed;
  }

  long sequence() {
    return sequence;
  }

  List<SegmentView> views() {
    return views;
  }

  /// How many of the segments are sealed.
  int sealedCount() {
    return sealedCount;
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

  /// The view of a segment, which is in the set.
  SegmentView view(Segment segment) {
    return views.stream().filter(view -> view.segment() == segment).findFirst().orElseThrow();
  }

  Map<Segment, SegmentView> bySegment() {
    Map<Segment, SegmentView> bySegment = new HashMap<>();
    views.forEach(view -> bySegment.put(view.segment(), view));
    return bySegment;
  }

  long liveCount() {
    long count = 0;
    for (SegmentView view : views) {
      count += view.liveCount();
    }
    return count;
  }

  /// The set in which one view stands in the place of some; `made` is empty when nothing of them is
  /// left.
  SegmentSet replacing(List<SegmentView> inputs, Optional<SegmentView> made) {
    List<SegmentView> next = new ArrayList<>();
    boolean isPlaced = false;
    for (SegmentView view : views) {
      boolean isInput = inputs.stream().anyMatch(input -> input.segment() == view.segment());
      if (!isInput) {
        next.add(view);
      } else if (!isPlaced) {
        made.ifPresent(next::add);
        isPlaced = true;
      }
    }
    return new SegmentSet(sequence, next);
  }

  /// The view of a segment that was built from inputs: rows that died in this set since the inputs
  /// were read are dead in it, and payloads that were changed since are changed in it.
  SegmentView carryOver(List<SegmentView> inputs, SealedSegment output) {
    RoaringBitmap dead = new RoaringBitmap();
    List<Overlay.Change> changes = new ArrayList<>();
    int row = 0;
    for (SegmentView input : inputs) {
      SegmentView now = view(input.segment());
      for (int old = 0; old < input.rowCount(); old++) {
        if (input.isLive(old)) {
          if (!now.isLive(old)) {
            dead.add(row);
          }
          Overlay.Change change = now.overlay().change(old);
          if (change != null && change.version() > input.version(old)) {
            changes.add(new Overlay.Change(row, change.payload(), change.version()));
          }
          row++;
        }
      }
    }
    return SegmentView.of(output, dead).withChanges(changes);
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
