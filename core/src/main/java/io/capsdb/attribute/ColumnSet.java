package io.capsdb.attribute;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The columns of a part: one for each path and type of which no row has two values. Immutable and
/// safe for use by many threads.
final class ColumnSet {
  /// Values of one `in` that are compared on a column; more of them are merged as bitmaps.
  static final int MOST_INTERVALS = 4;

  private final Sample sample;
  private final Map<String, Map<ValueType, RowTest.Columns>> columns;

  private ColumnSet(Sample sample, Map<String, Map<ValueType, RowTest.Columns>> columns) {
    this.sample = sample;
    this.columns = columns;
  }

  /// Makes the columns of the paths; costs one pass over their postings.
  static ColumnSet of(Iterable<PathValues> paths, int size) {
    Sample sample = new Sample(size);
    Map<String, Map<ValueType, RowTest.Columns>> columns = new HashMap<>();
    for (PathValues path : paths) {
      Map<ValueType, RowTest.Columns> own = new EnumMap<>(ValueType.class);
      path.types()
          .forEach(
              (type, values) ->
                  values
                      .column(size)
                      .ifPresent(all -> own.put(type, RowTest.Columns.of(all, sample))));
      columns.put(path.path(), own);
    }
    return new ColumnSet(sample, columns);
  }

  /// The same, knowing which columns ascend in each run, and which codes stand in it.
  ColumnSet inRuns(int[] starts) {
    Map<String, Map<ValueType, RowTest.Columns>> known = new HashMap<>();
    columns.forEach(
        (path, types) -> {
          Map<ValueType, RowTest.Columns> own = new EnumMap<>(ValueType.class);
          types.forEach((type, each) -> own.put(type, each.inRuns(starts)));
          known.put(path, own);
        });
    return new ColumnSet(sample, known);
  }

  Sample sample() {
    return sample;
  }

  /// The column of a type at a path; null where some row has two values.
  RowTest.@Nullable Columns of(String path, ValueType type) {
    Map<ValueType, RowTest.Columns> own = columns.get(path);
    return own == null ? null : own.get(type);
  }
}
