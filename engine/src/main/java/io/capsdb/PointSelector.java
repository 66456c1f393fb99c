package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.point.PointId;
import java.util.List;

/// Which points a change is for.
public sealed interface PointSelector {
  record ByIds(List<PointId> ids) implements PointSelector {
    public ByIds {
      ids = List.copyOf(ids);
    }
  }

  /// Those that satisfy a filter when the change is made.
  record ByFilter(Filter filter) implements PointSelector {}
}
