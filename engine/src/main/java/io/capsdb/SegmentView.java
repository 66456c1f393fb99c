package io.capsdb;

import io.capsdb.point.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/// The state of one segment at one moment: how many of its rows are there, which of them are dead,
/// and which have another payload than they were written with.
///
/// Immutable: the bitmaps do not change after publication.
///
/// @param rowCount rows that are visible
/// @param dead rows that were deleted or overwritten
/// @param overlay payloads that were changed
/// @param deadOrdinals the dead rows by vector name in the ordinals of the part, for parts with an
///     order of their own
/// @param changedOrdinals the rows of the overlay in the same way
record SegmentView(
    Segment segment,
    int rowCount,
    RoaringBitmap dead,
    Overlay overlay,
    Map<String, RoaringBitmap> deadOrdinals,
    Map<String, RoaringBitmap> changedOrdinals) {

  /// All rows of a segment, some of them dead.
  static SegmentView of(Segment segment, RoaringBitmap dead) {
    return new SegmentView(
            segment, segment.rowCount(), new RoaringBitmap(), Overlay.EMPTY, Map.of(), Map.of())
        .withDead(dead);
  }

  int liveCount() {
    return rowCount - dead.getCardinality();
  }

  boolean isLive(int row) {
    return row < rowCount && !dead.contains(row);
  }

  Payload payload(int row) {
    Overlay.Change change = overlay.change(row);
    return change == null ? segment.payload(row) : change.payload();
  }

  /// Number of the write that the row, or its payload, is from.
  long version(int row) {
    Overlay.Change change = overlay.change(row);
    return change == null ? segment.version(row) : change.version();
  }

  /// The same rows, of which some more are dead now. Costs a copy of the bitmaps, and a look-up for
  /// each of `more`.
  SegmentView withDead(RoaringBitmap more) {
    return new SegmentView(
        segment,
        rowCount,
        RoaringBitmap.or(dead, more),
        overlay,
        moved(deadOrdinals, more),
        changedOrdinals);
  }

  /// The same rows, some with another payload. For the one writer, on the newest view.
  SegmentView withChanges(List<Overlay.Change> changes) {
    if (changes.isEmpty()) {
      return this;
    }
    RoaringBitmap rows =
        RoaringBitmap.bitmapOfUnordered(changes.stream().mapToInt(Overlay.Change::row).toArray());
    return new SegmentView(
        segment, rowCount, dead, overlay.with(changes), deadOrdinals, moved(changedOrdinals, rows));
  }

  /// Adds the ordinals of some rows to copies of what is known of each part.
  private Map<String, RoaringBitmap> moved(Map<String, RoaringBitmap> known, RoaringBitmap rows) {
    Map<String, RoaringBitmap> moved = new HashMap<>();
    for (String name : segment.orderedParts()) {
      RoaringBitmap ordinals = segment.part(name, rowCount).orElseThrow().ordinals(rows);
      RoaringBitmap before = known.get(name);
      if (before != null) {
        ordinals.or(before);
      }
      moved.put(name, ordinals);
    }
    return moved;
  }

  /// The same segment with more visible rows.
  SegmentView withRows(int rows) {
    return new SegmentView(segment, rows, dead, overlay, deadOrdinals, changedOrdinals);
  }

  /// Ordinals of a part whose attributes are outdated.
  RoaringBitmap changed(String name) {
    return segment instanceof LiveChunk
        ? overlay.rows()
        : changedOrdinals.getOrDefault(name, new RoaringBitmap());
  }

  /// Ordinals of a part that cannot be hits: dead rows, and rows without that vector.
  RoaringBitmap hidden(String name) {
    if (!(segment instanceof LiveChunk chunk)) {
      return deadOrdinals.getOrDefault(name, new RoaringBitmap());
    }
    if (!chunk.hasAbsent(name)) {
      return dead;
    }
    RoaringBitmap hidden = dead.clone();
    for (int row = 0; row < rowCount; row++) {
      if (chunk.isAbsent(name, row)) {
        hidden.add(row);
      }
    }
    return hidden;
  }
}
