package io.capsdb.graph;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.filter.Filter;
import io.capsdb.index.IndexFactory;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Builds and opens HNSW graphs; found by [java.util.ServiceLoader]. Rows keep their order, so that
/// a graph can stand beside another index over the same rows.
public final class GraphIndexFactory implements IndexFactory {
  static final String KIND = "graph";

  private final GraphParams params;
  private final FilterStrategy strategy;

  public GraphIndexFactory() {
    this(GraphParams.DEFAULT, FilterStrategy.AUTO);
  }

  public GraphIndexFactory(GraphParams params, FilterStrategy strategy) {
    this.params = params;
    this.strategy = strategy;
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
    Space space = new Space.OfVectors(metric, rows);
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
  public GraphIndex open(
      Metric metric, PartReader parts, VectorMatrix vectors, AttributeIndex attributes) {
    return new GraphIndex(
        metric, vectors, GraphCodec.read(KIND, parts, vectors).layout(), strategy);
  }
}
