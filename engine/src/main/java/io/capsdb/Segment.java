package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.SparseVector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Rows that live and die together: a chunk of the live segment, still open or indexed, or a sealed
/// file.
///
/// What stands in a row never changes; which rows are live, the [SegmentView] says. Safe for use by
/// many threads.
abstract sealed class Segment permits LiveChunk, OrderedSegment {
  private final long number;
  private int holders;

  /// @param number unique in the collection
  Segment(long number) {
    this.number = number;
  }

  long number() {
    return number;
  }

  /// Rows written so far; a view may show fewer.
  abstract int rowCount();

  abstract PointId id(int row);

  abstract long version(int row);

  abstract Payload payload(int row);

  /// Whether a row has a vector of a name, sparse or not.
  abstract boolean hasVector(String name, int row);

  /// A copy of a vector; empty when the row has none of that name.
  abstract Optional<float[]> vector(String name, int row);

  /// The names and copies of all vectors of a row.
  abstract Map<String, float[]> vectors(int row);

  /// The sparse vector of a name; empty when the row has none.
  abstract Optional<SparseVector> sparse(String name, int row);

  /// The names and the sparse vectors of a row.
  abstract Map<String, SparseVector> sparse(int row);

  /// The sparse vectors of one name by posting lists; empty when no row has one, and for a chunk
  /// that still takes rows.
  abstract Optional<SparsePart> sparsePart(String name);

  /// The vectors of one name, as an index part; empty when no row has one.
  ///
  /// @param visibleRows rows that the view shows
  abstract Optional<IndexPart> part(String name, int visibleRows);

  /// Names of the vectors whose parts have an order of their own.
  abstract Set<String> orderedParts();

  /// The attributes of the rows; empty for a chunk that still takes rows, which has columns.
  abstract Optional<RowAttributes> attributes();

  /// The filters that the order of the rows was chosen for.
  List<Filter> observed() {
    return List.of();
  }

  /// Whether a background worker has sealed it.
  final boolean isSealed() {
    return this instanceof SealedSegment;
  }

  /// Frees what the segment holds; nobody uses it any more.
  abstract void dispose();

  /// Counts one more set that holds this segment.
  final synchronized void retain() {
    holders++;
  }

  /// Counts one set less; the last one disposes.
  final void release() {
    boolean isLast;
    synchronized (this) {
      isLast = --holders == 0;
    }
    if (isLast) {
      dispose();
    }
  }
}
