package io.capsdb.graph;

import io.capsdb.attribute.Selection;
import io.capsdb.index.ExactIndex;
import io.capsdb.index.Prober;
import io.capsdb.index.RowSink;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.VectorIndex;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntPredicate;

/// A graph that was built with labels. A filter that requires a label is searched among the rows
/// that have it, from the first of them on; of several labels the rarest, the others are tested. A
/// filter that requires none is searched among all rows, from the first ones of many labels on.
///
/// Immutable and safe for use by many threads.
final class LabelledIndex implements VectorIndex {
  /// Walks over all rows begin at no more.
  private static final int MAX_STARTS = 64;

  private final String kind;
  private final Metric metric;
  private final VectorMatrix vectors;
  private final Level level;
  private final Labels labels;
  private final int[] startOf;
  private final int[] allStarts;
  private final Map<Integer, BitSet> rowsOf = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Walker> idle = new ConcurrentLinkedQueue<>();

  /// @param startOf by label: where walks under it begin
  LabelledIndex(
      String kind, Metric metric, VectorMatrix vectors, Level level, Labels labels, int[] startOf) {
    this.kind = kind;
    this.metric = metric;
    this.vectors = vectors;
    this.level = level;
    this.labels = labels;
    this.startOf = startOf;
    this.allStarts = Arrays.stream(startOf).distinct().limit(MAX_STARTS).toArray();
  }

  @Override
  public String kind() {
    return kind;
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
  public Prober prober(float[] query, Selection selection, SearchBudget budget) {
    if (budget.equals(SearchBudget.UNBOUNDED)) {
      return ExactIndex.scanOf(metric, vectors, query, selection);
    }
    return new GraphProber(
        this,
        query,
        selection,
        budget,
        (wanted, width, sink) -> search(query, selection, wanted, width, sink));
  }

  private boolean search(float[] query, Selection selection, int wanted, int width, RowSink sink) {
    if (!selection.isAll() && selection.verifiedEstimate() <= wanted) {
      return false;
    }
    RowFilter filter = new RowFilter(selection, sink.counters(), 10.0 * width);
    List<Integer> required = labels.required(selection.filter());
    int[] starts = required.isEmpty() ? allStarts : new int[] {startOf[required.getFirst()]};
    IntPredicate bounds = required.isEmpty() ? _ -> true : rows(required.getFirst())::get;
    Walker known = idle.poll();
    Walker walker =
        known == null
            ? new Walker(new Space.OfVectors(metric, vectors), level.links().most())
            : known;
    Beam found =
        walker.walkWithin(
            level, new Space.Origin(query, new int[0]), starts, width, bounds, filter::admits);
    boolean isFound = Offers.offer(walker, found, wanted, sink);
    idle.add(walker);
    return isFound;
  }

  private BitSet rows(int label) {
    return rowsOf.computeIfAbsent(
        label,
        _ -> {
          BitSet rows = new BitSet(vectors.rowCount());
          labels.rows(label).forEach((int row) -> rows.set(row));
          return rows;
        });
  }
}
