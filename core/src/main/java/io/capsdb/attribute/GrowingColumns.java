package io.capsdb.attribute;

import io.capsdb.filter.Filter;
import io.capsdb.point.FieldPath;
import io.capsdb.point.Payload;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/// The payloads of rows that are still being appended, as columns, so that filters on the newest
/// rows read hardly any documents.
///
/// One writer appends rows; any number of readers ask about rows that were published to them after
/// they were appended. A value that a column cannot hold (an array) is verified on its document.
public final class GrowingColumns {
  /// Paths that get a column; the first ones met. Filters on others read documents.
  private static final int MAX_PATHS = 256;

  private final int capacity;
  private final Map<String, GrowingColumn> columns = new ConcurrentHashMap<>();
  private volatile boolean isComplete = true;
  private int count;

  /// @param capacity most rows, at least 1
  public GrowingColumns(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
    }
    this.capacity = capacity;
  }

  /// Appends the next row. For the one writer.
  ///
  /// @throws IllegalStateException if there is no room
  public void add(Payload payload) {
    if (count == capacity) {
      throw new IllegalStateException("all " + capacity + " rows are taken");
    }
    addAll("", payload.fields(), 1);
    count++;
  }

  private void addAll(String parent, Map<?, ?> fields, int depth) {
    for (Map.Entry<?, ?> field : fields.entrySet()) {
      String path = FieldPath.join(parent, (String) field.getKey());
      GrowingColumn column = columns.get(path);
      if (column == null && columns.size() < MAX_PATHS) {
        column = new GrowingColumn(capacity);
        columns.put(path, column);
      }
      if (column == null) {
        isComplete = false;
      } else {
        column.put(count, field.getValue());
      }
      if (field.getValue() instanceof Map<?, ?> below && depth < AttributeIndex.MAX_DEPTH) {
        addAll(path, below, depth + 1);
      }
    }
  }

  /// The rows that satisfy a filter.
  ///
  /// @param rows the first rows, which were published to the caller
  /// @param verify reads the document of a row and tells whether it matches the filter
  /// @throws IllegalArgumentException if a field path of the filter is malformed
  public RoaringBitmap matching(Filter filter, int rows, IntPredicate verify) {
    RowMasks masks = test(filter, rows);
    RoaringBitmap matching = BitSetUtil.bitmapOf(masks.certain());
    masks.forEachUndecided(
        row -> {
          if (verify.test(row)) {
            matching.add(row);
          }
        });
    return matching;
  }

  private RowMasks test(Filter filter, int rows) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) -> {
        RowMasks all = RowMasks.all(rows);
        parts.forEach(part -> all.and(test(part, rows)));
        yield all;
      }
      case Filter.Or(List<Filter> parts) -> {
        RowMasks any = RowMasks.none(rows);
        parts.forEach(part -> any.or(test(part, rows)));
        yield any;
      }
      case Filter.Not(Filter part) -> test(part, rows).not();
      case Filter.AtLeast(int least, List<Filter> parts) ->
          RowMasks.atLeast(least, parts.stream().map(part -> test(part, rows)).toList(), rows);
      case Filter.Leaf leaf -> testLeaf(leaf, rows);
      case Filter.PointTest _ -> RowMasks.undecided(rows);
    };
  }

  private RowMasks testLeaf(Filter.Leaf leaf, int rows) {
    FieldPath path = FieldPath.parse(leaf.field());
    if (!path.isPlain() || path.length() > AttributeIndex.MAX_DEPTH) {
      return RowMasks.undecided(rows);
    }
    // Completeness first: a path that misses its column after that has no row among these.
    boolean wasComplete = isComplete;
    GrowingColumn column = columns.get(path.canonical());
    if (column != null) {
      return column.test(leaf, rows);
    }
    if (!wasComplete) {
      return RowMasks.undecided(rows);
    }
    return FilterResolver.isTrueOfNothing(leaf) ? RowMasks.all(rows) : RowMasks.none(rows);
  }
}
