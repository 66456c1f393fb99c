package io.capsdb;

import io.capsdb.point.Payload;
import io.capsdb.storage.LogRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// New payloads of rows of one set, as the log has them and as the views of the set show them, so
/// that what was looked up for the one is not looked up again for the other. For the one writer.
final class LocatedChanges {
  private final SegmentSet set;
  private final long sequence;
  private final List<LogRecord.Change> logged = new ArrayList<>();
  private final Map<Segment, List<Overlay.Change>> bySegment = new HashMap<>();

  /// @param set the newest one
  /// @param sequence number of the write
  LocatedChanges(SegmentSet set, long sequence) {
    this.set = set;
    this.sequence = sequence;
  }

  /// Takes each row at most once.
  void add(SegmentView view, int row, Payload payload) {
    logged.add(new LogRecord.Change(view.segment().id(row), payload));
    show(view, row, payload);
  }

  /// Takes a change that is in the log already.
  void show(SegmentView view, int row, Payload payload) {
    bySegment
        .computeIfAbsent(view.segment(), _ -> new ArrayList<>())
        .add(new Overlay.Change(row, payload, sequence));
  }

  int size() {
    return logged.size();
  }

  LogRecord.Payloads record() {
    return new LogRecord.Payloads(sequence, logged);
  }

  /// Whether the changes are those of a write, and their rows still those of the newest set.
  @SuppressWarnings("ReferenceEquality") // a set that is equal may have other segments
  boolean isOf(long write, SegmentSet newest) {
    return sequence == write && set == newest;
  }

  Map<Segment, List<Overlay.Change>> bySegment() {
    return bySegment;
  }
}
