package io.capsdb.bench.peers;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.Selection;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import io.capsdb.bench.segment.IndexParts;
import io.capsdb.filter.Filter;
import io.capsdb.index.IndexFactory;
import io.capsdb.index.ProbeQueue;
import io.capsdb.index.SearchBudget;
import io.capsdb.index.VectorIndex;
import io.capsdb.point.Payload;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One of our graph indexes by itself, over all rows: without collection, segments and documents.
/// Attributes are indexed as in a segment. The sweep is over the width of the walk.
final class IndexEngine implements Engine {
  private final IndexFactory factory;
  private final String settings;
  private @Nullable Built built;

  private record Built(
      DataSet set, AttributeIndex attributes, VectorIndex index, long bytesBeyondRaw) {}

  /// @param settings in words
  IndexEngine(IndexFactory factory, String settings) {
    this.factory = factory;
    this.settings = settings;
  }

  @Override
  public String version() {
    return "ours";
  }

  @Override
  public String settings() {
    return settings;
  }

  @Override
  public void build(DataSet set, BuiltFolder folder, Progress progress) throws IOException {
    AttributeIndex.Builder builder =
        AttributeIndex.Builder.beside(java.util.Set.of(), set.rows().rowBytes());
    for (int row = 0; row < set.rowCount(); row++) {
      Map<String, @Nullable Object> payload = new LinkedHashMap<>();
      for (int attribute = 0; attribute < set.columns().length; attribute++) {
        payload.put(set.attributes().get(attribute), set.columns()[attribute][row]);
      }
      builder.add(Payload.of(payload));
    }
    AttributeIndex attributes = builder.build().withColumns();
    IndexParts parts = new IndexParts();
    factory
        .build(
            set.metric(), set.rows(), attributes, List.of(), new SplittableRandom(1), progress::at)
        .write(parts);
    built =
        new Built(
            set,
            attributes,
            factory.open(set.metric(), parts, set.rows(), attributes),
            parts.bytes() + attributes.bytes());
  }

  @Override
  public long bytesBeyondRaw() {
    return built().bytesBeyondRaw();
  }

  @Override
  public List<Setting> sweep(int k) {
    return Setting.timesK("width", k);
  }

  @Override
  public Search search(Ranges ranges, Setting setting, int k) {
    Built own = built();
    // Asks for nothing but the width.
    SearchBudget budget = new SearchBudget(setting.whole(), 0, 0, Double.MIN_VALUE);
    return query -> {
      Filter filter = CapsDbEngine.filter(own.set(), ranges, query);
      Selection selection =
          filter.equals(Filter.ALL)
              ? Selection.all(own.set().rowCount())
              : own.attributes()
                  .select(
                      filter,
                      ordinal -> {
                        throw new IllegalStateException("no document of row " + ordinal);
                      });
      ProbeQueue.Outcome outcome =
          ProbeQueue.search(
              List.of(new ProbeQueue.Source(own.index(), selection)),
              own.set().queries()[query],
              k,
              budget,
              Long::compare);
      int[] rows = new int[outcome.hits().size()];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (int) outcome.hits().keys()[i];
      }
      return rows;
    };
  }

  private Built built() {
    return Objects.requireNonNull(built, "not built");
  }
}
