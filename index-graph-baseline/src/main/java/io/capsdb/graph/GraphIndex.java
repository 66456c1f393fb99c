package io.capsdb.graph;

import io.capsdb.attribute.Selection;
import io.capsdb.index.ExactIndex;
import io.capsdb.index.Prober;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.VectorIndex;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// An HNSW graph over the vectors of one segment. Rows stay in the order in which they came.
///
/// The **width** of a walk (*ef* in the paper) is the number of candidates of a budget, or follows
/// from the recall that it asks for. Immutable and safe for use by many threads; `vectors` stays
/// open as long as it is used.
public final class GraphIndex implements VectorIndex {
  private final Metric metric;
  private final VectorMatrix vectors;
  private final GraphLayout layout;
  private final FilterStrategy strategy;
  private final GraphSearcher.Pool searchers;

  GraphIndex(Metric metric, VectorMatrix vectors, GraphLayout layout, FilterStrategy strategy) {
    this(
        metric,
        vectors,
        layout,
        strategy,
        new GraphSearcher.Pool(layout, new Space.OfVectors(metric, vectors)));
  }

  private GraphIndex(
      Metric metric,
      VectorMatrix vectors,
      GraphLayout layout,
      FilterStrategy strategy,
      GraphSearcher.Pool searchers) {
    this.metric = metric;
    this.vectors = vectors;
    this.layout = layout;
    this.strategy = strategy;
    this.searchers = searchers;
  }

  /// @param way the name of a [FilterStrategy], in lower case
  @Override
  public GraphIndex searchedBy(String way) {
    List<String> known = new ArrayList<>();
    for (FilterStrategy own : FilterStrategy.values()) {
      known.add(own.name().toLowerCase(Locale.ROOT));
      if (known.getLast().equals(way)) {
        return new GraphIndex(metric, vectors, layout, own, searchers);
      }
    }
    throw new IllegalArgumentException(
        "a graph is not searched by '" + way + "', but by " + String.join(", ", known));
  }

  /// Bytes of the graph beside the vectors.
  public long bytes() {
    return layout.bytes();
  }

  GraphLayout layout() {
    return layout;
  }

  @Override
  public String kind() {
    return GraphIndexFactory.KIND;
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
        (wanted, width, sink) -> searchers.search(query, selection, strategy, wanted, width, sink));
  }
}
