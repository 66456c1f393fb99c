package io.capsdb.storage;

import io.capsdb.point.PointId;
import java.io.Closeable;

/// Which segment the newest sealed row of an id is in: what a writer asks before it overwrites.
///
/// It is a hint that errs on one side only. Each live row of a segment is named; what it says of
/// rows that are not live any more need not be right, so the answer is looked up in the segment's
/// own table. It can be made from the segments at any time.
///
/// One thread puts; another may find and remove meanwhile.
public interface KeyDirectory extends Closeable {
  /// Told for ids that are not there.
  long NONE = -1;

  /// The segment of an id, or [#NONE].
  long find(PointId id);

  /// @param segment number, at least 0
  void put(PointId id, long segment);

  void remove(PointId id);

  /// Number of ids, those of rows included that are not live any more.
  long count();

  /// Whether it is kept off the heap.
  boolean isOffHeap();

  @Override
  void close();
}
