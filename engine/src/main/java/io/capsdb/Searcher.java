package io.capsdb;

import io.capsdb.attribute.Selection;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterLimits;
import io.capsdb.filter.FilterNormalizer;
import io.capsdb.index.CostModel;
import io.capsdb.index.ExactIndex;
import io.capsdb.index.Hits;
import io.capsdb.index.ProbeQueue;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.SearchCounters;
import io.capsdb.index.TopK;
import io.capsdb.index.VectorIndex;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.roaringbitmap.RoaringBitmap;

/// Runs one search on one leased set of segments: resolves the filter in each, makes one plan for
/// all of them, walks one probe queue, and reads ids and payloads for the hits only. Not for more
/// than one thread.
final class Searcher {
  private final SegmentSet set;
  private final CollectionConfig config;
  private final SearchRequest request;
  private final IdSets idSets;
  private final CostModel costModel;
  private final LongSupplier nanoClock;
  private final BooleanSupplier isCancelled;
  private final long begin;
  private long stageBegin;

  /// One part that takes part.
  private record Searched(SegmentView view, IndexPart part, Selection selection) {
    PointId id(long key) {
      return view.segment().id(row(key));
    }

    int row(long key) {
      return part.row((int) key);
    }
  }

  Searcher(
      SegmentSet set,
      CollectionConfig config,
      SearchRequest request,
      IdSets idSets,
      CostModel costModel,
      LongSupplier nanoClock,
      BooleanSupplier isCancelled) {
    this.isCancelled = isCancelled;
    this.set = set;
    this.config = config;
    this.request = request;
    this.idSets = idSets;
    this.costModel = costModel;
    this.nanoClock = nanoClock;
    this.begin = nanoClock.getAsLong();
    this.stageBegin = begin;
  }

  /// @param stored finds the view and row of a stored point
  SearchResult search(java.util.function.Function<PointId, Optional<Found>> stored) {
    FilterLimits.checkJoined(request.filter());
    if (isWalked()) {
      requireGraph();
    }
    VectorConfig vector = config.vector(request.using());
    Optional<Found> origin =
        request.target() instanceof SearchRequest.Target.Stored(PointId id)
            ? Optional.of(requireStored(id, stored))
            : Optional.empty();
    float[] query = query(vector, origin);
    Filter filter = FilterNormalizer.normalize(request.filter(), _ -> false);
    List<Searched> parts = resolve(new RowMatcher(filter, idSets), origin);
    long filterNanos = lap();
    int wanted = request.limit() + request.offset();
    long points = 0;
    for (Searched searched : parts) {
      points +=
          searched.part().index().size() - searched.view().hidden(request.using()).getCardinality();
    }
    Optional<SearchPlanner> costs = plan(parts, wanted);
    boolean isListed = costs.map(this::isListed).orElse(request.limits().isNone());
    boolean isInFull =
        request.plan() == PlanChoice.AUTO && costs.map(SearchPlanner::isInFull).orElse(false);
    long planNanos = lap();
    TopK.TieOrder ties =
        (left, right) ->
            parts
                .get((int) (left >>> 32))
                .id(left)
                .compareTo(parts.get((int) (right >>> 32)).id(right));
    ProbeQueue.Outcome outcome =
        ProbeQueue.search(
            isRanked() ? ranked(parts, wanted) : sources(parts, isListed),
            query,
            wanted,
            request.isExact() || isRanked()
                ? SearchBudget.UNBOUNDED
                : budget(wanted, isListed, isInFull),
            ties,
            isCancelled,
            request.limits().isNone() ? _ -> false : this::isEnough);
    long searchNanos = lap();
    List<Hit> hits = hits(parts, outcome.hits(), vector.metric());
    long fetchNanos = lap();
    SearchCounters counters = outcome.counters();
    return new SearchResult(
        hits,
        new SearchPlan(
            name(isListed, counters),
            filter,
            costs.map(SearchPlanner::matches).orElse(counters.rowsScored),
            counters.documentsVerified == 0 ? counters.rowsScored : hits.size(),
            outcome.isComplete() ? counters.rowsScored : points,
            points,
            parts.size(),
            counters.partitions,
            counters.partitionsProbed,
            counters.partitionsPruned,
            counters.slotsSkipped,
            counters.slotsWhole,
            counters.slotsTested,
            counters.documentsVerified,
            counters.rowsScored,
            counters.vectorsRead,
            outcome.isComplete(),
            stoppedBy(outcome),
            recallEstimate(outcome),
            costs.map(known -> rejected(known, isListed)).orElse(List.of()),
            new SearchPlan.Stages(filterNanos, planNanos, searchNanos, fetchNanos)));
  }

  /// The costs of both ways; empty when all matching vectors are asked for, or there are no rows.
  ///
  /// They depend on the rows that match and on nothing else, in particular not on how much of the
  /// filter columns and postings decide: filters that mean the same get the same plan. Documents
  /// are read where the choice hangs on them.
  private Optional<SearchPlanner> plan(List<Searched> parts, int wanted) {
    if (request.isExact() || isRanked() || parts.isEmpty()) {
      return Optional.empty();
    }
    long rows = 0;
    long least = 0;
    long most = 0;
    VectorIndex largest = parts.getFirst().part().index();
    for (Searched searched : parts) {
      VectorIndex index = searched.part().index();
      rows += index.rowsAround(searched.selection());
      largest = index.size() > largest.size() ? index : largest;
      Selection.Estimate estimate = searched.selection().estimate();
      least += estimate.least();
      most += estimate.most();
    }
    SearchBudget budget = budget(wanted);
    SearchPlanner costs = SearchPlanner.of(costModel, largest, rows, most, wanted, budget);
    if (least < most
        && costs.isListed()
            != SearchPlanner.of(costModel, largest, rows, least, wanted, budget).isListed()) {
      long matches = 0;
      for (Searched searched : parts) {
        matches += searched.selection().verifiedEstimate();
      }
      costs = SearchPlanner.of(costModel, largest, rows, matches, wanted, budget);
    }
    return Optional.of(costs);
  }

  private String stoppedBy(ProbeQueue.Outcome outcome) {
    if (outcome.isComplete()) {
      return "nothing left";
    }
    if (outcome.isCut()) {
      return outcome.counters().rowsScored >= request.limits().mostRows()
          ? SearchPlan.MOST_ROWS
          : SearchPlan.MOST_MILLIS;
    }
    return outcome.counters().partitionsPruned > 0 ? "reach" : "budget";
  }

  private OptionalDouble recallEstimate(ProbeQueue.Outcome outcome) {
    if (outcome.isCut() || isRanked() || isWalked()) {
      return OptionalDouble.empty();
    }
    SearchCounters counters = outcome.counters();
    boolean isReadInFull = counters.vectorsRead == counters.rowsScored;
    if (request.isExact() || (outcome.isComplete() && isReadInFull)) {
      return OptionalDouble.of(1);
    }
    return request.candidates().isPresent()
        ? OptionalDouble.empty()
        : OptionalDouble.of(request.recall());
  }

  private String name(boolean isListed, SearchCounters counters) {
    if (request.isExact()) {
      return "exact";
    }
    if (isRanked()) {
      return "rank";
    }
    if (!isListed) {
      return isWalked() ? "graph" : "probe";
    }
    return counters.vectorsRead == counters.rowsScored ? "exact" : "list";
  }

  private boolean isListed(SearchPlanner costs) {
    return switch (request.plan()) {
      case AUTO -> costs.isListed() && isWithinLimits(costs);
      case LIST -> true;
      case PROBE, GRAPH, GRAPH_POST, GRAPH_INLINE, GRAPH_ACORN, GRAPH_ACORN_1 -> false;
    };
  }

  /// A list is scored in one step, so it is taken only where it cannot be cut.
  private boolean isWithinLimits(SearchPlanner costs) {
    SearchLimits limits = request.limits();
    return costs.matches() <= limits.mostRows() && costs.listNanos() <= limits.nanos();
  }

  private boolean isEnough(SearchCounters counters) {
    SearchLimits limits = request.limits();
    return counters.rowsScored >= limits.mostRows()
        || nanoClock.getAsLong() - begin >= limits.nanos();
  }

  private boolean isWalked() {
    return request.plan().isWalked() && !request.isExact() && !isRanked();
  }

  private boolean isRanked() {
    return request.ranked().isPresent() && !request.isExact();
  }

  private List<ProbeQueue.Source> ranked(List<Searched> parts, int wanted) {
    OptionalInt count = OptionalInt.of(Math.max(wanted, request.ranked().getAsInt()));
    return parts.stream()
        .map(own -> new ProbeQueue.Source(own.part().index(), own.selection(), true, count))
        .toList();
  }

  private void requireGraph() {
    if (!config.hasGraph()) {
      throw new IllegalArgumentException(
          "the collection has no graph; one that is created with graph_baseline on has");
    }
    IndexKinds.of(IndexKinds.GRAPH);
  }

  private static List<SearchPlan.Rejected> rejected(SearchPlanner costs, boolean isListed) {
    return List.of(
        isListed
            ? new SearchPlan.Rejected("probe", costs.probeNanos(), costs.listNanos())
            : new SearchPlan.Rejected("list", costs.listNanos(), costs.probeNanos()));
  }

  /// A list is scored to its end, without codes where no estimate will do.
  private SearchBudget budget(int wanted, boolean isListed, boolean isInFull) {
    SearchBudget probing = budget(wanted);
    if (!isListed) {
      return probing;
    }
    return isInFull
        ? SearchBudget.UNBOUNDED
        : new SearchBudget(Long.MAX_VALUE, 0, probing.confidence(), 1);
  }

  private SearchBudget budget(int wanted) {
    if (request.candidates().isPresent()) {
      long candidates = request.candidates().getAsLong();
      // The width of a walk holds for each graph: no other segment is passed over for it.
      return isWalked()
          ? new SearchBudget(candidates, 0, 0, Double.MIN_VALUE)
          : new SearchBudget(candidates, 0);
    }
    return SearchBudget.forRecall(request.recall(), wanted);
  }

  private List<Searched> resolve(RowMatcher matcher, Optional<Found> origin) {
    List<Searched> parts = new ArrayList<>();
    Cancellation cancellation = new Cancellation(isCancelled);
    for (SegmentView view : set.views()) {
      Optional<IndexPart> part = view.segment().part(request.using(), view.rowCount());
      if (part.isEmpty()) {
        continue;
      }
      Selection selection = matcher.select(view, part.get(), request.using(), cancellation);
      if (origin.isPresent() && origin.get().view().segment().number() == view.segment().number()) {
        selection =
            selection.without(RoaringBitmap.bitmapOf(part.get().ordinal(origin.get().row())));
      }
      parts.add(new Searched(view, part.get(), selection));
    }
    return parts;
  }

  private List<ProbeQueue.Source> sources(List<Searched> parts, boolean isListed) {
    List<ProbeQueue.Source> sources = new ArrayList<>(parts.size());
    for (Searched searched : parts) {
      VectorIndex own = searched.part().index();
      VectorIndex index =
          isWalked()
              ? searched
                  .part()
                  .graph()
                  .map(this::walked)
                  .orElse(new ExactIndex(own.metric(), own.vectors()))
              : own;
      Selection selection = searched.selection();
      sources.add(
          isListed && selection.isAll()
              ? new ProbeQueue.Source(new ExactIndex(index.metric(), index.vectors()), selection)
              : new ProbeQueue.Source(index, selection, isListed));
    }
    return sources;
  }

  private VectorIndex walked(VectorIndex graph) {
    return request.plan().way().map(graph::searchedBy).orElse(graph);
  }

  private List<Hit> hits(List<Searched> parts, Hits found, Metric metric) {
    List<Hit> hits = new ArrayList<>(found.size());
    for (int i = request.offset(); i < found.size(); i++) {
      float score = metric.toScore(found.distances()[i]);
      if (request.scoreThreshold().isPresent() && isWorse(metric, score)) {
        break;
      }
      long key = found.keys()[i];
      Searched searched = parts.get((int) (key >>> 32));
      SegmentView view = searched.view();
      int row = searched.row(key);
      hits.add(
          new Hit(
              view.segment().id(row),
              view.version(row),
              score,
              request.hasPayload() ? view.payload(row) : Payload.empty(),
              request.hasVectors() ? view.segment().vectors(row) : Map.of(),
              request.hasVectors() ? view.segment().sparse(row) : Map.of()));
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

  /// Nanoseconds since the last stage began.
  private long lap() {
    long now = nanoClock.getAsLong();
    long taken = now - stageBegin;
    stageBegin = now;
    return taken;
  }
}
