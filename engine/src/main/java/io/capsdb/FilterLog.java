package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.point.IdSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Some of the filters that searches asked for lately: by them the rows of new segments are
/// ordered. The first ones are all kept, of later ones every sixteenth takes the place of an older
/// one.
///
/// Safe for use by many threads; a search pays for one counter.
final class FilterLog {
  static final int SIZE = 64;

  private static final int SHARE = 16;
  private static final int MOST_VALUES = 1_000;

  private final AtomicLong seen = new AtomicLong();
  private final AtomicReferenceArray<@Nullable Filter> kept = new AtomicReferenceArray<>(SIZE);

  /// Filters that name many values order no rows, and would be held for long.
  private static boolean isLarge(Filter filter) {
    return switch (filter) {
      case Filter.HasId(IdSet ids) -> ids.count() > MOST_VALUES;
      case Filter.InIdSet _ -> true;
      case Filter.In in -> in.values().size() > MOST_VALUES;
      case Filter.Except except -> except.values().size() > MOST_VALUES;
      case Filter.Not(Filter part) -> isLarge(part);
      case Filter.And(List<Filter> parts) -> parts.stream().anyMatch(FilterLog::isLarge);
      case Filter.Or(List<Filter> parts) -> parts.stream().anyMatch(FilterLog::isLarge);
      case Filter.AtLeast(_, List<Filter> parts) -> parts.stream().anyMatch(FilterLog::isLarge);
      default -> false;
    };
  }

  /// @param filter that could be evaluated
  void add(Filter filter) {
    if (filter.equals(Filter.ALL) || isLarge(filter)) {
      return;
    }
    long number = seen.getAndIncrement();
    if (number < SIZE) {
      kept.set((int) number, filter);
    } else if (number % SHARE == 0) {
      kept.set((int) (number / SHARE % SIZE), filter);
    }
  }

  List<Filter> filters() {
    List<Filter> filters = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      Filter filter = kept.get(i);
      if (filter != null) {
        filters.add(filter);
      }
    }
    return filters;
  }
}
