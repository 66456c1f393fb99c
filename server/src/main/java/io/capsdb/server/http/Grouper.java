package io.capsdb.server.http;

import io.capsdb.Hit;
import io.capsdb.SearchRequest;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Value;
import io.capsdb.point.FieldPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Groups hits by the values of a field: as many groups as are wanted or as there are, each with as
/// many hits as are wanted or as it has.
///
/// Groups are found by searching again without those that are known, and filled by a search of
/// their own where the hits that led to them are too few.
final class Grouper {
  /// Hits of one search for further groups.
  private static final int STEP = 500;

  private final QueryRunner runner;
  private final QueryBody body;
  private final String field;
  private final FieldPath path;
  private final int size;
  private final Map<Value, List<Hit>> groups = new LinkedHashMap<>();

  /// A value of the field and its best hits.
  record Group(Value value, List<Hit> hits) {}

  /// @param body whose limit is the number of groups
  /// @param size most hits of a group
  Grouper(QueryRunner runner, QueryBody body, String field, int size) {
    this.runner = runner.withoutLimits();
    this.body = body;
    this.field = field;
    this.path = FieldPath.parse(field);
    this.size = size;
  }

  /// Best groups first: those with the best hit.
  List<Group> group() {
    findGroups();
    List<Group> found = new ArrayList<>();
    for (Map.Entry<Value, List<Hit>> entry : groups.entrySet()) {
      List<Hit> hits = entry.getValue();
      if (hits.size() < size) {
        hits = search(new Filter.In(field, Set.of(entry.getKey())), size);
      }
      hits = hits.subList(0, Math.min(size, hits.size()));
      found.add(new Group(entry.getKey(), runner.withVectors(hits, body)));
    }
    return found;
  }

  private void findGroups() {
    int most = body.limit();
    int step = Math.min(SearchRequest.MAX_LIMIT, Math.max(STEP, most * size));
    Filter unknown = new Filter.Not(new Filter.IsEmpty(field));
    while (groups.size() < most) {
      List<Hit> hits = search(unknown, step);
      int before = groups.size();
      for (Hit hit : hits) {
        for (Value value : values(hit)) {
          List<Hit> group = groups.get(value);
          if (group != null) {
            group.add(hit);
          } else if (groups.size() < most) {
            groups.put(value, new ArrayList<>(List.of(hit)));
          }
        }
      }
      // What was prefetched may be fewer than there are: then the next round finds others.
      boolean isAll = body.prefetch().isEmpty() ? hits.size() < step : hits.isEmpty();
      if (isAll || groups.size() == before) {
        return;
      }
      // Some element is no known group: the point may be known, but not all of its groups.
      unknown = new Filter.Except(field, Set.copyOf(groups.keySet()));
    }
  }

  private List<Hit> search(Filter more, int limit) {
    return runner
        .run(
            new QueryBody(
                body.spec(),
                body.prefetch(),
                body.using(),
                QueryRunner.and(body.filter(), more),
                body.options().withoutLimits(),
                limit,
                0,
                body.scoreThreshold(),
                new PayloadSelector.Everything(),
                VectorSelector.NONE,
                body.lookup()))
        .hits();
  }

  /// The strings and whole numbers that a hit has at the field.
  private Set<Value> values(Hit hit) {
    Set<Value> values = new LinkedHashSet<>();
    path.any(
        hit.payload(),
        value -> {
          if (value instanceof List<?> list) {
            list.forEach(element -> add(element, values));
          } else {
            add(value, values);
          }
          return false;
        });
    return values;
  }

  private static void add(@Nullable Object element, Set<Value> values) {
    switch (element) {
      case String text -> values.add(Value.of(text));
      case Long number -> values.add(Value.of((long) number));
      case null, default -> {}
    }
  }
}
