package io.capsdb.caps;

import io.capsdb.attribute.Selection;
import io.capsdb.attribute.SlotFacts;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Ternary;
import io.capsdb.index.RowSink;
import io.capsdb.index.SelectionScanner;
import java.util.List;

/// Scores vectors in full, slot by slot (CAPS, section 1.3, for any filter): slots whose facts make
/// the filter false are skipped, those whose facts make it true are taken without a test, the rows
/// of the others are tested.
final class SlotScorer implements PartitionScorer {
  private final CapsIndex index;
  private final Selection selection;
  private final SelectionScanner scanner;
  private final boolean isUnfiltered;

  SlotScorer(CapsIndex index, float[] query, Selection selection) {
    this.index = index;
    this.selection = selection;
    this.scanner = new SelectionScanner(index.metric(), index.vectors(), query, selection);
    this.isUnfiltered = selection.filter().equals(Filter.ALL);
  }

  @Override
  public int score(int partition, float distance, RowSink sink) {
    long before = sink.counters().rowsScored;
    int from = index.layout().partitionStart()[partition];
    int to = index.layout().partitionStart()[partition + 1];
    if (isUnfiltered) {
      scanner.scan(from, to, sink);
    } else {
      scoreSlots(partition, to, sink);
    }
    return (int) (sink.counters().rowsScored - before);
  }

  @Override
  public void finish(RowSink sink) {
    // Nothing is put aside.
  }

  private void scoreSlots(int partition, int end, RowSink sink) {
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
      if (value == Ternary.UNKNOWN
          || (value == Ternary.TRUE && !isAllLive(from, to))
          || selection.hasExtra(from, to)) {
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
}
