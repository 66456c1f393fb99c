package io.capsdb;

import io.capsdb.attribute.GrowingColumns;
import io.capsdb.filter.Filter;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.point.Payload;
import io.capsdb.point.PayloadCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Payloads of rows of one segment that were changed after the rows were written; the vectors are
/// as before.
///
/// Immutable: a change answers a new overlay, which shares what it can with the old one. Entries
/// are appended, the newest one of a row counts; for the one writer, one overlay after the other.
final class Overlay {
  static final Overlay EMPTY = new Overlay(List.of(), 0, RowNumbers.EMPTY, new RoaringBitmap());

  private static final int CHUNK = 4_096;

  private final List<Chunk> chunks;
  private final int count;

  /// Number of the newest entry of each row.
  private final RowNumbers newest;

  private final RoaringBitmap rows;

  /// @param payload the whole of it, after the change
  /// @param version number of the write
  record Change(int row, Payload payload, long version) {}

  /// Entries in the order in which they came; a reader sees those below the count of its overlay.
  @SuppressWarnings("ArrayRecordComponent") // filled by the one writer, entry after entry
  private record Chunk(GrowingColumns columns, Change[] changes) {
    Chunk() {
      this(new GrowingColumns(CHUNK), new Change[CHUNK]);
    }
  }

  private Overlay(List<Chunk> chunks, int count, RowNumbers newest, RoaringBitmap rows) {
    this.chunks = chunks;
    this.count = count;
    this.newest = newest;
    this.rows = rows;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /// The changed rows; not to be changed.
  RoaringBitmap rows() {
    return rows;
  }

  /// The newest change of a row; null when there is none.
  @Nullable Change change(int row) {
    int entry = newest.get(row);
    return entry < 0 ? null : chunks.get(entry / CHUNK).changes()[entry % CHUNK];
  }

  /// The newest change of each row.
  List<Change> changes() {
    List<Change> all = new ArrayList<>(rows.getCardinality());
    rows.forEach(
        (int row) -> {
          @Nullable Change change = change(row);
          if (change != null) {
            all.add(change);
          }
        });
    return all;
  }

  /// This overlay and some more changes, later ones in the place of earlier ones. For the one
  /// writer, and only on the newest overlay of a segment.
  Overlay with(List<Change> more) {
    if (more.isEmpty()) {
      return this;
    }
    if (count + more.size() > CHUNK + 2 * rows.getCardinality()) {
      // Most entries are outdated: begin anew with those that count.
      List<Change> all = changes();
      all.addAll(more);
      return EMPTY.append(all);
    }
    return append(more);
  }

  private Overlay append(List<Change> more) {
    List<Chunk> nextChunks = new ArrayList<>(chunks);
    int number = count;
    for (Change change : more) {
      if (number / CHUNK == nextChunks.size()) {
        nextChunks.add(new Chunk());
      }
      Chunk chunk = nextChunks.get(number / CHUNK);
      chunk.changes()[number % CHUNK] = change;
      chunk.columns().add(change.payload());
      number++;
    }
    int[] changed = more.stream().mapToInt(Change::row).toArray();
    RowNumbers nextNewest = newest.with(changed, count);
    return new Overlay(
        List.copyOf(nextChunks),
        number,
        nextNewest,
        RoaringBitmap.or(rows, RoaringBitmap.bitmapOfUnordered(changed)));
  }

  /// The changed rows that satisfy a filter now.
  ///
  /// @param documents the filter as a test of a row as it is now
  RoaringBitmap matching(Filter filter, IntPredicate documents) {
    RoaringBitmap matching = new RoaringBitmap();
    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = chunks.get(i);
      int first = i * CHUNK;
      chunk
          .columns()
          .matching(
              filter,
              Math.min(CHUNK, count - first),
              entry -> documents.test(chunk.changes()[entry].row()))
          .forEach(
              (int entry) -> {
                int row = chunk.changes()[entry].row();
                if (newest.get(row) == first + entry) {
                  matching.add(row);
                }
              });
    }
    return matching;
  }

  /// As the manifest keeps it: number of rows, then row, version and payload of each.
  byte[] toBytes() {
    if (isEmpty()) {
      return new byte[0];
    }
    CheckedWriter out = new CheckedWriter();
    List<Change> all = changes();
    out.writeInt(all.size());
    for (Change change : all) {
      out.writeInt(change.row());
      out.writeLong(change.version());
      PayloadCodec.write(change.payload(), out);
    }
    return out.toByteArray();
  }

  /// @param rowCount rows of the segment
  /// @throws io.capsdb.io.CorruptFileException if the bytes do not fit the segment
  static Overlay read(CheckedReader in, int rowCount) {
    if (in.remaining() == 0) {
      return EMPTY;
    }
    int size = in.readLength(12);
    List<Change> changes = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      int row = in.readInt();
      if (row < 0 || row >= rowCount) {
        throw in.corrupt("the payload of row " + row + " of " + rowCount + " was changed");
      }
      long version = in.readLong();
      changes.add(new Change(row, PayloadCodec.read(in), version));
    }
    return EMPTY.with(changes);
  }
}
