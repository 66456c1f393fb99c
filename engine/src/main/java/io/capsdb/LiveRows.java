package io.capsdb;

import io.capsdb.storage.LogRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/// The chunks of the newest rows, those that take rows and those that are indexed. For the one that
/// holds the writer lock.
final class LiveRows {
  private final CollectionConfig config;
  private final DatabaseOptions options;
  private final List<Segment> chunks = new ArrayList<>();

  /// Bytes of sparse vectors, which no settings tell beforehand.
  private long sparseBytes;

  LiveRows(CollectionConfig config, DatabaseOptions options) {
    this.config = config;
    this.options = options;
  }

  /// Chunks with rows, oldest first.
  List<Segment> filled() {
    return chunks.stream().filter(chunk -> chunk.rowCount() > 0).toList();
  }

  /// Chunks that take no more rows and are not indexed yet, oldest first.
  List<LiveChunk> full() {
    return full(chunks).toList();
  }

  /// Those of some chunks that take no more rows and are not indexed yet.
  static Stream<LiveChunk> full(List<Segment> chunks) {
    return open(chunks).filter(chunk -> chunk.room() == 0);
  }

  private static Stream<LiveChunk> open(List<Segment> chunks) {
    return chunks.stream().filter(LiveChunk.class::isInstance).map(LiveChunk.class::cast);
  }

  /// Puts another form of a chunk in its place; false when it is not here any more.
  boolean replace(LiveChunk chunk, IndexedChunk indexed) {
    return Collections.replaceAll(chunks, chunk, indexed);
  }

  long count() {
    return chunks.stream().mapToLong(Segment::rowCount).sum();
  }

  boolean isFull() {
    long rows = count();
    return rows >= options.sealRows()
        || rows * LiveChunk.rowBytes(config) + sparseBytes >= options.sealBytes();
  }

  /// Takes the memory for some rows; answers the next number for a segment.
  long reserve(int rows, long nextNumber) {
    long next = nextNumber;
    long room = open(chunks).mapToLong(LiveChunk::room).sum();
    while (room < rows) {
      LiveChunk chunk = new LiveChunk(next++, config, options.sealRows());
      chunks.add(chunk);
      room += chunk.room();
    }
    return next;
  }

  /// Appends a row, for which there is room.
  IdDirectory.Location append(LogRecord.Entry entry, long version) {
    // Chunks fill in their order: the one with room is among the last.
    for (int i = firstOpen(); i < chunks.size(); i++) {
      if (chunks.get(i) instanceof LiveChunk chunk && chunk.room() > 0) {
        entry.sparse().values().forEach(vector -> sparseBytes += 8L * vector.size());
        return new IdDirectory.Location(chunk, chunk.append(entry, version));
      }
    }
    throw new IllegalStateException("no live chunk has room");
  }

  private int firstOpen() {
    int first = chunks.size();
    while (first > 0 && chunks.get(first - 1) instanceof LiveChunk) {
      first--;
    }
    return first;
  }

  /// Goes on without some chunks.
  void remove(List<Segment> frozen) {
    chunks.removeAll(frozen);
    sparseBytes = 0;
  }

  /// Frees chunks that no set holds.
  void disposeEmpty() {
    chunks.stream().filter(chunk -> chunk.rowCount() == 0).forEach(Segment::dispose);
    chunks.removeIf(chunk -> chunk.rowCount() == 0);
  }
}
