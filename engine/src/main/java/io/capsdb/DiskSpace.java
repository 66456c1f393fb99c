package io.capsdb;

import io.capsdb.io.NoRoomException;
import io.capsdb.storage.LogRecord;
import io.capsdb.vector.SparseVector;
import java.nio.file.Path;
import java.util.List;

/// What a collection may still take of its disk beside the [Reserve]. Safe for use by many threads.
final class DiskSpace {
  /// About what a point takes beside its vectors.
  private static final long POINT_BYTES = 256;

  /// A value of a sparse vector, with its index.
  private static final int SPARSE_VALUE_BYTES = 8;

  /// A point is in the log, in the segment that follows, and in its index.
  private static final int COPIES = 3;

  private final String collection;
  private final CollectionConfig config;
  private final Reserve reserve;
  private final Path folder;

  DiskSpace(String collection, CollectionConfig config, Reserve reserve, Path folder) {
    this.collection = collection;
    this.config = config;
    this.reserve = reserve;
    this.folder = folder;
  }

  /// Refuses points that would take the reserve.
  ///
  /// @throws StorageException if there is no room
  void require(List<LogRecord.Entry> entries) {
    long sparse = 0;
    if (!config.sparse().isEmpty()) {
      for (LogRecord.Entry entry : entries) {
        for (SparseVector vector : entry.sparse().values()) {
          sparse += (long) SPARSE_VALUE_BYTES * vector.size();
        }
      }
    }
    require(entries.size() * (config.vectorBytes() + POINT_BYTES) + sparse);
  }

  /// Refuses so many payloads if they would take the reserve.
  ///
  /// @throws StorageException if there is no room
  void requireForPayloads(int count) {
    require(count * (config.vectorBytes() + POINT_BYTES));
  }

  private void require(long once) {
    if (once == 0) {
      return;
    }
    try {
      reserve.require(folder, COPIES * once);
    } catch (NoRoomException e) {
      throw new StorageException(
          "collection '"
              + collection
              + "' takes no more points until there is room on the disk: "
              + e.getMessage()
              + "; nothing is stored",
          e);
    }
  }

  /// Whether there is no room for even one more point.
  boolean isFull() {
    return !reserve.has(folder, COPIES * (config.vectorBytes() + POINT_BYTES));
  }

  /// Whether a segment with what lives in others can be written without the reserve. What a merge
  /// takes comes back only when it is done.
  boolean isEnoughFor(List<SegmentView> inputs) {
    long needed = 0;
    for (SegmentView view : inputs) {
      if (view.segment() instanceof SealedSegment sealed) {
        needed += (long) ((double) sealed.size() * view.liveCount() / view.rowCount());
      }
    }
    return reserve.has(folder, needed);
  }
}
