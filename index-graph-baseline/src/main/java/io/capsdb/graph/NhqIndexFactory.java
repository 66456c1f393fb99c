package io.capsdb.graph;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.Selection;
import io.capsdb.filter.Filter;
import io.capsdb.index.ExactIndex;
import io.capsdb.index.IndexFactory;
import io.capsdb.index.Prober;
import io.capsdb.index.RowSink;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.VectorIndex;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Builds and opens NHQ: a graph on a distance that counts attributes, searched with the same
/// distance, so that rows which match come first; what does not match is left out afterwards. The
/// graph is HNSW, one of those that the paper puts the distance into.
public final class NhqIndexFactory implements IndexFactory {
  private static final String KIND = "nhq";

  /// A walk that brings too few matches is repeated with twice the width, up to this share of all
  /// rows.
  private static final int WIDEST_SHARE = 4;

  private final GraphParams params;

  public NhqIndexFactory(GraphParams params) {
    this.params = params;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public BuiltIndex build(
      Metric metric,
      VectorMatrix rows,
      AttributeIndex attributes,
      List<Filter> observed,
      RandomGenerator random,
      DoubleConsumer progress) {
    Space space = FusedSpace.of(metric, rows, attributes);
    return new Built(rows.dimension(), new GraphBuilder(space, params, random, progress).build());
  }

  private record Built(int dimension, GraphLayout layout) implements BuiltIndex {
    @Override
    public int[] order() {
      return IntStream.range(0, layout.rowCount()).toArray();
    }

    @Override
    public void write(PartWriter out) throws IOException {
      GraphCodec.write(KIND, dimension, layout, _ -> {}, out);
    }
  }

  @Override
  public VectorIndex open(
      Metric metric, PartReader parts, VectorMatrix vectors, AttributeIndex attributes) {
    return new Index(
        GraphCodec.read(KIND, parts, vectors).layout(),
        FusedSpace.of(metric, vectors, attributes),
        new ConcurrentLinkedQueue<>());
  }

  private record Index(GraphLayout layout, FusedSpace space, ConcurrentLinkedQueue<Walker> idle)
      implements VectorIndex {
    @Override
    public String kind() {
      return KIND;
    }

    @Override
    public Metric metric() {
      return space.vectors().metric();
    }

    @Override
    public VectorMatrix vectors() {
      return space.vectors().rows();
    }

    @Override
    public Prober prober(float[] query, Selection selection, SearchBudget budget) {
      if (budget.equals(SearchBudget.UNBOUNDED)) {
        return ExactIndex.scanOf(metric(), vectors(), query, selection);
      }
      return new GraphProber(
          this,
          query,
          selection,
          budget,
          (wanted, width, sink) -> search(query, selection, wanted, width, sink));
    }

    private boolean search(
        float[] query, Selection selection, int wanted, int width, RowSink sink) {
      Walker known = idle.poll();
      Walker walker = known == null ? new Walker(space, layout.lowest().links().most()) : known;
      RowFilter filter = new RowFilter(selection, sink.counters(), width);
      Space.Origin origin = space.query(query, selection.filter());
      int from = walker.descend(layout, origin);
      int most = Math.max(width, layout.rowCount() / WIDEST_SHARE);
      boolean isFound = false;
      for (long wide = width; wide <= most && !isFound; wide *= 2) {
        Beam found = walker.walk(layout.lowest(), origin, from, (int) wide);
        isFound = offer(walker, origin, found, filter, wanted, sink);
      }
      if (!isFound) {
        Offers.count(walker, 0, sink);
      }
      idle.add(walker);
      return isFound;
    }

    /// Offers what matches, by its true distance; false where that is too little.
    private boolean offer(
        Walker walker,
        Space.Origin origin,
        Beam found,
        RowFilter filter,
        int wanted,
        RowSink sink) {
      int[] ordinals = new int[found.size()];
      int count = 0;
      for (int i = 0; i < found.size(); i++) {
        int ordinal = Keys.row(found.key(i));
        if (filter.admits(ordinal)) {
          ordinals[count++] = ordinal;
        }
      }
      if (count < wanted) {
        return false;
      }
      float[] distances = new float[count];
      space.vectors().distances(origin, ordinals, count, distances);
      Offers.offer(walker, ordinals, distances, count, sink);
      return true;
    }
  }
}
