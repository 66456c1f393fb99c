package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterLimits;
import io.capsdb.filter.FilterNormalizer;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.roaringbitmap.RoaringBitmap;

/// Points with vectors and payloads, searched under filters.
///
/// A write is seen by every later read, and in a logged database it survives a killed process, once
/// the call has returned; a batch is stored all or not at all. Readers take no lock and see one
/// moment. Safe for use by many threads. After the database was closed every call that reads or
/// writes throws `IllegalStateException`.
public final class Collection {
  /// Look-ups in the directory, which a writer may change meanwhile, before a get scans.
  private static final int RELOOKUPS = 64;

  private final CollectionStore store;

  Collection(CollectionStore store) {
    this.store = store;
  }

  public String name() {
    return store.name();
  }

  public CollectionConfig config() {
    return store.config();
  }

  public CollectionStatus status() {
    return store.status();
  }

  /// Stores points, replacing those of the same ids; of equal ids in one batch the last one counts.
  /// Waits while the background is behind with sealing.
  ///
  /// @return the sequence number of this write
  /// @throws IllegalArgumentException if a point does not fit the collection; nothing of the batch
  ///     is stored
  /// @throws StorageException if the log or sealing failed; [#status] is red and tells why, reads
  ///     go
  ///     on
  /// @throws OverloadedException if there is no room for some time; nothing of the batch is stored
  public long upsert(List<Point> points) {
    return store.upsert(BatchReader.read(points, config(), name()));
  }

  /// Deletes points; ids that are not there are left out.
  ///
  /// @return the sequence number of this write
  public long delete(java.util.Collection<PointId> ids) {
    return store.delete(List.copyOf(ids));
  }

  /// Deletes the points that satisfy a filter at this moment.
  ///
  /// @return the sequence number of this write
  public long delete(Filter filter) {
    FilterLimits.check(filter);
    return store.deleteMatching(new RowMatcher(normal(filter)));
  }

  /// Changes the payloads of points and leaves their vectors as they are; ids that are not there
  /// are left out. Costs a small part of storing the points again.
  ///
  /// @param change makes the new payload of a point from the one that it has; called once for each
  ///     point, in no order, while no other write is let in. When it throws, nothing is changed
  /// @return the sequence number of this write
  public long changePayloads(java.util.Collection<PointId> ids, UnaryOperator<Payload> change) {
    return store.changePayloads(List.copyOf(ids), change);
  }

  /// Changes the payloads of the points that satisfy a filter at this moment.
  ///
  /// @param change as above
  /// @return the sequence number of this write
  public long changePayloads(Filter filter, UnaryOperator<Payload> change) {
    FilterLimits.check(filter);
    return store.changePayloads(new RowMatcher(normal(filter)), change);
  }

  public Optional<StoredPoint> get(PointId id) {
    return get(List.of(id)).stream().findFirst();
  }

  /// Points by id, in the order of the ids; those that are not there are left out.
  public List<StoredPoint> get(List<PointId> ids) {
    for (int attempt = 0; ; attempt++) {
      try (SegmentSet set = store.lease()) {
        Optional<Map<PointId, Found>> found =
            attempt == RELOOKUPS
                ? Optional.of(IdDirectory.scan(set, ids))
                : store.directory().findAll(set, ids, () -> store.isNewest(set));
        if (found.isPresent()) {
          return ids.stream()
              .flatMap(id -> Optional.ofNullable(found.get().get(id)).stream())
              .map(Found::point)
              .toList();
        }
      }
      Thread.onSpinWait();
    }
  }

  /// The nearest points under a filter.
  ///
  /// @throws IllegalArgumentException if the request does not fit the collection
  /// @throws PointNotFoundException if it is near to a point that is not there
  public SearchResult search(SearchRequest request) {
    try (SegmentSet set = store.lease()) {
      SearchResult result =
          new Searcher(set, config(), request, store.options().costs(), store.nanoClock())
              .search(id -> store.directory().find(set, id));
      store.filterLog().add(request.filter());
      return result;
    }
  }

  /// Number of points that satisfy a filter; exact.
  public long count(Filter filter) {
    FilterLimits.check(filter);
    RowMatcher matcher = new RowMatcher(normal(filter));
    try (SegmentSet set = store.lease()) {
      if (matcher.isAll()) {
        return set.liveCount();
      }
      long count = 0;
      for (SegmentView view : set.views()) {
        count += matcher.rows(view).getCardinality();
      }
      return count;
    }
  }

  /// Points in the order of their ids.
  ///
  /// @param from the first id; empty for the start
  /// @param limit most points, at least 1
  public ScrollPage scroll(Filter filter, Optional<PointId> from, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, was " + limit);
    }
    FilterLimits.check(filter);
    RowMatcher matcher = new RowMatcher(normal(filter));
    try (SegmentSet set = store.lease()) {
      List<Found> candidates = new ArrayList<>();
      for (SegmentView view : set.views()) {
        addFirst(view, matcher, from, limit + 1L, candidates);
      }
      candidates.sort(Comparator.comparing(found -> found.view().segment().id(found.row())));
      List<StoredPoint> points = candidates.stream().limit(limit).map(Found::point).toList();
      Optional<PointId> next =
          candidates.size() > limit
              ? Optional.of(candidates.get(limit).view().segment().id(candidates.get(limit).row()))
              : Optional.empty();
      return new ScrollPage(points, next);
    }
  }

  /// Seals the newest points and waits until no background work is left.
  ///
  /// @throws StorageException if it fails
  public void seal() {
    store.seal();
  }

  /// Waits until the status is not yellow any more; answers the status at the end.
  public CollectionStatus awaitGreen(Duration timeout) {
    return store.awaitIdle(timeout);
  }

  private static Filter normal(Filter filter) {
    return FilterNormalizer.normalize(filter, _ -> false);
  }

  /// Adds the first matching live rows of a view, by id, at most `limit`.
  private static void addFirst(
      SegmentView view, RowMatcher matcher, Optional<PointId> from, long limit, List<Found> found) {
    RoaringBitmap rows = matcher.rows(view);
    if (view.segment() instanceof SealedSegment sealed) {
      int added = 0;
      for (int i = from.map(sealed::firstFrom).orElse(0);
          i < sealed.rowCount() && added < limit;
          i++) {
        int row = sealed.rowById(i);
        if (rows.contains(row)) {
          found.add(new Found(view, row));
          added++;
        }
      }
      return;
    }
    List<Found> own = new ArrayList<>();
    rows.forEach(
        (int row) -> {
          if (from.isEmpty() || view.segment().id(row).compareTo(from.get()) >= 0) {
            own.add(new Found(view, row));
          }
        });
    own.sort(Comparator.comparing(each -> view.segment().id(each.row())));
    found.addAll(own.subList(0, (int) Math.min(limit, own.size())));
  }
}
