package io.capsdb;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.PointFacts;
import io.capsdb.attribute.Selection;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.point.IdSet;
import io.capsdb.point.Payload;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Finds the live rows that satisfy a filter, segment by segment: by postings where there are some,
/// on documents otherwise. For one filter; safe for use by many threads.
final class RowMatcher {
  /// Ids are looked up one by one where they are fewer than a row of so many.
  private static final int LOOK_UP_ROWS = 32;

  /// Rows are listed, and the rest of the filter is tested on each, where that takes less than a
  /// step for so many rows: bitmaps of the other parts of the filter have rows of all tenants.
  private static final int LISTED_PART = 16;

  private final Filter filter;
  private final IdSets idSets;
  private volatile @Nullable FilterEvaluator evaluator;

  /// @param idSets of the collection, in which names were looked up
  RowMatcher(Filter filter, IdSets idSets) {
    this.filter = filter;
    this.idSets = idSets;
  }

  boolean isAll() {
    return filter.equals(Filter.ALL);
  }

  boolean matches(SegmentView view, int row) {
    return isAll() || evaluator().matches(new Row(view, row));
  }

  /// A row as the evaluator asks for it.
  private record Row(SegmentView view, int row) implements FilterEvaluator.Subject {
    @Override
    public Payload payload() {
      return view.payload(row);
    }

    @Override
    public boolean hasId(IdSet ids) {
      return ids.contains(view.segment().id(row));
    }

    @Override
    public boolean hasVector(String name) {
      return view.segment().hasVector(name, row);
    }

    @Override
    public boolean isIn(Filter.Slice slice) {
      return slice.contains(view.segment().id(row));
    }
  }

  /// The rows of a view that pass a test of ids or vectors, dead ones included.
  private static RoaringBitmap rows(SegmentView view, Filter.PointTest test) {
    Segment segment = view.segment();
    RoaringBitmap rows = new RoaringBitmap();
    switch (test) {
      case Filter.HasId(IdSet ids)
          when segment instanceof SealedSegment sealed
              && ids.count() < view.rowCount() / LOOK_UP_ROWS ->
          ids.forEach(id -> sealed.find(id).ifPresent(rows::add));
      case Filter.HasId(IdSet ids) -> {
        for (int row = 0; row < view.rowCount(); row++) {
          if (ids.contains(segment.id(row))) {
            rows.add(row);
          }
        }
      }
      case Filter.InIdSet set -> {
        return rows(view, new Filter.HasId(set.found()));
      }
      case Filter.HasVector(String name) -> {
        for (int row = 0; row < view.rowCount(); row++) {
          if (segment.hasVector(name, row)) {
            rows.add(row);
          }
        }
      }
      case Filter.Slice slice -> {
        for (int row = 0; row < view.rowCount(); row++) {
          if (slice.contains(segment.id(row))) {
            rows.add(row);
          }
        }
      }
    }
    return rows;
  }

  /// The same in the order of a part or a table of attributes.
  ///
  /// @param order what has this order
  private PointFacts facts(
      SegmentView view, AttributeIndex order, Supplier<IntUnaryOperator> table) {
    return test ->
        Optional.of(
            test instanceof Filter.InIdSet set && view.segment() instanceof SealedSegment
                ? idSets.ordinals(set.found(), order, () -> ordinals(view, test, table))
                : ordinals(view, test, table));
  }

  private static RoaringBitmap ordinals(
      SegmentView view, Filter.PointTest test, Supplier<IntUnaryOperator> table) {
    RoaringBitmap ordinals = new RoaringBitmap();
    IntUnaryOperator ordinalOf = table.get();
    rows(view, test)
        .forEach(
            (int row) -> {
              int ordinal = ordinalOf.applyAsInt(row);
              if (ordinal >= 0) {
                ordinals.add(ordinal);
              }
            });
    return ordinals;
  }

  /// Made when the first document is read: most searches read none.
  private FilterEvaluator evaluator() {
    FilterEvaluator made = evaluator;
    if (made == null) {
      made = FilterEvaluator.of(filter);
      evaluator = made;
    }
    return made;
  }

  /// What of a part may be hits: the rows that satisfy the filter, without the hidden ones.
  ///
  /// @param cancellation asked about the rows whose documents are read now, not about those that
  ///     the selection reads later
  Selection select(SegmentView view, IndexPart part, String vectorName, Cancellation cancellation) {
    IntPredicate test = test(view, cancellation);
    int size = part.index().size();
    Selection selection;
    if (isAll()) {
      selection = Selection.all(size);
    } else if (part.attributes().isPresent()) {
      selection =
          part.attributes()
              .get()
              .select(
                  filter,
                  ordinal -> matches(view, part.row(ordinal)),
                  facts(view, part.attributes().get(), () -> part::ordinal));
    } else {
      // A chunk that is still filling: decide now, so that plans know how many rows match.
      RoaringBitmap matching = decide(view, size, test);
      selection = new Selection(size, matching, matching, _ -> true, filter);
    }
    RoaringBitmap hidden = view.hidden(vectorName);
    selection = selection.without(hidden);
    if (isAll() || view.overlay().isEmpty()) {
      return selection;
    }
    RoaringBitmap matching = part.ordinals(view.overlay().matching(filter, test));
    matching.andNot(hidden);
    return selection.replacing(view.changed(vectorName), matching);
  }

  /// The live rows of a view that satisfy the filter.
  RoaringBitmap rows(SegmentView view) {
    return rows(view, Cancellation.never());
  }

  /// The same, given up where nobody waits for them.
  RoaringBitmap rows(SegmentView view, Cancellation cancellation) {
    IntPredicate test = test(view, cancellation);
    RoaringBitmap rows = new RoaringBitmap();
    Optional<RowAttributes> attributes = view.segment().attributes();
    if (isAll()) {
      rows.add(0L, view.rowCount());
    } else if (attributes.isPresent()) {
      RowAttributes table = attributes.get();
      Selection selection =
          table
              .index()
              .select(
                  filter,
                  ordinal -> test.test(table.row(ordinal)),
                  facts(view, table.index(), table::ordinalOf));
      Optional<int[]> few = selection.listWithin(table.index().size() / LISTED_PART);
      if (few.isPresent()) {
        for (int ordinal : few.get()) {
          rows.add(table.row(ordinal));
        }
      } else {
        selection
            .possible()
            .forEach(
                (int ordinal) -> {
                  if (selection.certain().contains(ordinal) || selection.verify().test(ordinal)) {
                    rows.add(table.row(ordinal));
                  }
                });
      }
    } else {
      rows.or(decide(view, view.rowCount(), test));
    }
    if (!isAll() && !view.overlay().isEmpty()) {
      rows.andNot(view.overlay().rows());
      rows.or(view.overlay().matching(filter, test));
    }
    rows.andNot(view.dead());
    return rows;
  }

  private IntPredicate test(SegmentView view, Cancellation cancellation) {
    return row -> {
      cancellation.passRow();
      return matches(view, row);
    };
  }

  /// The rows of a chunk that is still filling which satisfy the filter, dead or not.
  private RoaringBitmap decide(SegmentView view, int rows, IntPredicate test) {
    LiveChunk chunk = (LiveChunk) view.segment();
    return chunk.columns().matching(filter, rows, test);
  }
}
