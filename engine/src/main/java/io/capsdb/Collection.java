package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterLimits;
import io.capsdb.filter.FilterNormalizer;
import io.capsdb.point.FieldPath;
import io.capsdb.point.IdSet;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.storage.LogRecord;
import io.capsdb.vector.SparseVector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.roaringbitmap.RoaringBitmap;

/// Points with vectors and payloads, searched under filters.
///
/// A write is seen by every later read, and in a logged database it survives a killed process, once
/// the call has returned; a batch is stored all or not at all. Readers take no lock and see one
/// moment. Safe for use by many threads. After the database was closed every call that reads or
/// writes throws `IllegalStateException`.
public final class Collection {
  /// Fewer matching rows than one in so many are put in order by themselves; else all rows are
  /// gone through in the order of their ids.
  private static final int SORTED_PART = 64;

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
  /// @throws StorageException if the log or sealing failed; [#status] is red and tells why,
  ///     reads go on
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
    FilterLimits.checkJoined(filter);
    return store.deleteMatching(matcher(filter));
  }

  /// Stores those points of a batch that a rule allows; of equal ids in it the last one counts.
  ///
  /// @param condition that a stored point must satisfy to be replaced
  /// @return the sequence number of this write
  public long upsert(List<Point> points, UpsertMode mode, Optional<Filter> condition) {
    condition.ifPresent(FilterLimits::checkJoined);
    List<LogRecord.Entry> entries = BatchReader.read(points, config(), name());
    return store.change(this::matcher, changes -> changes.upserts(entries, mode, condition));
  }

  /// Changes the payloads of some points, all or none.
  ///
  /// @return the sequence number of this write
  /// @throws PointNotFoundException if an id is not there
  public long changePayload(PointSelector selector, PayloadChange change) {
    return switch (selector) {
      case PointSelector.ByIds(List<PointId> ids) ->
          store.changePayloads(ids, true, NewPayload.of(change));
      case PointSelector.ByFilter(Filter filter) -> {
        FilterLimits.checkJoined(filter);
        yield store.changePayloads(matcher(filter), NewPayload.of(change));
      }
    };
  }

  /// Sets vectors of points, all or none; other vectors and payloads stay as they are.
  ///
  /// @param points whose payloads are not looked at
  /// @param condition that a stored point must satisfy to be changed
  /// @return the sequence number of this write
  /// @throws PointNotFoundException if an id is not there
  public long updateVectors(List<Point> points, Optional<Filter> condition) {
    condition.ifPresent(FilterLimits::checkJoined);
    List<LogRecord.Entry> updates = BatchReader.read(merged(points), config(), name());
    return store.change(this::matcher, changes -> changes.vectors(updates, condition));
  }

  /// Points with equal ids as one: of vectors with one name the last one counts.
  private static List<Point> merged(List<Point> points) {
    Map<PointId, Point> byId = LinkedHashMap.newLinkedHashMap(points.size());
    for (Point point : points) {
      byId.merge(
          point.id(),
          point,
          (first, next) -> {
            Map<String, float[]> vectors = new HashMap<>(first.vectors());
            vectors.putAll(next.vectors());
            Map<String, SparseVector> sparse = new HashMap<>(first.sparse());
            sparse.putAll(next.sparse());
            return new Point(point.id(), vectors, sparse, next.payload());
          });
    }
    return byId.size() == points.size() ? points : List.copyOf(byId.values());
  }

  /// Removes vectors of some names from points, all or none.
  ///
  /// @return the sequence number of this write
  /// @throws IllegalArgumentException if the collection has no vectors of a name
  /// @throws PointNotFoundException if an id is not there
  public long deleteVectors(PointSelector selector, Set<String> names) {
    check(selector);
    for (String name : names) {
      if (!config().hasVector(name)) {
        config().vector(name); // tells which there are
      }
    }
    return store.change(this::matcher, changes -> changes.withoutVectors(selector, names));
  }

  private static void check(PointSelector selector) {
    if (selector instanceof PointSelector.ByFilter(Filter filter)) {
      FilterLimits.checkJoined(filter);
    }
  }

  private RowMatcher matcher(Filter filter) {
    return new RowMatcher(normal(filter), store.idSets());
  }

  /// Changes the payloads of points and leaves their vectors as they are; ids that are not there
  /// are left out. Costs a small part of storing the points again.
  ///
  /// @param change makes the new payload of a point from the one that it has; called once for each
  ///     point, in no order, while no other write is let in. When it throws, nothing is changed
  /// @return the sequence number of this write
  public long changePayloads(java.util.Collection<PointId> ids, UnaryOperator<Payload> change) {
    return store.changePayloads(List.copyOf(ids), false, NewPayload.of(change));
  }

  /// Changes the payloads of the points that satisfy a filter at this moment.
  ///
  /// @param change as above
  /// @return the sequence number of this write
  public long changePayloads(Filter filter, UnaryOperator<Payload> change) {
    FilterLimits.checkJoined(filter);
    return store.changePayloads(matcher(filter), NewPayload.of(change));
  }

  public Optional<StoredPoint> get(PointId id) {
    return get(List.of(id)).stream().findFirst();
  }

  /// Points by id, in the order of the ids; those that are not there are left out.
  public List<StoredPoint> get(List<PointId> ids) {
    return get(ids, ReadOptions.WHOLE);
  }

  /// The same, as far as it is asked for.
  public List<StoredPoint> get(List<PointId> ids, ReadOptions options) {
    Cancellation cancellation = new Cancellation(options.isCancelled());
    return find(
        ids,
        found ->
            Found.points(
                ids.stream().flatMap(id -> Optional.ofNullable(found.get(id)).stream()).toList(),
                options,
                cancellation));
  }

  private SegmentSet lease() {
    store.searches().note();
    return store.lease();
  }

  /// Reads rows of ids while the set that holds them is leased.
  private <T> T find(List<PointId> ids, Function<Map<PointId, Found>, T> read) {
    for (int attempt = 0; ; attempt++) {
      try (SegmentSet set = lease()) {
        Optional<Map<PointId, Found>> found =
            attempt == RELOOKUPS
                ? Optional.of(IdDirectory.scan(set, ids))
                : store.directory().findAll(set, ids, () -> store.isNewest(set));
        if (found.isPresent()) {
          return read.apply(found.get());
        }
      }
      Thread.onSpinWait();
    }
  }

  /// The nearest points under a filter.
  ///
  /// @throws IllegalArgumentException if the request does not fit the collection
  /// @throws PointNotFoundException if it is near to a point that is not there
  public SearchResult search(SearchRequest asked) {
    return search(asked, () -> false);
  }

  /// The same, given up where nobody waits for the hits any more.
  ///
  /// @param isCancelled asked between partitions
  /// @throws java.util.concurrent.CancellationException when it was cancelled
  public SearchResult search(SearchRequest asked, BooleanSupplier isCancelled) {
    Filter filter = WordFilters.of(asked.filter(), store.settings());
    SearchRequest request = asked.filter(store.idSets().lookUp(filter));
    try (SegmentSet set = lease()) {
      SearchResult result = search(set, request, isCancelled);
      store.filterLog().add(filter);
      return result;
    }
  }

  private SearchResult search(SegmentSet set, SearchRequest request, BooleanSupplier isCancelled) {
    return new Searcher(
            set,
            config(),
            request,
            store.idSets(),
            store.options().costs(),
            store.nanoClock(),
            isCancelled)
        .search(id -> store.directory().find(set, id));
  }

  /// The points whose sparse vectors have the highest scores with a query, under a filter: those
  /// that have an index in common with it. Exact.
  ///
  /// @param isCancelled asked between posting lists
  /// @return highest first, of equal scores the smaller id
  /// @throws IllegalArgumentException if the collection has no such sparse vectors
  /// @throws java.util.concurrent.CancellationException when it was cancelled
  public List<Hit> search(SparseRequest request, BooleanSupplier isCancelled) {
    FilterLimits.checkJoined(request.filter());
    SparseConfig sparse = config().sparse(request.using());
    RowMatcher matcher = matcher(request.filter());
    try (SegmentSet set = lease()) {
      return new SparseSearcher(set, matcher, sparse, request, isCancelled).search();
    }
  }

  /// Number of points that satisfy a filter; exact.
  public long count(Filter filter) {
    return count(filter, () -> false);
  }

  /// The same, given up where nobody waits for it any more.
  ///
  /// @param isCancelled asked every so many rows
  /// @throws java.util.concurrent.CancellationException when it was cancelled
  public long count(Filter filter, BooleanSupplier isCancelled) {
    FilterLimits.checkJoined(filter);
    Cancellation cancellation = new Cancellation(isCancelled);
    RowMatcher matcher = matcher(filter);
    try (SegmentSet set = lease()) {
      if (matcher.isAll()) {
        return set.liveCount();
      }
      long count = 0;
      for (SegmentView view : set.views()) {
        count += matcher.rows(view, cancellation).getCardinality();
      }
      return count;
    }
  }

  /// Points in the order of their ids.
  ///
  /// @param from the first id; empty for the start
  /// @param limit most points, at least 1
  public ScrollPage scroll(Filter filter, Optional<PointId> from, int limit) {
    return scroll(filter, from, limit, ReadOptions.WHOLE);
  }

  /// The same, as far as it is asked for.
  public ScrollPage scroll(Filter filter, Optional<PointId> from, int limit, ReadOptions options) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, was " + limit);
    }
    FilterLimits.checkJoined(filter);
    RowMatcher matcher = matcher(filter);
    try (SegmentSet set = lease()) {
      Cancellation cancellation = new Cancellation(options.isCancelled());
      List<Found> candidates = new ArrayList<>();
      for (SegmentView view : set.views()) {
        addFirst(view, matcher, from, limit + 1L, candidates, cancellation);
      }
      candidates.sort(Comparator.comparing(found -> found.view().segment().id(found.row())));
      List<StoredPoint> points =
          Found.points(
              candidates.subList(0, Math.min(limit, candidates.size())), options, cancellation);
      Optional<PointId> next =
          candidates.size() > limit
              ? Optional.of(candidates.get(limit).view().segment().id(candidates.get(limit).row()))
              : Optional.empty();
      return new ScrollPage(points, next);
    }
  }

  /// How often each value of a field occurs among the points that satisfy a filter: strings, whole
  /// numbers and truth values. A point with several values counts for each of them, once.
  ///
  /// @param field path of the field
  /// @param limit most values, at least 1
  /// @return the most frequent first, of equal counts the smaller value
  public List<FacetValue> facet(String field, Filter filter, int limit) {
    return facet(field, filter, limit, () -> false);
  }

  /// The same, given up where nobody waits for it any more.
  ///
  /// @param isCancelled asked every so many rows
  /// @throws java.util.concurrent.CancellationException when it was cancelled
  public List<FacetValue> facet(
      String field, Filter filter, int limit, BooleanSupplier isCancelled) {
    FilterLimits.checkJoined(filter);
    RowMatcher matcher = matcher(filter);
    try (SegmentSet set = lease()) {
      return new FacetCounter(FieldPath.parse(field), new Cancellation(isCancelled))
          .count(set, matcher, limit);
    }
  }

  /// Points in the order of a field: numbers, or date-times. A point with several values comes once
  /// for each; one without any does not come.
  ///
  /// @param limit most points, at least 1
  public List<OrderedPoint> scroll(Filter filter, FieldOrder order, int limit) {
    return scroll(filter, order, limit, ReadOptions.WHOLE);
  }

  /// The same, as far as it is asked for.
  public List<OrderedPoint> scroll(
      Filter filter, FieldOrder order, int limit, ReadOptions options) {
    FilterLimits.checkJoined(filter);
    RowMatcher matcher = matcher(filter);
    try (SegmentSet set = lease()) {
      return new OrderedScroll(order).first(set, matcher, limit, options);
    }
  }

  /// Some points that satisfy a filter, drawn by chance.
  ///
  /// @param limit most points, at least 1
  public List<StoredPoint> sample(Filter filter, int limit, RandomGenerator random) {
    return sample(filter, limit, random, ReadOptions.WHOLE);
  }

  /// The same, as far as it is asked for.
  public List<StoredPoint> sample(
      Filter filter, int limit, RandomGenerator random, ReadOptions options) {
    FilterLimits.checkJoined(filter);
    RowMatcher matcher = matcher(filter);
    try (SegmentSet set = lease()) {
      Cancellation cancellation = new Cancellation(options.isCancelled());
      List<Found> drawn = Sampler.draw(set, matcher, limit, random, cancellation);
      return Found.points(drawn, options, cancellation);
    }
  }

  /// The points whose vectors have the highest scores of a caller's own, among those that satisfy a
  /// filter. Reads all matching vectors.
  ///
  /// @param using name of the vector
  /// @param score of a stored vector; NaN counts as the lowest
  /// @param limit most points, at least 1
  /// @return highest first, of equal scores the smaller id
  public List<Hit> rank(Filter filter, String using, ToDoubleFunction<float[]> score, int limit) {
    return rank(filter, using, score, limit, ReadOptions.WHOLE);
  }

  /// The same, as far as it is asked for.
  public List<Hit> rank(
      Filter filter,
      String using,
      ToDoubleFunction<float[]> score,
      int limit,
      ReadOptions options) {
    FilterLimits.checkJoined(filter);
    config().vector(using);
    RowMatcher matcher = matcher(filter);
    try (SegmentSet set = lease()) {
      return new Ranker(using, score, limit, options, new Cancellation(options.isCancelled()))
          .rank(set, matcher);
    }
  }

  /// What the collection was told beside its vectors.
  public CollectionSettings settings() {
    return store.settings();
  }

  /// Changes the settings, durably.
  ///
  /// @return the sequence number of the last write
  public long changeSettings(UnaryOperator<CollectionSettings> change) {
    return store.changeSettings(change);
  }

  /// What searches lately asked for, how the index fits that, what recalls cost, and what could be
  /// better. Does some 80 searches for each vector.
  public Advice advice() {
    return advice(() -> false);
  }

  /// The same, given up where nobody waits for it any more.
  ///
  /// @param isCancelled asked between partitions
  /// @throws java.util.concurrent.CancellationException when it was cancelled
  public Advice advice(BooleanSupplier isCancelled) {
    try (SegmentSet set = lease()) {
      return new Adviser(
              set,
              config(),
              store.settings(),
              store.filterLog().filters(),
              request -> search(set, request, isCancelled).plan())
          .advice();
    }
  }

  /// Keeps a set of ids under a name, durably, in the place of the one that has the name. Filters
  /// ask for it by [io.capsdb.filter.Filter.InIdSet].
  ///
  /// @param name 1 to 63 letters, digits, `_`, `-` and `.`
  /// @throws IllegalArgumentException if there were too many sets, or too many ids in all of them
  public void putIdSet(String name, IdSet ids) {
    store.changeIdSets(sets -> sets.put(name, ids));
  }

  /// Forgets a set; false when there is none of that name.
  public boolean dropIdSet(String name) {
    boolean[] isDropped = {false};
    store.changeIdSets(sets -> isDropped[0] = sets.drop(name));
    return isDropped[0];
  }

  /// The sets of ids that the collection keeps, by name.
  public Map<String, IdSet> idSets() {
    return store.idSets().all();
  }

  /// Bytes on the disk that the indexes of sealed points take beside vectors, attributes and
  /// payloads, by the kind of the index.
  public Map<String, Long> indexBytes() {
    Map<String, Long> bytes = new TreeMap<>();
    try (SegmentSet set = lease()) {
      for (SegmentView view : set.views()) {
        if (view.segment() instanceof SealedSegment sealed) {
          sealed.indexBytes().forEach((kind, own) -> bytes.merge(kind, own, Long::sum));
        }
      }
    }
    return bytes;
  }

  /// Seals the newest points and waits until no background work is left.
  ///
  /// @throws StorageException if it fails
  public void seal() {
    store.seal();
  }

  /// Seals the newest points, merges segments as far as it pays, and waits for it: for the end of a
  /// load. The same happens by itself once writing has paused for ten times
  /// [DatabaseOptions#idleMillis].
  ///
  /// Cost: at most what building all segments anew costs. Searches go on meanwhile.
  ///
  /// @throws StorageException if it fails
  public void compact() {
    store.compact();
  }

  /// Waits until the status is not yellow any more; answers the status at the end.
  public CollectionStatus awaitGreen(Duration timeout) {
    return store.awaitIdle(timeout);
  }

  private Filter normal(Filter filter) {
    return FilterNormalizer.normalize(
        store.idSets().lookUp(WordFilters.of(filter, store.settings())), _ -> false);
  }

  /// Adds the first matching live rows of a view, by id, at most `limit`.
  private static void addFirst(
      SegmentView view,
      RowMatcher matcher,
      Optional<PointId> from,
      long limit,
      List<Found> found,
      Cancellation cancellation) {
    RoaringBitmap rows = matcher.rows(view, cancellation);
    if (view.segment() instanceof SealedSegment sealed
        && rows.getLongCardinality() > sealed.rowCount() / SORTED_PART) {
      SortedIds ids = sealed.sortedIds();
      int added = 0;
      for (int i = from.map(ids::firstFrom).orElse(0); i < ids.size() && added < limit; i++) {
        int row = ids.row(i);
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
