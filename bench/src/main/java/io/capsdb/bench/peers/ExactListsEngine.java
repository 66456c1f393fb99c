package io.capsdb.bench.peers;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The floor: the rows sorted by each attribute. The shortest run of rows that one attribute of the
/// filter allows is tested against the others, and what matches is scored.
final class ExactListsEngine implements Engine {
  private @Nullable DataSet set;

  /// By attribute: value above, row below, ascending.
  private long[][] sorted = new long[0][];

  @Override
  public String version() {
    return "ours";
  }

  @Override
  public String settings() {
    return "a sorted list for each attribute";
  }

  @Override
  public void build(DataSet data, BuiltFolder folder, Progress progress) {
    set = data;
    sorted = new long[data.columns().length][];
    for (int attribute = 0; attribute < sorted.length; attribute++) {
      int[] column = data.columns()[attribute];
      long[] list = new long[column.length];
      Arrays.setAll(list, row -> ((long) column[row] << 32) | row);
      Arrays.sort(list);
      sorted[attribute] = list;
    }
  }

  @Override
  public long bytesBeyondRaw() {
    return Arrays.stream(sorted).mapToLong(list -> 8L * list.length).sum();
  }

  @Override
  public List<Setting> sweep(int k) {
    return List.of(new Setting("exact", 1));
  }

  @Override
  public Search search(Ranges ranges, Setting setting, int k) {
    DataSet data = Objects.requireNonNull(set, "not built");
    return query -> {
      NearestRows nearest = new NearestRows(data.metric(), data.rows(), data.queries()[query], k);
      int shortest = -1;
      int from = 0;
      int to = data.rowCount();
      int asked = 0;
      for (int attribute = 0; attribute < sorted.length; attribute++) {
        if (!ranges.isFree(query, attribute)) {
          asked++;
          int begin = firstFrom(sorted[attribute], ranges.low(query, attribute));
          int end = firstFrom(sorted[attribute], ranges.high(query, attribute) + 1L);
          if (shortest < 0 || end - begin < to - from) {
            shortest = attribute;
            from = begin;
            to = end;
          }
        }
      }
      if (shortest < 0) {
        nearest.addAll(0, data.rowCount());
        return nearest.take();
      }
      long[] list = sorted[shortest];
      for (int i = from; i < to; i++) {
        int row = (int) list[i];
        if (asked == 1 || ranges.matches(query, data.columns(), row)) {
          nearest.add(row);
        }
      }
      return nearest.take();
    };
  }

  /// Place of the first entry with at least a value.
  private static int firstFrom(long[] list, long value) {
    int place = Arrays.binarySearch(list, value << 32);
    return place < 0 ? -place - 1 : place;
  }
}
