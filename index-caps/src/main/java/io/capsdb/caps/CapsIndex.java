package io.capsdb.caps;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.Selection;
import io.capsdb.attribute.SlotFacts;
import io.capsdb.attribute.SlotFacts.Fact;
import io.capsdb.caps.code.CodedQuery;
import io.capsdb.caps.code.RowCodes;
import io.capsdb.index.CostModel;
import io.capsdb.index.ListProber;
import io.capsdb.index.Prober;
import io.capsdb.index.QueryMemo;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.VectorIndex;
import io.capsdb.vector.Floats;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A CAPS index over the vectors of one segment.
///
/// Rows stand in partition order, inside a partition in slot order. Where there are codes, rows are
/// scored by them first, and only the vectors of those that can be hits are read. Immutable and
/// safe for use by many threads; `vectors` and `attributes` stay open as long as it is used.
final class CapsIndex implements VectorIndex {
  /// Shorter lists are scored in full at once: coding the query and its centroids costs more.
  private static final int CODED_LIST = 129;

  /// Fewer centroids are read all.
  private static final int CODED_CENTROIDS = 48;

  /// Steps of listing rows, for each partition, that cost less than the masks of those that a
  /// search visits: it visits the more of them the fewer rows match.
  private static final int STEPS_FOR_PARTITION = 1;

  private final Metric metric;
  private final VectorMatrix vectors;
  private final CapsLayout layout;
  private final PartitionFinder finder;
  private final VectorMatrix centroids;
  private final List<List<SlotFacts>> slotFacts;
  private final Optional<RowCodes> codes;

  CapsIndex(
      Metric metric,
      VectorMatrix vectors,
      AttributeIndex attributes,
      CapsLayout layout,
      Optional<RowCodes> codes) {
    this.metric = metric;
    this.vectors = vectors;
    this.layout = layout;
    this.finder = new PartitionFinder(layout.partitionStart());
    this.centroids = centroids(layout);
    this.slotFacts = slotFacts(layout, attributes);
    this.codes = codes;
  }

  @Override
  public String kind() {
    return "caps";
  }

  @Override
  public Metric metric() {
    return metric;
  }

  @Override
  public VectorMatrix vectors() {
    return vectors;
  }

  @Override
  public int[] partitionStarts() {
    return layout.partitionStart();
  }

  CapsLayout layout() {
    return layout;
  }

  PartitionFinder finder() {
    return finder;
  }

  VectorMatrix centroids() {
    return centroids;
  }

  Optional<RowCodes> codes() {
    return codes;
  }

  /// Whether the nearest centroids are found by their codes, where the query has one.
  boolean hasCodedCentroids() {
    return codes.isPresent() && layout.partitionCount() >= CODED_CENTROIDS;
  }

  /// Distances of a query to all centroids, in the space of the partitions.
  float[] centroidDistances(float[] query) {
    float[] distances = new float[layout.partitionCount()];
    Kernels.best()
        .distances(layout.space().spaceMetric(), query, centroids, 0, distances.length, distances);
    makeFinite(distances, distances.length);
    return distances;
  }

  /// Distances of a query to the centroids `partitions[0 .. count - 1]`.
  void centroidDistances(float[] query, int[] partitions, int count, float[] distances) {
    Kernels.best()
        .distances(layout.space().spaceMetric(), query, centroids, partitions, count, distances);
    makeFinite(distances, count);
  }

  /// Distances of huge values overflow or are no numbers; infinity would say that nothing is left.
  private static void makeFinite(float[] distances, int count) {
    for (int i = 0; i < count; i++) {
      distances[i] = distances[i] <= Float.MAX_VALUE ? distances[i] : Float.MAX_VALUE;
    }
  }

  /// Distances of a query to the centroids of some partitions that follow one another.
  float[] centroidDistances(float[] query, Tenants.Region region) {
    float[] distances = new float[region.end() - region.first()];
    Kernels.best()
        .distances(
            layout.space().spaceMetric(),
            query,
            centroids,
            region.first(),
            distances.length,
            distances);
    makeFinite(distances, distances.length);
    return distances;
  }

  /// The partitions in which all rows of a selection lie, where they are those of one tenant.
  Optional<Tenants.Region> scope(Selection selection) {
    return layout.tenants().isNone() || selection.isAll()
        ? Optional.empty()
        : layout.tenants().scope(selection.extent(), finder);
  }

  @Override
  public long rowsAround(Selection selection) {
    return scope(selection).map(this::rowCount).orElse(size());
  }

  /// Rows of some partitions that follow one another.
  int rowCount(Tenants.Region region) {
    return layout.partitionStart()[region.end()] - layout.partitionStart()[region.first()];
  }

  /// The rows of a selection by partition, where listing them is worth it.
  Optional<ListedRows> listed(Selection selection) {
    return selection.isAll()
        ? Optional.empty()
        : selection
            .listWithin((long) STEPS_FOR_PARTITION * layout.partitionCount())
            .map(ordinals -> new ListedRows(ordinals, finder));
  }

  /// What is true of each slot of a partition; each partition has its own list.
  List<SlotFacts> slotFacts(int partition) {
    return slotFacts.get(partition);
  }

  @Override
  public Prober prober(float[] query, Selection selection, SearchBudget budget) {
    return prober(query, selection, budget, new QueryMemo());
  }

  @Override
  public Prober prober(float[] query, Selection selection, SearchBudget budget, QueryMemo memo) {
    return new CapsProber(this, query, selection, budget, memo);
  }

  @Override
  public Prober lister(float[] query, Selection selection, SearchBudget budget) {
    return lister(query, selection, budget, new QueryMemo());
  }

  @Override
  public Prober lister(float[] query, Selection selection, SearchBudget budget, QueryMemo memo) {
    int[] ordinals = selection.list();
    if (ordinals.length >= CODED_LIST && codes.isPresent() && codes.get().hasRecords()) {
      float[] spaceQuery = layout.space().query(query);
      Optional<CodedQuery> code = code(spaceQuery, budget, memo);
      if (code.isPresent()) {
        return new CodeListProber(
            new CodeScorer(this, query, code.get(), selection),
            ordinals,
            centroidDistances(spaceQuery, selection));
      }
    }
    return new ListProber(metric, vectors, query, selection, ordinals);
  }

  @Override
  public Prober ranker(float[] query, Selection selection, int count, QueryMemo memo) {
    float[] spaceQuery = layout.space().query(query);
    return codes
        .flatMap(own -> own.ranking(spaceQuery, memo))
        .<Prober>map(
            ranking ->
                new CodeRanker(
                    this,
                    query,
                    ranking,
                    centroidDistances(spaceQuery, selection),
                    selection,
                    count))
        .orElseGet(() -> new ListProber(metric, vectors, query, selection, selection.list()));
  }

  /// Distances to all centroids that rows of a selection can have; others are any number.
  private float[] centroidDistances(float[] spaceQuery, Selection selection) {
    Optional<Tenants.Region> scope = scope(selection);
    if (scope.isEmpty()) {
      return centroidDistances(spaceQuery);
    }
    float[] own = centroidDistances(spaceQuery, scope.get());
    float[] distances = new float[layout.partitionCount()];
    System.arraycopy(own, 0, distances, scope.get().first(), own.length);
    return distances;
  }

  /// The query as codes are compared with it; empty where there are none, or where estimates will
  /// not do.
  Optional<CodedQuery> code(float[] spaceQuery, SearchBudget budget, QueryMemo memo) {
    return codes
        .filter(_ -> Float.isFinite(budget.confidence()))
        .map(own -> own.query(spaceQuery, budget.confidence(), memo))
        .filter(CodedQuery::isUsable);
  }

  @Override
  public double visitedRows(double nearest) {
    return layout.reach().visitedRows(nearest, layout.rowCount());
  }

  @Override
  public double listRowNanos(CostModel costs) {
    return codes.isPresent() && codes.get().hasRecords()
        ? codes.get().recordNanos(costs)
        : costs.vectorNanos(vectors.dimension());
  }

  @Override
  public double probeRowNanos(CostModel costs) {
    return codes.isPresent()
        ? codes.get().scanNanos(costs)
        : costs.vectorNanos(vectors.dimension());
  }

  private static VectorMatrix centroids(CapsLayout layout) {
    float[] flat = layout.centroids();
    MemorySegment segment = Arena.ofAuto().allocate(Math.max(1, 4L * flat.length), 64);
    MemorySegment.copy(flat, 0, segment, Floats.LITTLE_ENDIAN, 0, flat.length);
    return new VectorMatrix(segment, layout.partitionCount(), layout.space().width());
  }

  private static List<List<SlotFacts>> slotFacts(CapsLayout layout, AttributeIndex attributes) {
    List<List<SlotFacts>> all = new ArrayList<>(layout.partitionCount());
    for (int partition = 0; partition < layout.partitionCount(); partition++) {
      List<SlotFacts> slots = new ArrayList<>();
      List<Fact> before = new ArrayList<>();
      for (int i = layout.listStart()[partition]; i < layout.listStart()[partition + 1]; i++) {
        Fact fact = layout.facts().get(layout.list()[i]);
        slots.add(
            new SlotFacts(Optional.of(fact), List.copyOf(before), attributes::isSingleValued));
        before.add(fact);
      }
      slots.add(new SlotFacts(Optional.empty(), List.copyOf(before), attributes::isSingleValued));
      all.add(List.copyOf(slots));
    }
    return List.copyOf(all);
  }
}
