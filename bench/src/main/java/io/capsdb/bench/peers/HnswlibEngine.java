package io.capsdb.bench.peers;

import com.github.jelmerk.hnswlib.core.DistanceFunctions;
import com.github.jelmerk.hnswlib.core.Item;
import com.github.jelmerk.hnswlib.core.SearchResult;
import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import io.capsdb.vector.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The Java port of hnswlib. It knows no filters: more rows than wanted are found, and those that
/// do not match are left out afterwards.
final class HnswlibEngine implements Engine {
  private static final String VERSION = "1.2.1";
  private static final int CONNECTIONS = 16;
  private static final int BEAM = 100;

  private @Nullable Built built;

  private record Built(DataSet set, HnswIndex<Integer, float[], Row, Float> index) {}

  /// A row as the library wants it.
  @SuppressWarnings("ArrayRecordComponent") // the library's interface
  private record Row(Integer id, float[] vector) implements Item<Integer, float[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public int dimensions() {
      return vector.length;
    }
  }

  @Override
  public String version() {
    return VERSION;
  }

  @Override
  public String settings() {
    return "M=" + CONNECTIONS + " ef=" + BEAM;
  }

  @Override
  public void build(DataSet set, BuiltFolder folder, Progress progress) {
    HnswIndex<Integer, float[], Row, Float> index =
        HnswIndex.newBuilder(
                set.dimension(),
                set.metric() == Metric.COSINE
                    ? DistanceFunctions.FLOAT_INNER_PRODUCT
                    : DistanceFunctions.FLOAT_EUCLIDEAN_DISTANCE,
                set.rowCount())
            .withM(CONNECTIONS)
            .withEfConstruction(BEAM)
            .build();
    List<Row> rows =
        IntStream.range(0, set.rowCount())
            .mapToObj(row -> new Row(row, set.rows().row(row)))
            .toList();
    try {
      index.addAll(
          rows,
          Runtime.getRuntime().availableProcessors(),
          (done, all) -> progress.at((double) done / all),
          1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    built = new Built(set, index);
  }

  /// The links of the lowest layer, twice M, four bytes each; the library tells no figure.
  @Override
  public long bytesBeyondRaw() {
    return 8L * CONNECTIONS * built().set().rowCount();
  }

  @Override
  public List<Setting> sweep(int k) {
    return Setting.timesK("found", k);
  }

  @Override
  public Search search(Ranges ranges, Setting setting, int k) {
    Built graph = built();
    int[][] columns = graph.set().columns();
    return query -> {
      int[] rows = new int[k];
      int count = 0;
      for (SearchResult<Row, Float> hit :
          graph.index().findNearest(graph.set().queries()[query], setting.whole())) {
        int row = hit.item().id();
        if (count < k && ranges.matches(query, columns, row)) {
          rows[count++] = row;
        }
      }
      return Arrays.copyOf(rows, count);
    };
  }

  private Built built() {
    return Objects.requireNonNull(built, "not built");
  }
}
