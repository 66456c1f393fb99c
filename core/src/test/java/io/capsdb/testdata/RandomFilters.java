package io.capsdb.testdata;

import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Random filters over the fields of [RandomPayloads], and for each filter others that mean the
/// same.
public final class RandomFilters {
  private static final List<String> FIELDS =
      List.of(
          "label",
          "price",
          "brand",
          "tags",
          "sizes",
          "sold",
          "when",
          "odd",
          "odd.inner",
          "shop.city",
          "shop",
          "offers[].price",
          "offers[0].price",
          "text",
          "missing");

  private RandomFilters() {}

  /// A filter of at most `depth` levels.
  public static Filter next(RandomGenerator random, int depth) {
    if (depth <= 1 || random.nextInt(4) == 0) {
      return leaf(random);
    }
    return switch (random.nextInt(5)) {
      case 0, 1 -> new Filter.And(parts(random, depth));
      case 2 -> new Filter.Or(parts(random, depth));
      case 3 -> new Filter.Not(next(random, depth - 1));
      default -> new Filter.AtLeast(random.nextInt(4), parts(random, depth));
    };
  }

  private static List<Filter> parts(RandomGenerator random, int depth) {
    List<Filter> parts = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      parts.add(next(random, depth - 1));
    }
    return parts;
  }

  /// A test of one field.
  public static Filter leaf(RandomGenerator random) {
    String field = FIELDS.get(random.nextInt(FIELDS.size()));
    return switch (random.nextInt(10)) {
      case 0 -> new Filter.IsEmpty(field);
      case 1 -> new Filter.IsNull(field);
      case 2 -> new Filter.Except(field, values(random, field));
      case 3, 4, 5 -> new Filter.In(field, values(random, field));
      case 6 -> new Filter.DateRange(field, date(random), date(random));
      default -> new Filter.Range(field, number(random, field), number(random, field));
    };
  }

  private static Set<Value> values(RandomGenerator random, String field) {
    Set<Value> values = new HashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.add(value(random, field));
    }
    return values;
  }

  private static Value value(RandomGenerator random, String field) {
    if (random.nextInt(12) == 0) {
      return Value.of("word ".repeat(60)); // a text that is too long to be a keyword
    }
    return switch (field) {
      case "label", "offers[].price", "odd.inner" -> Value.of((long) random.nextInt(11));
      case "sizes" -> Value.of((long) random.nextInt(22));
      case "brand" -> Value.of(RandomPayloads.BRANDS.get(random.nextInt(6)));
      case "tags" -> Value.of(RandomPayloads.tag(random));
      case "sold" -> Value.of(random.nextBoolean());
      case "shop.city" -> Value.of(RandomPayloads.CITIES.get(random.nextInt(4)));
      case "text" -> Value.of("word ".repeat(random.nextInt(3)));
      default ->
          switch (random.nextInt(3)) {
            case 0 -> Value.of((long) random.nextInt(3));
            case 1 -> Value.of(Integer.toString(random.nextInt(3)));
            default -> Value.of(random.nextBoolean());
          };
    };
  }

  private static Bound<Double> number(RandomGenerator random, String field) {
    double value =
        switch (field) {
          case "price" -> random.nextDouble() * 110 - 5;
          case "odd" -> random.nextInt(7) / 2.0;
          default -> random.nextInt(24) - 1;
        };
    return bound(random, value);
  }

  private static Bound<Instant> date(RandomGenerator random) {
    return bound(random, RandomPayloads.time(random));
  }

  private static <T> Bound<T> bound(RandomGenerator random, T value) {
    return switch (random.nextInt(3)) {
      case 0 -> Bound.none();
      case 1 -> Bound.including(value);
      default -> Bound.excluding(value);
    };
  }

  /// A filter that is written otherwise and means the same: De Morgan's laws, double negations,
  /// duplicated and always-true parts, another order, an `in` taken apart.
  public static Filter twin(RandomGenerator random, Filter filter) {
    Filter inner =
        switch (filter) {
          case Filter.And(List<Filter> parts) ->
              random.nextBoolean()
                  ? new Filter.And(shuffled(random, parts, Filter.ALL))
                  : new Filter.Not(new Filter.Or(negated(random, parts)));
          case Filter.Or(List<Filter> parts) ->
              random.nextBoolean()
                  ? new Filter.Or(shuffled(random, parts, Filter.NONE))
                  : new Filter.Not(new Filter.And(negated(random, parts)));
          case Filter.Not(Filter part) -> new Filter.Not(twin(random, part));
          case Filter.AtLeast(int count, List<Filter> parts) ->
              random.nextBoolean()
                  ? new Filter.AtLeast(count, twins(random, parts))
                  : new Filter.Not(atLeastOrAll(parts.size() - count + 1, negated(random, parts)));
          case Filter.In(String field, Set<Value> values) when values.size() > 1 ->
              new Filter.Or(
                  values.stream()
                      .<Filter>map(value -> new Filter.In(field, Set.of(value)))
                      .toList());
          case Filter.Leaf leaf -> leaf;
          case Filter.PointTest test -> test;
        };
    return switch (random.nextInt(5)) {
      case 0 -> new Filter.Not(new Filter.Not(inner));
      case 1 -> new Filter.And(List.of(inner, Filter.ALL, inner));
      case 2 -> new Filter.Or(List.of(Filter.NONE, inner));
      default -> inner;
    };
  }

  private static Filter atLeastOrAll(int count, List<Filter> parts) {
    return count <= 0 ? Filter.ALL : new Filter.AtLeast(count, parts);
  }

  private static List<Filter> twins(RandomGenerator random, List<Filter> parts) {
    return parts.stream().map(part -> twin(random, part)).toList();
  }

  private static List<Filter> negated(RandomGenerator random, List<Filter> parts) {
    return twins(random, parts).stream().<Filter>map(Filter.Not::new).toList();
  }

  private static List<Filter> shuffled(RandomGenerator random, List<Filter> parts, Filter neutral) {
    List<Filter> all = new ArrayList<>(twins(random, parts));
    all.add(neutral);
    if (!parts.isEmpty()) {
      all.add(parts.get(random.nextInt(parts.size())));
    }
    Collections.shuffle(all, java.util.Random.from(random));
    return all;
  }
}
