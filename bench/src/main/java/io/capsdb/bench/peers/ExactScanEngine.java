package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tests every row and scores those that match.
final class ExactScanEngine implements Engine {
  private @Nullable DataSet set;

  @Override
  public String version() {
    return "ours";
  }

  @Override
  public String settings() {
    return "none";
  }

  @Override
  public void build(DataSet data, BuiltFolder folder, Progress progress) {
    set = data;
  }

  @Override
  public long bytesBeyondRaw() {
    return 0;
  }

  @Override
  public List<Setting> sweep(int k) {
    return List.of(new Setting("exact", 1));
  }

  @Override
  public Search search(Ranges ranges, Setting setting, int k) {
    DataSet data = java.util.Objects.requireNonNull(set, "not built");
    return query -> {
      NearestRows nearest = new NearestRows(data.metric(), data.rows(), data.queries()[query], k);
      if (ranges.isFree(query)) {
        nearest.addAll(0, data.rowCount());
      } else {
        for (int row : ranges.rows(query, data.columns(), data.rowCount())) {
          nearest.add(row);
        }
      }
      return nearest.take();
    };
  }
}
