package io.capsdb;

import io.capsdb.storage.LogRecord;
import java.util.ArrayList;
import java.util.List;

/// The chunks that take new rows. For the one that holds the writer lock.
final class LiveRows {
  private final CollectionConfig config;
  private final List<LiveChunk> chunks = new ArrayList<>();

  LiveRows(CollectionConfig config) {
    this.config = config;
  }

  /// Chunks with rows, oldest first.
  List<LiveChunk> filled() {
    return chunks.stream().filter(chunk -> chunk.rowCount() > 0).toList();
  }

  long count() {
    return chunks.stream().mapToLong(LiveChunk::rowCount).sum();
  }

  boolean isFull(DatabaseOptions options) {
    long rows = count();
    return rows >= options.sealRows() || rows * LiveChunk.rowBytes(config) >= options.sealBytes();
  }

  /// Takes the memory for some rows; answers the next number for a segment.
  long reserve(int rows, long nextNumber) {
    long next = nextNumber;
    long room = chunks.stream().mapToLong(LiveChunk::room).sum();
    while (room < rows) {
      LiveChunk chunk = new LiveChunk(next++, config);
      chunks.add(chunk);
      room += chunk.room();
    }
    return next;
  }

  /// Appends a row, for which there is room.
  IdDirectory.Location append(LogRecord.Entry entry, long version) {
    for (LiveChunk chunk : chunks) {
      if (chunk.room() > 0) {
        return new IdDirectory.Location(chunk, chunk.append(entry, version));
      }
    }
    throw new IllegalStateException("no live chunk has room");
  }

  /// Goes on without some chunks.
  void remove(List<LiveChunk> frozen) {
    chunks.removeAll(frozen);
  }

  /// Frees chunks that no set holds.
  void disposeEmpty() {
    chunks.stream().filter(chunk -> chunk.rowCount() == 0).forEach(LiveChunk::dispose);
    chunks.removeIf(chunk -> chunk.rowCount() == 0);
  }
}
