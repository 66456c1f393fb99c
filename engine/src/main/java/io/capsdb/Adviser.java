package io.capsdb;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.filter.Filter;
import io.capsdb.index.VectorIndex;
import io.capsdb.point.FieldPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Finds what searches lately asked of a collection and how its sealed segments fit that. For one
/// set of segments and one thread.
final class Adviser {
  /// Filters that must be of one kind before something is made of it.
  private static final int ENOUGH = 20;

  private static final double[] RECALLS = {0.8, 0.9, 0.95, 0.99, 0.999};

  /// Searches for each of the recalls: enough for a mean, and done in a moment.
  private static final int QUERIES = 16;

  private static final int HITS = 10;

  private final SegmentSet set;
  private final CollectionConfig config;
  private final CollectionSettings settings;
  private final List<Filter> filters;
  private final Function<SearchRequest, SearchPlan> searcher;
  private final List<String> suggestions = new ArrayList<>();

  /// @param filters that searches asked for lately
  /// @param searcher searches the set, and tells how it did
  Adviser(
      SegmentSet set,
      CollectionConfig config,
      CollectionSettings settings,
      List<Filter> filters,
      Function<SearchRequest, SearchPlan> searcher) {
    this.searcher = searcher;
    this.set = set;
    this.config = config;
    this.settings = settings;
    this.filters = filters;
  }

  Advice advice() {
    List<Advice.Field> fields = fields();
    List<Advice.Partitions> partitions = new ArrayList<>();
    List<Advice.Target> targets = new ArrayList<>();
    for (String vector : config.vectors().keySet()) {
      partitions(vector).ifPresent(partitions::add);
      largest(vector).ifPresent(index -> addTargets(vector, index, targets));
    }
    suggestTenant();
    return new Advice(filters.size(), fields, partitions, targets, suggestions);
  }

  private List<Advice.Field> fields() {
    Map<String, Integer> counts = new HashMap<>();
    for (Filter filter : filters) {
      Set<String> own = new HashSet<>();
      addFields(filter, own);
      own.forEach(path -> counts.merge(path, 1, Integer::sum));
    }
    List<Advice.Field> fields = new ArrayList<>();
    counts.forEach(
        (path, count) ->
            fields.add(
                new Advice.Field(
                    path, count, settings.fields().containsKey(path), unindexed(path))));
    fields.sort(
        Comparator.comparingInt(Advice.Field::filters)
            .reversed()
            .thenComparing(Advice.Field::path));
    for (Advice.Field field : fields) {
      if (field.unindexed() > 0 && !field.isDeclared()) {
        suggestions.add(
            "filters test '"
                + field.path()
                + "', which is not indexed for "
                + field.unindexed()
                + " points: declare it as a field (PUT …/index), which holds for points that are"
                + " sealed or merged from then on");
      }
    }
    return fields;
  }

  private static void addFields(Filter filter, Set<String> fields) {
    switch (filter) {
      case Filter.And(List<Filter> parts) -> parts.forEach(part -> addFields(part, fields));
      case Filter.Or(List<Filter> parts) -> parts.forEach(part -> addFields(part, fields));
      case Filter.AtLeast(_, List<Filter> parts) -> parts.forEach(part -> addFields(part, fields));
      case Filter.Not(Filter part) -> addFields(part, fields);
      case Filter.Leaf leaf -> fields.add(FieldPath.parse(leaf.field()).canonical());
      case Filter.PointTest _ -> {}
    }
  }

  /// Sealed points of segments that have something at the path and no index of it.
  private long unindexed(String path) {
    long points = 0;
    for (SegmentView view : set.views()) {
      Optional<RowAttributes> attributes = view.segment().attributes();
      if (attributes.isPresent() && !isIndexed(attributes.get().index(), path)) {
        points += view.liveCount();
      }
    }
    return points;
  }

  private static boolean isIndexed(AttributeIndex index, String path) {
    List<String> unindexed = index.unindexed();
    if (unindexed.stream().anyMatch(each -> each.startsWith(path + " "))) {
      return false;
    }
    // Where no type of any path was left out and it is not whole, paths were left out as a whole.
    boolean isLeftOut = !index.isWhole() && unindexed.isEmpty();
    return !isLeftOut || index.fields().stream().anyMatch(field -> field.path().equals(path));
  }

  private Optional<Advice.Partitions> partitions(String vector) {
    int segments = 0;
    int count = 0;
    int largest = 0;
    long rows = 0;
    for (SegmentView view : set.views()) {
      Optional<IndexPart> part = view.segment().part(vector, view.rowCount());
      int[] starts = part.map(own -> own.index().partitionStarts()).orElse(new int[0]);
      segments += starts.length > 1 ? 1 : 0;
      for (int i = 1; i < starts.length; i++) {
        int size = starts[i] - starts[i - 1];
        count += size > 0 ? 1 : 0;
        largest = Math.max(largest, size);
        rows += size;
      }
    }
    if (count == 0) {
      return Optional.empty();
    }
    Advice.Partitions found =
        new Advice.Partitions(vector, segments, count, largest, (double) rows / count);
    if (found.isSkewed()) {
      suggestions.add(
          "the largest partition"
              + (vector.isEmpty() ? "" : " of vector '" + vector + "'")
              + " has "
              + largest
              + " points, one of "
              + count
              + " has "
              + Math.round(found.mean())
              + " on average: many vectors are equal or nearly so");
    }
    return Optional.of(found);
  }

  /// The largest index of a vector that has partitions.
  private Optional<VectorIndex> largest(String vector) {
    return set.views().stream()
        .flatMap(view -> view.segment().part(vector, view.rowCount()).stream())
        .map(IndexPart::index)
        .filter(index -> index.partitionStarts().length > 1)
        .max(Comparator.comparingInt(VectorIndex::size));
  }

  private void addTargets(String vector, VectorIndex index, List<Advice.Target> targets) {
    int queries = Math.min(QUERIES, index.size());
    for (double recall : RECALLS) {
      double probes = 0;
      double scanned = 0;
      for (int i = 0; i < queries; i++) {
        int row = (int) ((long) i * index.size() / queries);
        SearchPlan plan =
            searcher.apply(
                SearchRequest.nearest(index.vectors().row(row))
                    .using(vector)
                    .limit(HITS)
                    .withPayload(false)
                    .plan(PlanChoice.PROBE)
                    .recall(recall));
        probes += plan.partitionsProbed();
        scanned += plan.rowsScored();
      }
      targets.add(new Advice.Target(vector, recall, probes / queries, scanned / queries));
    }
  }

  /// Where every search stays inside one value of a field, that field tells tenants apart.
  private void suggestTenant() {
    if (filters.size() < ENOUGH || settings.tenant().isPresent()) {
      return;
    }
    Set<String> common = null;
    Map<String, Set<Filter>> values = new HashMap<>();
    for (Filter filter : filters) {
      Set<String> own = new HashSet<>();
      List<Filter> parts = filter instanceof Filter.And(List<Filter> all) ? all : List.of(filter);
      for (Filter part : parts) {
        if (part instanceof Filter.In in && in.values().size() == 1) {
          String path = FieldPath.parse(in.field()).canonical();
          own.add(path);
          values.computeIfAbsent(path, _ -> new HashSet<>()).add(part);
        }
      }
      if (common == null) {
        common = own;
      } else {
        common.retainAll(own);
      }
    }
    for (String path : common == null ? Set.<String>of() : common) {
      if (values.getOrDefault(path, Set.of()).size() >= ENOUGH / 2) {
        suggestions.add(
            "each search stays inside one value of '"
                + path
                + "', of many: declare it with is_tenant before the points are loaded");
      }
    }
  }
}
