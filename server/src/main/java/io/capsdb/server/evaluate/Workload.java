package io.capsdb.server.evaluate;

import io.capsdb.filter.Filter;
import io.capsdb.point.PointId;
import java.util.Collections;
import java.util.List;

/// What a run of queries asks of payloads.
///
/// @param name for people, short
/// @param filters one for each query
/// @param given for each query, the answers that came with it, nearest first; empty where none came
public record Workload(String name, List<Filter> filters, List<List<PointId>> given) {
  public Workload {
    filters = List.copyOf(filters);
    given = List.copyOf(given);
    if (!given.isEmpty() && given.size() != filters.size()) {
      throw new IllegalArgumentException(
          "'" + name + "' has " + given.size() + " answers for " + filters.size() + " queries");
    }
  }

  /// Without answers.
  public Workload(String name, List<Filter> filters) {
    this(name, filters, List.of());
  }

  /// The same filter for all queries.
  public static Workload of(String name, Filter filter, int queryCount) {
    return new Workload(name, Collections.nCopies(queryCount, filter));
  }

  /// Without a filter.
  public static Workload unfiltered(int queryCount) {
    return of("none", Filter.ALL, queryCount);
  }
}
