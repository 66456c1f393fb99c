package io.capsdb.caps;

import io.capsdb.attribute.Selection;
import io.capsdb.attribute.SlotFacts;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Ternary;
import io.capsdb.index.Prober;
import io.capsdb.index.RowSink;
import io.capsdb.index.SelectionScanner;
import io.capsdb.vector.Kernels;
import java.util.List;
import java.util.NoSuchElementException;

/// One walk over the partitions of a CAPS index, nearest centroid first (CAPS, section 1.3, for any
/// filter): slots whose facts make the filter false are skipped, those whose facts make it true are
/// taken without a test, the rows of the others are tested.
///
/// Centroids are brought into order as far as the walk goes only: a heap, not a sort.
final class CapsProber implements Prober {
  private final CapsIndex index;
  private final Selection selection;
  private final SelectionScanner scanner;
  private final boolean isUnfiltered;
  private final float[] distances;
  private final int[] heap;
  private int left;

  CapsProber(CapsIndex index, float[] query, Selection selection) {
    this.index = index;
    this.selection = selection;
    this.scanner = new SelectionScanner(index.metric(), index.vectors(), query, selection);
    this.isUnfiltered = selection.filter().equals(Filter.ALL);
    int count = index.layout().partitionCount();
    this.distances = new float[count];
    PartitionSpace space = index.layout().space();
    float[] spaceQuery = space.query(query);
    Kernels.best()
        .distances(space.spaceMetric(), spaceQuery, index.centroids(), 0, count, distances);
    space.toMetric(query, distances, count);
    for (int i = 0; i < count; i++) {
      // Distances of huge values overflow or are no numbers; infinity would say that nothing is
      // left.
      distances[i] = distances[i] <= Float.MAX_VALUE ? distances[i] : Float.MAX_VALUE;
    }
    this.heap = new int[count];
    this.left = count;
    for (int i = 0; i < count; i++) {
      heap[i] = i;
    }
    for (int i = count / 2 - 1; i >= 0; i--) {
      sink(i);
    }
    dropEmpty();
  }

  @Override
  public float nextDistance() {
    return left == 0 ? Float.POSITIVE_INFINITY : distances[heap[0]];
  }

  @Override
  public int partitionCount() {
    return distances.length;
  }

  @Override
  public void probeNext(RowSink sink) {
    if (left == 0) {
      throw new NoSuchElementException("no partition is left");
    }
    int partition = heap[0];
    pop();
    dropEmpty();
    int from = index.layout().partitionStart()[partition];
    int to = index.layout().partitionStart()[partition + 1];
    if (isUnfiltered) {
      scanner.scan(from, to, sink);
    } else {
      probeSlots(partition, to, sink);
    }
  }

  private void probeSlots(int partition, int end, RowSink sink) {
    CapsLayout layout = index.layout();
    List<SlotFacts> slots = index.slotFacts(partition);
    int first = layout.listStart()[partition] + partition;
    int pendingFrom = -1;
    for (int slot = 0; slot < slots.size(); slot++) {
      int from = layout.slotStart()[first + slot];
      int to = slot + 1 < slots.size() ? layout.slotStart()[first + slot + 1] : end;
      if (from == to) {
        continue;
      }
      Ternary value = slots.get(slot).evaluate(selection.filter());
      if (value == Ternary.UNKNOWN || (value == Ternary.TRUE && !isAllLive(from, to))) {
        sink.counters().slotsTested++;
        // Neighbouring slots to be tested are scanned in one go.
        pendingFrom = pendingFrom < 0 ? from : pendingFrom;
        continue;
      }
      if (pendingFrom >= 0) {
        scanner.scan(pendingFrom, from, sink);
        pendingFrom = -1;
      }
      if (value == Ternary.TRUE) {
        sink.counters().slotsWhole++;
        scanner.scanWhole(from, to, sink);
      } else {
        sink.counters().slotsSkipped++;
      }
    }
    if (pendingFrom >= 0) {
      scanner.scan(pendingFrom, end, sink);
    }
  }

  /// Whether no row of the range is left out for another reason than the filter, as deleted rows
  /// are.
  private boolean isAllLive(int from, int to) {
    return selection.certain().rangeCardinality(from, to) == to - from;
  }

  /// Takes partitions without a possible match from the top of the heap.
  private void dropEmpty() {
    int[] start = index.layout().partitionStart();
    while (left > 0 && !selection.possible().intersects(start[heap[0]], start[heap[0] + 1])) {
      pop();
    }
  }

  private void pop() {
    heap[0] = heap[--left];
    sink(0);
  }

  private void sink(int from) {
    int parent = from;
    int moving = heap[parent];
    while (true) {
      int child = 2 * parent + 1;
      if (child >= left) {
        break;
      }
      if (child + 1 < left && isBefore(heap[child + 1], heap[child])) {
        child++;
      }
      if (!isBefore(heap[child], moving)) {
        break;
      }
      heap[parent] = heap[child];
      parent = child;
    }
    heap[parent] = moving;
  }

  private boolean isBefore(int a, int b) {
    return distances[a] < distances[b] || (distances[a] == distances[b] && a < b);
  }
}
