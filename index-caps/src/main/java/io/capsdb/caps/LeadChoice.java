package io.capsdb.caps;

import io.capsdb.attribute.AttributeField;
import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.Selection;
import io.capsdb.filter.Filter;
import io.capsdb.point.FieldPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Chooses the fields by which the rows of partitions are ordered: greedily, those that spare the
/// most reading under the filters that were seen. What would be read is counted, not estimated:
/// some partitions are ordered each way, and the groups of rows with a match are counted for each
/// filter.
final class LeadChoice {
  /// Filters that are looked at; the newest.
  private static final int MOST_FILTERS = 64;

  /// Partitions that are ordered each way.
  private static final int MOST_PARTITIONS = 32;

  /// Fields that are tried; those that most filters name.
  private static final int MOST_FIELDS = 8;

  /// Fields that rows are ordered by; later ones find few rows left to order.
  private static final int MOST_LEADS = 3;

  /// Rows that are read together: one match has all of them scored.
  private static final int GROUP = 16;

  /// A field must spare at least this share of the reading to be worth its place.
  private static final double LEAST_GAIN = 0.02;

  private final AttributeIndex attributes;
  private final List<Filter> filters;
  private final List<int[]> partitions = new ArrayList<>();

  /// By partition and filter, whether each row of the partition can match, by its place in it.
  private final List<boolean[][]> matches = new ArrayList<>();

  /// @param attributes in input order, with columns
  /// @param observed newest last
  /// @param members the rows of each partition, ascending
  LeadChoice(AttributeIndex attributes, List<Filter> observed, int[][] members) {
    this.attributes = attributes;
    this.filters = observed.subList(Math.max(0, observed.size() - MOST_FILTERS), observed.size());
    List<Selection> selections =
        filters.stream().map(filter -> attributes.select(filter, _ -> true)).toList();
    int count = Math.min(members.length, MOST_PARTITIONS);
    for (int i = 0; i < count; i++) {
      int[] rows = members[(int) ((long) i * members.length / count)];
      partitions.add(rows);
      boolean[][] own = new boolean[filters.size()][rows.length];
      for (int filter = 0; filter < own.length; filter++) {
        for (int place = 0; place < rows.length; place++) {
          own[filter][place] = selections.get(filter).mayMatch(rows[place]);
        }
      }
      matches.add(own);
    }
  }

  /// The best order by fields; empty where it spares little against another order.
  Optional<PartitionOrder> choose(PartitionOrder other) {
    List<int[]> leads = new ArrayList<>();
    List<int[]> candidates = candidates();
    long best = read(other);
    Optional<PartitionOrder> chosen = Optional.empty();
    while (leads.size() < MOST_LEADS) {
      int[] next = new int[0];
      long least = Long.MAX_VALUE;
      for (int[] candidate : candidates) {
        long read = leads.contains(candidate) ? Long.MAX_VALUE : read(with(leads, candidate));
        if (read < least) {
          least = read;
          next = candidate;
        }
      }
      if (least > (1 - LEAST_GAIN) * best) {
        break;
      }
      leads.add(next);
      best = least;
      chosen = Optional.of(new LeadOrder(List.copyOf(leads)));
    }
    return chosen;
  }

  private static LeadOrder with(List<int[]> leads, int[] candidate) {
    List<int[]> more = new ArrayList<>(leads);
    more.add(candidate);
    return new LeadOrder(more);
  }

  /// Groups of rows that all filters together have read.
  long read(PartitionOrder order) {
    long groups = 0;
    int[] placeOf = new int[attributes.size()];
    for (int i = 0; i < partitions.size(); i++) {
      int[] rows = partitions.get(i);
      for (int place = 0; place < rows.length; place++) {
        placeOf[rows[place]] = place;
      }
      int[] ordered = order.order(rows).rows();
      for (boolean[] own : matches.get(i)) {
        int last = -1;
        for (int at = 0; at < ordered.length; at++) {
          if (own[placeOf[ordered[at]]] && at / GROUP != last) {
            last = at / GROUP;
            groups++;
          }
        }
      }
    }
    return groups;
  }

  /// The codes of the fields that filters name.
  private List<int[]> candidates() {
    Map<String, Integer> counts = new HashMap<>();
    filters.forEach(filter -> count(filter, counts));
    List<AttributeField> named =
        new ArrayList<>(
            attributes.fields().stream()
                .filter(field -> counts.containsKey(field.path()))
                .toList());
    named.sort(
        java.util.Comparator.comparingInt((AttributeField f) -> -counts.getOrDefault(f.path(), 0)));
    List<int[]> codes = new ArrayList<>();
    for (AttributeField field : named) {
      if (codes.size() < MOST_FIELDS) {
        attributes.codes(field).ifPresent(codes::add);
      }
    }
    return codes;
  }

  private static void count(Filter filter, Map<String, Integer> counts) {
    switch (filter) {
      case Filter.And(List<Filter> parts) -> parts.forEach(part -> count(part, counts));
      case Filter.Or(List<Filter> parts) -> parts.forEach(part -> count(part, counts));
      case Filter.AtLeast(_, List<Filter> parts) -> parts.forEach(part -> count(part, counts));
      case Filter.Not(Filter part) -> count(part, counts);
      case Filter.Leaf leaf ->
          counts.merge(FieldPath.parse(leaf.field()).canonical(), 1, Integer::sum);
      case Filter.PointTest _ -> {}
    }
  }
}
