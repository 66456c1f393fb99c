package io.capsdb;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.index.Heritage;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the vectors of one name in a new segment are built from: live rows of views, in an order in
/// which rows that lie together in an older index lie together again.
///
/// @param name of the vectors
/// @param rows at each place, the row of the new segment, which counts the live rows of the views
///     through
/// @param heritage in places
@SuppressWarnings("ArrayRecordComponent") // made for one build and read by it alone
record PartInput(String name, List<SegmentView> views, int[] rows, Heritage heritage) {
  /// @param views whose live rows are the rows of the new segment
  /// @param all views of the collection
  static PartInput of(String name, List<SegmentView> views, List<SegmentView> all) {
    int[] rows = new int[views.stream().mapToInt(SegmentView::liveCount).sum()];
    List<Heritage.Merged> merged = new ArrayList<>();
    int count = 0;
    int first = 0;
    for (SegmentView view : views) {
      int[] newRow = newRows(view, first);
      first += view.liveCount();
      Optional<IndexPart> part = sealedPart(view, name);
      if (part.isPresent()) {
        int[] placeOf = new int[part.get().index().size()];
        for (int ordinal = 0; ordinal < placeOf.length; ordinal++) {
          int row = newRow[part.get().row(ordinal)];
          placeOf[ordinal] = row < 0 ? -1 : count;
          if (row >= 0) {
            rows[count++] = row;
          }
        }
        merged.add(new Heritage.Merged(part.get().index(), placeOf));
        continue;
      }
      for (int row = 0; row < view.rowCount(); row++) {
        if (newRow[row] >= 0 && view.segment().hasVector(name, row)) {
          rows[count++] = newRow[row];
        }
      }
    }
    return new PartInput(
        name, views, Arrays.copyOf(rows, count), new Heritage(merged, largest(name, all)));
  }

  private static Optional<io.capsdb.index.VectorIndex> largest(String name, List<SegmentView> all) {
    return all.stream()
        .flatMap(view -> sealedPart(view, name).stream())
        .map(IndexPart::index)
        .max(Comparator.comparingInt(io.capsdb.index.VectorIndex::size));
  }

  private static Optional<IndexPart> sealedPart(SegmentView view, String name) {
    return view.segment() instanceof SealedSegment sealed
        ? sealed.part(name, view.rowCount())
        : Optional.empty();
  }

  /// For each row of a view its number among all live ones; -1 for dead rows.
  private static int[] newRows(SegmentView view, int first) {
    int[] newRow = new int[view.rowCount()];
    int next = first;
    for (int row = 0; row < newRow.length; row++) {
      newRow[row] = view.isLive(row) ? next++ : -1;
    }
    return newRow;
  }

  /// Copies the vectors, in the order of the places.
  void copyVectors(VectorMatrix into) {
    int place = 0;
    for (SegmentView view : views) {
      Optional<IndexPart> part = sealedPart(view, name);
      if (part.isPresent()) {
        place = copy(view, part.get(), into, place);
        continue;
      }
      for (int row = 0; row < view.rowCount(); row++) {
        if (view.isLive(row) && view.segment().hasVector(name, row)) {
          float[] vector = view.segment().vector(name, row).orElseThrow();
          into.setRow(place++, vector);
        }
      }
    }
  }

  /// Copies run after run of live ordinals.
  private static int copy(SegmentView view, IndexPart part, VectorMatrix into, int first) {
    VectorMatrix vectors = part.index().vectors();
    int place = first;
    int from = 0;
    for (int ordinal = 0; ordinal <= vectors.rowCount(); ordinal++) {
      boolean isEnd = ordinal == vectors.rowCount() || !view.isLive(part.row(ordinal));
      if (isEnd && ordinal > from) {
        MemorySegment.copy(
            vectors.segment(),
            vectors.offset(from),
            into.segment(),
            into.offset(place),
            (ordinal - from) * vectors.rowBytes());
        place += ordinal - from;
      }
      from = isEnd ? ordinal + 1 : from;
    }
    return place;
  }

  /// The attributes of the rows, from those of the older indexes; empty where payloads have to be
  /// read.
  ///
  /// @param told which fields are declared
  /// @param vectorBytes bytes of the vectors of a row
  Optional<AttributeIndex> attributes(CollectionSettings told, long vectorBytes) {
    if (heritage.merged().size() != views.size()
        || rows.length != views.stream().mapToInt(SegmentView::liveCount).sum()) {
      return Optional.empty();
    }
    AttributeIndex.Builder builder = builder(told, vectorBytes);
    for (int i = 0; i < views.size(); i++) {
      Optional<AttributeIndex> own =
          sealedPart(views.get(i), name)
              .flatMap(IndexPart::attributes)
              .filter(AttributeIndex::isWhole)
              .filter(index -> told.tenant().stream().allMatch(index::tellsTexts));
      if (own.isEmpty()) {
        return Optional.empty();
      }
      addAll(views.get(i), own.get(), heritage.merged().get(i).rowOf(), builder);
    }
    return Optional.of(builder.build());
  }

  /// What takes the attributes of a new segment.
  ///
  /// @param told which fields are declared
  /// @param vectorBytes bytes of the vectors of a row
  static AttributeIndex.Builder builder(CollectionSettings told, long vectorBytes) {
    Set<String> tenants = told.tenant().map(Set::of).orElse(Set.of());
    return AttributeIndex.Builder.beside(told.paths(), tenants, vectorBytes);
  }

  /// Rows with another payload than they were written with are read.
  private void addAll(
      SegmentView view, AttributeIndex own, int[] placeOf, AttributeIndex.Builder into) {
    if (view.overlay().isEmpty()) {
      into.addAll(own, placeOf);
      return;
    }
    int[] unchanged = placeOf.clone();
    IndexPart part = sealedPart(view, name).orElseThrow();
    for (int row : view.overlay().rows()) {
      unchanged[part.ordinal(row)] = -1;
    }
    into.addAll(own, unchanged);
    for (int row : view.overlay().rows()) {
      int place = placeOf[part.ordinal(row)];
      if (place >= 0) {
        into.add(place, view.payload(row));
      }
    }
  }
}
