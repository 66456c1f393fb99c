package io.capsdb;

import io.capsdb.attribute.Selection;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterLimits;
import io.capsdb.filter.FilterNormalizer;
import io.capsdb.filter.FilterText;
import io.capsdb.index.ExactIndex;
import io.capsdb.index.Hits;
import io.capsdb.index.ProbeQueue;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.SearchCounters;
import io.capsdb.index.TopK;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/// Runs one search on one leased set of segments: resolves the filter in each, makes one plan for
/// all of them, walks one probe queue, and reads ids and payloads for the hits only. Not for more
/// than one thread.
final class Searcher {
  /// Up to this many matching rows are scored all: cheaper than ordering partitions, and exact.
  static final long EXACT_ROWS = 4_096;

  private static final int EXACT_PER_HIT = 20;

  private final SegmentSet set;
  private final CollectionConfig config;
  private final SearchRequest request;
  private final LongSupplier nanoClock;
  private final Map<String, Long> stageMicros = new LinkedHashMap<>();
  private long stageBegin;
  private long documentsVerified;

  /// One part that takes part.
  private record Searched(SegmentView view, IndexPart part, Selection selection) {
    PointId id(long key) {
      return view.segment().id(row(key));
    }

    int row(long key) {
      return part.row((int) key);
    }
  }

  Searcher(SegmentSet set, CollectionConfig config, SearchRequest request, LongSupplier nanoClock) {
    this.set = set;
    this.config = config;
    this.request = request;
    this.nanoClock = nanoClock;
    this.stageBegin = nanoClock.getAsLong();
  }

  /// @param stored finds the view and row of a stored point
  SearchResult search(java.util.function.Function<PointId, Optional<Found>> stored) {
    FilterLimits.check(request.filter());
    VectorConfig vector = config.vector(request.using());
    Optional<Found> origin =
        request.target() instanceof SearchRequest.Target.Stored(PointId id)
            ? Optional.of(requireStored(id, stored))
            : Optional.empty();
    float[] query = query(vector, origin);
    Filter filter = FilterNormalizer.normalize(request.filter(), _ -> false);
    List<Searched> resolved = resolve(new RowMatcher(filter), origin);
    stage("filter");
    int wanted = request.limit() + request.offset();
    SearchBudget budget = budget(wanted);
    long exactRows = Math.max(EXACT_ROWS, (long) EXACT_PER_HIT * wanted);
    Optional<List<Searched>> few = request.isExact() ? Optional.empty() : few(resolved, exactRows);
    boolean isExact = request.isExact() || few.isPresent();
    List<Searched> parts = few.orElse(resolved);
    long minMatches = 0;
    long maxMatches = 0;
    long points = 0;
    for (Searched searched : parts) {
      minMatches += searched.selection().minCount();
      maxMatches += searched.selection().maxCount();
      points +=
          searched.part().index().size() - searched.view().hidden(request.using()).getCardinality();
    }
    stage("plan");
    TopK.TieOrder ties =
        (left, right) ->
            parts
                .get((int) (left >>> 32))
                .id(left)
                .compareTo(parts.get((int) (right >>> 32)).id(right));
    ProbeQueue.Outcome outcome =
        ProbeQueue.search(
            sources(parts, isExact),
            query,
            wanted,
            isExact ? SearchBudget.UNBOUNDED : budget,
            ties);
    stage("search");
    List<Hit> hits = hits(parts, outcome.hits(), vector.metric());
    stage("fetch");
    SearchCounters counters = outcome.counters();
    return new SearchResult(
        hits,
        new SearchPlan(
            isExact ? "exact" : "probe",
            FilterText.of(filter),
            minMatches,
            maxMatches,
            points,
            parts.size(),
            counters.partitions,
            counters.partitionsProbed,
            counters.slotsSkipped,
            counters.slotsWhole,
            counters.slotsTested,
            documentsVerified + counters.documentsVerified,
            counters.rowsScored,
            outcome.isComplete(),
            outcome.isComplete() ? "nothing left" : "budget",
            rejected(isExact, maxMatches, exactRows, budget),
            stageMicros));
  }

  /// The parts with just the rows that match, if these are at most `limit`.
  ///
  /// The answer depends on the rows that match and on nothing else, in particular not on how much
  /// of
  /// the filter postings can decide: filters that mean the same get the same plan.
  private Optional<List<Searched>> few(List<Searched> parts, long limit) {
    long count = parts.stream().mapToLong(part -> part.selection().minCount()).sum();
    if (count > limit) {
      return Optional.empty();
    }
    List<Searched> decided = new ArrayList<>(parts.size());
    for (Searched searched : parts) {
      Selection selection = searched.selection();
      if (selection.isExact()) {
        decided.add(searched);
        continue;
      }
      RoaringBitmap matching = selection.certain().clone();
      PeekableIntIterator open =
          RoaringBitmap.andNot(selection.possible(), selection.certain()).getIntIterator();
      while (open.hasNext()) {
        int ordinal = open.next();
        documentsVerified++;
        if (selection.verify().test(ordinal)) {
          matching.add(ordinal);
          if (++count > limit) {
            return Optional.empty();
          }
        }
      }
      decided.add(
          new Searched(
              searched.view(), searched.part(), Selection.exactly(selection.size(), matching)));
    }
    return Optional.of(decided);
  }

  private List<SearchPlan.Rejected> rejected(
      boolean isExact, long matches, long exactRows, SearchBudget budget) {
    if (!isExact) {
      return List.of(
          new SearchPlan.Rejected(
              "exact", matches, "more than " + exactRows + " rows match: scoring all costs more"));
    }
    String reason =
        request.isExact()
            ? "the request asks for exact"
            : "at most " + exactRows + " rows match: scoring all of them is cheap and exact";
    return List.of(
        new SearchPlan.Rejected("probe", Math.min(matches, budget.candidates()), reason));
  }

  private SearchBudget budget(int wanted) {
    SearchBudget standard = SearchBudget.defaultFor(wanted);
    return request.candidates().isPresent()
        ? new SearchBudget(request.candidates().getAsLong(), 0)
        : standard;
  }

  private List<Searched> resolve(RowMatcher matcher, Optional<Found> origin) {
    List<Searched> parts = new ArrayList<>();
    for (SegmentView view : set.views()) {
      Optional<IndexPart> part = view.segment().part(request.using(), view.rowCount());
      if (part.isEmpty()) {
        continue;
      }
      Selection selection = matcher.select(view, part.get(), request.using());
      if (origin.isPresent() && origin.get().view().segment().number() == view.segment().number()) {
        selection =
            selection.without(RoaringBitmap.bitmapOf(part.get().ordinal(origin.get().row())));
      }
      parts.add(new Searched(view, part.get(), selection));
    }
    return parts;
  }

  private static List<ProbeQueue.Source> sources(List<Searched> parts, boolean isExact) {
    List<ProbeQueue.Source> sources = new ArrayList<>(parts.size());
    for (Searched searched : parts) {
      var index = searched.part().index();
      sources.add(
          new ProbeQueue.Source(
              isExact ? new ExactIndex(index.metric(), index.vectors()) : index,
              searched.selection()));
    }
    return sources;
  }

  private List<Hit> hits(List<Searched> parts, Hits found, Metric metric) {
    List<Hit> hits = new ArrayList<>();
    for (int i = request.offset(); i < found.size(); i++) {
      float score = metric.toScore(found.distances()[i]);
      if (request.scoreThreshold().isPresent() && isWorse(metric, score)) {
        break;
      }
      long key = found.keys()[i];
      Searched searched = parts.get((int) (key >>> 32));
      Segment segment = searched.view().segment();
      int row = searched.row(key);
      hits.add(
          new Hit(
              segment.id(row),
              segment.version(row),
              score,
              request.hasPayload() ? segment.payload(row) : Payload.empty(),
              request.hasVectors() ? segment.vectors(row) : Map.of()));
    }
    return hits;
  }

  private boolean isWorse(Metric metric, float score) {
    double worst = request.scoreThreshold().getAsDouble();
    return metric.isHigherNearer() ? score < worst : score > worst;
  }

  private Found requireStored(
      PointId id, java.util.function.Function<PointId, Optional<Found>> stored) {
    return stored
        .apply(id)
        .orElseThrow(() -> new PointNotFoundException("there is no point with id " + id));
  }

  private float[] query(VectorConfig vector, Optional<Found> origin) {
    if (origin.isPresent()) {
      Found found = origin.get();
      return found
          .view()
          .segment()
          .vector(request.using(), found.row())
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "the point has no vector named '" + request.using() + "'"));
    }
    float[] values = ((SearchRequest.Target.Vector) request.target()).values();
    if (values.length != vector.dimension()) {
      throw new IllegalArgumentException(
          "query vector has dimension "
              + values.length
              + ", expected dimension "
              + vector.dimension());
    }
    return vector.prepare(values);
  }

  private void stage(String name) {
    long now = nanoClock.getAsLong();
    stageMicros.put(name, (now - stageBegin) / 1_000);
    stageBegin = now;
  }
}
