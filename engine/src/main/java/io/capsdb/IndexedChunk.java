package io.capsdb;

import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Optional;

/// A full chunk of the live segment with an index in memory. Rows keep their numbers. Immutable.
final class IndexedChunk extends OrderedSegment {
  private final LiveChunk.Rows rows;
  private final Arena arena;

  /// @param arena where the vectors of the parts are; closed with the chunk
  IndexedChunk(
      long number,
      LiveChunk.Rows rows,
      Map<String, IndexPart> parts,
      Map<String, SparsePart> sparse,
      RowAttributes attributes,
      Arena arena) {
    super(number, parts, sparse, Optional.of(attributes));
    this.rows = rows;
    this.arena = arena;
  }

  @Override
  int rowCount() {
    return rows.ids().length;
  }

  @Override
  PointId id(int row) {
    return rows.ids()[row];
  }

  @Override
  long version(int row) {
    return rows.versions()[row];
  }

  @Override
  Payload payload(int row) {
    return rows.payloads()[row];
  }

  @Override
  void dispose() {
    arena.close();
  }
}
