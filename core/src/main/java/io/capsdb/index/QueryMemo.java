package io.capsdb.index;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What the indexes of one search make of its query, such as codes of it: made by the first that
/// needs it, and shared by all that would make the same. Not for more than one thread.
public final class QueryMemo {
  private final int indexCount;

  /// Few: a collection has segments in one or two frames.
  private final List<Made> all = new ArrayList<>(2);

  private record Made(Object key, Object value) {}

  /// Of a search in one index.
  public QueryMemo() {
    this(1);
  }

  /// @param indexCount indexes in which the search looks
  public QueryMemo(int indexCount) {
    this.indexCount = Math.max(1, indexCount);
  }

  /// Indexes in which the search looks: the more there are, the fewer of the nearest are in each.
  public int indexCount() {
    return indexCount;
  }

  /// What was made for a key that is equal, or is made now.
  ///
  /// @param key what the value depends on besides the query, with an `equals` of its own
  /// @param type of all values under such keys
  public <V> V get(Object key, Class<V> type, Supplier<V> maker) {
    for (Made made : all) {
      if (made.key().equals(key)) {
        return type.cast(made.value());
      }
    }
    V value = maker.get();
    all.add(new Made(key, value));
    return value;
  }
}
