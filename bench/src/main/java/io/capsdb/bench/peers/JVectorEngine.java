package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import io.capsdb.vector.Metric;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.quantization.PQVectors;
import io.github.jbellis.jvector.quantization.ProductQuantization;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/// JVector's graph in memory, with full vectors or with product quantisation and full vectors for
/// the nearest. Its filter is a test of each node that is reached.
final class JVectorEngine implements Engine {
  private static final String VERSION = "4.0.2";
  private static final int DEGREE = 32;
  private static final int BEAM = 100;
  private static final float OVERFLOW = 1.2f;
  private static final float ALPHA = 1.2f;
  private static final int VALUES_PER_CODE = 4;
  private static final int CODES = 256;

  private static final VectorTypeSupport TYPES =
      VectorizationProvider.getInstance().getVectorTypeSupport();

  private final boolean isQuantized;
  private @Nullable Built built;

  /// @param codes where there are some
  private record Built(
      DataSet set,
      VectorSimilarityFunction similarity,
      RandomAccessVectorValues rows,
      ImmutableGraphIndex graph,
      @Nullable PQVectors codes) {}

  JVectorEngine(boolean isQuantized) {
    this.isQuantized = isQuantized;
  }

  @Override
  public String version() {
    return VERSION;
  }

  @Override
  public String settings() {
    return "degree="
        + DEGREE
        + " beam="
        + BEAM
        + (built().graph().isHierarchical() ? ", hierarchy" : "")
        + (isQuantized ? ", a byte for " + VALUES_PER_CODE + " values" : "");
  }

  @Override
  public void build(DataSet set, BuiltFolder folder, Progress progress) throws IOException {
    List<VectorFloat<?>> vectors = new ArrayList<>(set.rowCount());
    for (int row = 0; row < set.rowCount(); row++) {
      vectors.add(TYPES.createFloatVector(set.rows().row(row)));
    }
    RandomAccessVectorValues rows = new ListRandomAccessVectorValues(vectors, set.dimension());
    VectorSimilarityFunction similarity =
        set.metric() == Metric.COSINE
            ? VectorSimilarityFunction.DOT_PRODUCT
            : VectorSimilarityFunction.EUCLIDEAN;
    try (GraphIndexBuilder builder =
        GraphIndexBuilder.builder(
                BuildScoreProvider.randomAccessScoreProvider(rows, similarity),
                set.dimension(),
                List.of(DEGREE, DEGREE))
            .withBeamWidth(BEAM)
            .withNeighborOverflow(OVERFLOW)
            .withAlpha(ALPHA)
            .build()) {
      ImmutableGraphIndex graph = builder.build(rows);
      PQVectors codes = null;
      if (isQuantized) {
        ProductQuantization quantization =
            ProductQuantization.compute(
                rows,
                Math.max(1, set.dimension() / VALUES_PER_CODE),
                CODES,
                set.metric() == Metric.EUCLID);
        codes = quantization.encodeAll(rows, ForkJoinPool.commonPool());
      }
      built = new Built(set, similarity, rows, graph, codes);
    }
  }

  /// As the library itself reckons the memory of its graph and codes.
  @Override
  public long bytesBeyondRaw() {
    PQVectors codes = built().codes();
    return built().graph().ramBytesUsed() + (codes == null ? 0 : codes.ramBytesUsed());
  }

  @Override
  public List<Setting> sweep(int k) {
    return Setting.timesK("rerankK", k);
  }

  @Override
  public Search search(Ranges ranges, Setting setting, int k) {
    Built index = built();
    int[][] columns = index.set().columns();
    @SuppressWarnings("MustBeClosed") // holds nothing but memory
    GraphSearcher searcher = new GraphSearcher(index.graph());
    return query -> {
      VectorFloat<?> vector = TYPES.createFloatVector(index.set().queries()[query]);
      Bits allowed = ranges.isFree(query) ? Bits.ALL : row -> ranges.matches(query, columns, row);
      SearchResult result =
          searcher.search(scores(index, vector), k, setting.whole(), 0f, 0f, allowed);
      SearchResult.NodeScore[] nodes = result.getNodes();
      int[] rows = new int[nodes.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = nodes[i].node;
      }
      return rows;
    };
  }

  private static DefaultSearchScoreProvider scores(Built index, VectorFloat<?> vector) {
    PQVectors codes = index.codes();
    return codes == null
        ? DefaultSearchScoreProvider.exact(vector, index.similarity(), index.rows())
        : new DefaultSearchScoreProvider(
            codes.precomputedScoreFunctionFor(vector, index.similarity()),
            index.rows().rerankerFor(vector, index.similarity()));
  }

  private Built built() {
    return Objects.requireNonNull(built, "not built");
  }
}
