package io.capsdb.server.http;

import io.capsdb.Hit;
import io.capsdb.SearchRequest;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Value;
import io.capsdb.point.FieldPath;
import io.capsdb.point.IdSet;
import io.capsdb.point.PointId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Groups hits by the values of a field: as many groups as are wanted or as there are, each with as
/// many hits as are wanted or as it has.
///
/// Groups are found by searching again without those that are known, and filled by a search of
/// their own where the hits that led to them are too few. Values that make no group (fractions,
/// truth values, objects) cannot be left out by a condition on the field, so points that have one
/// are left out by their ids once they were seen.
final class Grouper {
  /// Hits of one search for further groups.
  private static final int STEP = 500;

  private final QueryRunner runner;
  private final QueryBody body;
  private final String field;
  private final FieldPath path;
  private final int size;
  private final Map<Value, Map<PointId, Hit>> groups = new LinkedHashMap<>();
  private final Set<PointId> others = new HashSet<>();

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
    groups.forEach(
        (value, first) -> {
          Map<PointId, Hit> members = first.size() < size ? members(value) : first;
          List<Hit> hits = members.values().stream().limit(size).toList();
          found.add(new Group(value, runner.withVectors(hits, body)));
        });
    return found;
  }

  private void findGroups() {
    int most = body.limit();
    int step = Math.min(SearchRequest.MAX_LIMIT, Math.max(STEP, most * size));
    Filter unknown = new Filter.Not(new Filter.IsEmpty(field));
    while (groups.size() < most) {
      List<Hit> hits = search(unknown, step);
      Set<Value> known = Set.copyOf(groups.keySet());
      int knownOthers = others.size();
      hits.forEach(hit -> add(hit, known));
      // What was prefetched may be fewer than there are: then the next round finds others.
      boolean isAll = body.prefetch().isEmpty() ? hits.size() < step : hits.isEmpty();
      boolean isGroupFound = groups.size() > known.size();
      if (isAll || (!isGroupFound && others.size() == knownOthers)) {
        return;
      }
      if (!isGroupFound) {
        step = Math.min(SearchRequest.MAX_LIMIT, 2 * step);
      }
      // Some element is no known group: the point may be known, but not all of its groups.
      unknown = without(others, new Filter.Except(field, Set.copyOf(groups.keySet())));
    }
  }

  /// Adds a hit to its groups.
  ///
  /// @param known groups of earlier rounds, whose further hits are not all among those of this one
  private void add(Hit hit, Set<Value> known) {
    for (Object element : elements(hit)) {
      switch (element) {
        case String text -> add(hit, Value.of(text), known);
        case Long number -> add(hit, Value.of((long) number), known);
        default -> others.add(hit.id());
      }
    }
  }

  private void add(Hit hit, Value value, Set<Value> known) {
    boolean isOpen = groups.containsKey(value) || groups.size() < body.limit();
    if (isOpen && !known.contains(value)) {
      groups.computeIfAbsent(value, _ -> new LinkedHashMap<>()).putIfAbsent(hit.id(), hit);
    }
  }

  /// The best hits of a group. In the order of a field, a point comes once for each of its values.
  private Map<PointId, Hit> members(Value value) {
    Map<PointId, Hit> members = new LinkedHashMap<>();
    Filter in = new Filter.In(field, Set.of(value));
    List<Hit> hits;
    do {
      hits = search(without(members.keySet(), in), size);
      hits.forEach(hit -> members.putIfAbsent(hit.id(), hit));
    } while (members.size() < size && hits.size() == size);
    return members;
  }

  private static Filter without(Set<PointId> ids, Filter filter) {
    return ids.isEmpty()
        ? filter
        : QueryRunner.and(filter, new Filter.Not(new Filter.HasId(IdSet.of(ids))));
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

  /// What a hit has at the field, without nulls.
  private List<Object> elements(Hit hit) {
    List<@Nullable Object> elements = new ArrayList<>();
    path.any(
        hit.payload(),
        value -> {
          if (value instanceof List<?> list) {
            elements.addAll(list);
          } else {
            elements.add(value);
          }
          return false;
        });
    return elements.stream().flatMap(Stream::ofNullable).toList();
  }
}
