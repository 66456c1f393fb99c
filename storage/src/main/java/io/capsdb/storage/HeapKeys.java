package io.capsdb.storage;

import io.capsdb.point.PointId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A key directory on the heap, for collections that are small, and where off-heap maps cannot be
/// had. About 60 bytes an id.
public final class HeapKeys implements KeyDirectory {
  private final Map<PointId, Long> segments = new ConcurrentHashMap<>();

  /// The number that was put last; rows of one segment share its object.
  private Long last = NONE;

  @Override
  public long find(PointId id) {
    return segments.getOrDefault(id, NONE);
  }

  @Override
  public void put(PointId id, long segment) {
    if (last != segment) {
      last = segment;
    }
    segments.put(id, last);
  }

  @Override
  public void remove(PointId id) {
    segments.remove(id);
  }

  @Override
  public long count() {
    return segments.size();
  }

  @Override
  public boolean isOffHeap() {
    return false;
  }

  /// Leaves all as it is, for those who still find.
  @Override
  public void close() {}
}
