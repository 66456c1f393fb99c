package io.capsdb.server.evaluate;

import io.capsdb.filter.Filter;
import java.util.Collections;
import java.util.List;

/// What a run of queries asks of payloads.
///
/// @param name for people, short
/// @param filters one for each query
public record Workload(String name, List<Filter> filters) {
  public Workload {
    filters = List.copyOf(filters);
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
