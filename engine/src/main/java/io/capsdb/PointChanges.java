package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.point.PointId;
import io.capsdb.storage.LogRecord;
import io.capsdb.vector.SparseVector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Works out what points are after a change that depends on what they were. For the one writer,
/// which holds its lock from the reading to the writing.
final class PointChanges {
  private final SegmentSet set;
  private final IdDirectory directory;
  private final Function<Filter, RowMatcher> matchers;

  /// @param set the newest one
  /// @param directory that shows its rows
  /// @param matchers makes the matcher of a filter
  PointChanges(SegmentSet set, IdDirectory directory, Function<Filter, RowMatcher> matchers) {
    this.set = set;
    this.directory = directory;
    this.matchers = matchers;
  }

  /// @param updates the vectors to be set, by their names; payloads are left out
  /// @param condition that a stored point must satisfy to be changed
  /// @throws PointNotFoundException if an id is not there
  List<LogRecord.Entry> vectors(List<LogRecord.Entry> updates, Optional<Filter> condition) {
    Optional<RowMatcher> matcher = condition.map(matchers);
    List<LogRecord.Entry> entries = new ArrayList<>();
    for (LogRecord.Entry update : updates) {
      Found found = require(update.id());
      if (matcher.isEmpty() || matcher.get().matches(found.view(), found.row())) {
        StoredPoint old = found.point();
        Map<String, float[]> vectors = new HashMap<>(old.vectors());
        vectors.putAll(update.vectors());
        Map<String, SparseVector> sparse = new HashMap<>(old.sparse());
        sparse.putAll(update.sparse());
        entries.add(new LogRecord.Entry(old.id(), vectors, sparse, old.payload()));
      }
    }
    return entries;
  }

  /// @throws PointNotFoundException if an id is not there
  List<LogRecord.Entry> withoutVectors(PointSelector selector, Set<String> names) {
    List<LogRecord.Entry> entries = new ArrayList<>();
    for (Found found : select(selector)) {
      StoredPoint old = found.point();
      Map<String, float[]> vectors = new HashMap<>(old.vectors());
      vectors.keySet().removeAll(names);
      Map<String, SparseVector> sparse = new HashMap<>(old.sparse());
      sparse.keySet().removeAll(names);
      entries.add(new LogRecord.Entry(old.id(), vectors, sparse, old.payload()));
    }
    return entries;
  }

  /// Those of some points that are to be stored.
  ///
  /// @param condition that a stored point must satisfy to be replaced
  List<LogRecord.Entry> upserts(
      List<LogRecord.Entry> points, UpsertMode mode, Optional<Filter> condition) {
    Optional<RowMatcher> matcher = condition.map(matchers);
    List<LogRecord.Entry> entries = new ArrayList<>();
    for (LogRecord.Entry point : points) {
      Optional<Found> old = find(point.id());
      boolean isStored =
          switch (mode) {
            case UPSERT -> true;
            case INSERT_ONLY -> old.isEmpty();
            case UPDATE_ONLY -> old.isPresent();
          };
      boolean isAllowed =
          old.isEmpty()
              || matcher.isEmpty()
              || matcher.get().matches(old.get().view(), old.get().row());
      if (isStored && isAllowed) {
        entries.add(point);
      }
    }
    return entries;
  }

  private List<Found> select(PointSelector selector) {
    return switch (selector) {
      case PointSelector.ByIds(List<PointId> ids) -> {
        Map<PointId, Found> found = new LinkedHashMap<>();
        for (PointId id : ids) {
          found.put(id, require(id));
        }
        yield List.copyOf(found.values());
      }
      case PointSelector.ByFilter(Filter filter) -> {
        RowMatcher matcher = matchers.apply(filter);
        List<Found> found = new ArrayList<>();
        for (SegmentView view : set.views()) {
          matcher.rows(view).forEach((int row) -> found.add(new Found(view, row)));
        }
        yield found;
      }
    };
  }

  private Found require(PointId id) {
    return find(id)
        .orElseThrow(() -> new PointNotFoundException("there is no point with id " + id));
  }

  /// Without a scan where it is not there: the directory is right for the writer.
  private Optional<Found> find(PointId id) {
    return directory.locate(set, id) == null ? Optional.empty() : directory.find(set, id);
  }
}
