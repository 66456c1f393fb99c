package io.capsdb;

import io.capsdb.point.Payload;
import java.util.Map;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;

/// The state of one segment at one moment: how many of its rows are there, and which of them are
/// dead.
///
/// Immutable: the bitmaps do not change after publication.
///
/// @param rowCount rows that are visible
/// @param dead rows that were deleted or overwritten
/// @param deadOrdinals the same by vector name in the ordinals of the part, for parts with an order
///     of their own
record SegmentView(
    Segment segment, int rowCount, RoaringBitmap dead, Map<String, RoaringBitmap> deadOrdinals) {

  static SegmentView of(Segment segment, RoaringBitmap dead) {
    return new SegmentView(segment, segment.rowCount(), dead, Map.of()).withDead(dead);
  }

  int liveCount() {
    return rowCount - dead.getCardinality();
  }

  boolean isLive(int row) {
    return row < rowCount && !dead.contains(row);
  }

  Payload payload(int row) {
    return segment.payload(row);
  }

  /// The same rows, of which `all` are dead now; `all` is owned by the answer.
  SegmentView withDead(RoaringBitmap all) {
    if (!(segment instanceof SealedSegment sealed)) {
      return new SegmentView(segment, rowCount, all, Map.of());
    }
    Map<String, RoaringBitmap> ordinals = new java.util.HashMap<>();
    for (String name : sealed.partNames()) {
      IndexPart part = sealed.part(name, rowCount).orElseThrow();
      RoaringBitmap moved = new RoaringBitmap();
      all.forEach(
          (int row) -> {
            int ordinal = part.ordinal(row);
            if (ordinal >= 0) {
              moved.add(ordinal);
            }
          });
      ordinals.put(name, moved);
    }
    return new SegmentView(segment, rowCount, all, ordinals);
  }

  /// The same segment with more visible rows.
  SegmentView withRows(int rows) {
    return new SegmentView(segment, rows, dead, deadOrdinals);
  }

  /// Ordinals of a part that cannot be hits: dead rows, and rows without that vector.
  RoaringBitmap hidden(String name) {
    if (!(segment instanceof LiveChunk chunk)) {
      return Optional.ofNullable(deadOrdinals.get(name)).orElseGet(RoaringBitmap::new);
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
