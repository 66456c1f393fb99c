package io.capsdb.attribute;

import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.TextTest;
import io.capsdb.filter.Value;
import io.capsdb.point.FieldPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/// Resolves a filter to two sets of ordinals: those that certainly match, and those that possibly
/// do.
final class FilterResolver {
  /// Types of the values that a range of numbers is about.
  static final Set<ValueType> RANGED = Set.of(ValueType.INTEGER, ValueType.FLOAT);

  private final AttributeIndex index;
  private final PointFacts facts;
  private final RoaringBitmap all;

  /// Ordinals that certainly and that possibly match. The bitmaps may belong to the index: they are
  /// not to be changed.
  record Bounds(RoaringBitmap certain, RoaringBitmap possible) {
    static Bounds exactly(RoaringBitmap ordinals) {
      return new Bounds(ordinals, ordinals);
    }

    boolean isExact() {
      return certain.equals(possible);
    }
  }

  FilterResolver(AttributeIndex index, PointFacts facts) {
    this.index = index;
    this.facts = facts;
    this.all = RoaringBitmap.bitmapOfRange(0, index.size());
  }

  Bounds resolve(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) -> {
        List<Bounds> bounds = resolveAll(parts);
        yield bounds.isEmpty()
            ? Bounds.exactly(all)
            : combine(bounds, maps -> FastAggregation.and(maps.iterator()));
      }
      case Filter.Or(List<Filter> parts) -> {
        List<Bounds> bounds = resolveAll(parts);
        yield bounds.isEmpty()
            ? Bounds.exactly(new RoaringBitmap())
            : combine(bounds, maps -> FastAggregation.or(maps.iterator()));
      }
      case Filter.Not(Filter part) -> {
        Bounds bounds = resolve(part);
        RoaringBitmap certain = RoaringBitmap.andNot(all, bounds.possible());
        yield bounds.isExact()
            ? Bounds.exactly(certain)
            : new Bounds(certain, RoaringBitmap.andNot(all, bounds.certain()));
      }
      case Filter.AtLeast(int count, List<Filter> parts) ->
          combine(resolveAll(parts), maps -> atLeast(count, maps));
      case Filter.Leaf leaf -> resolveLeaf(leaf);
      case Filter.PointTest test ->
          facts
              .ordinals(test)
              .map(Bounds::exactly)
              .orElseGet(() -> new Bounds(new RoaringBitmap(), all));
    };
  }

  private List<Bounds> resolveAll(List<Filter> parts) {
    return parts.stream().map(this::resolve).toList();
  }

  private static Bounds combine(
      List<Bounds> bounds, java.util.function.Function<List<RoaringBitmap>, RoaringBitmap> merge) {
    RoaringBitmap certain = merge.apply(bounds.stream().map(Bounds::certain).toList());
    if (bounds.stream().allMatch(Bounds::isExact)) {
      return Bounds.exactly(certain);
    }
    return new Bounds(certain, merge.apply(bounds.stream().map(Bounds::possible).toList()));
  }

  /// Ordinals in at least `count` of the bitmaps: `reached[i]` holds those in at least `i` of the
  /// ones seen so far.
  private RoaringBitmap atLeast(int count, List<RoaringBitmap> maps) {
    if (count > maps.size()) {
      return new RoaringBitmap();
    }
    RoaringBitmap[] reached = new RoaringBitmap[count + 1];
    reached[0] = all;
    for (int i = 1; i <= count; i++) {
      reached[i] = new RoaringBitmap();
    }
    for (RoaringBitmap map : maps) {
      for (int i = count; i >= 1; i--) {
        reached[i].or(RoaringBitmap.and(reached[i - 1], map));
      }
    }
    return reached[count];
  }

  private Bounds resolveLeaf(Filter.Leaf leaf) {
    FieldPath path = FieldPath.parse(leaf.field());
    if (!index.isDecidable(path)) {
      return new Bounds(new RoaringBitmap(), all);
    }
    PathValues values = index.path(path.canonical());
    if (values == null) {
      // No row has anything at this path.
      return Bounds.exactly(isTrueOfNothing(leaf) ? all : new RoaringBitmap());
    }
    return switch (leaf) {
      case Filter.IsEmpty _ -> Bounds.exactly(RoaringBitmap.andNot(all, values.filled()));
      case Filter.IsNull _ -> Bounds.exactly(values.nulls());
      case Filter.In(_, Set<Value> wanted) -> in(values, wanted);
      case Filter.Except(_, Set<Value> excluded) -> except(values, excluded);
      case Filter.Range(_, Bound<Double> low, Bound<Double> high) ->
          atLeast(values, RANGED, range(values, low, high));
      case Filter.DateRange range ->
          atLeast(values, Set.of(ValueType.DATETIME), dateRange(values, range));
      case Filter.ValuesCount count -> count(values, count);
      case Filter.Text text -> text(values, text);
      case Filter.GeoRadius _, Filter.GeoBox _, Filter.GeoPolygon _, Filter.Nested _ ->
          new Bounds(new RoaringBitmap(), values.objects());
    };
  }

  /// Whether a leaf is true where nothing stands at its path.
  static boolean isTrueOfNothing(Filter.Leaf leaf) {
    return leaf instanceof Filter.IsEmpty
        || (leaf instanceof Filter.ValuesCount count && FilterEvaluator.contains(count, 0));
  }

  /// Rows with none, with one and with more elements are known apart; how many more are not.
  private Bounds count(PathValues values, Filter.ValuesCount count) {
    RoaringBitmap certain = new RoaringBitmap();
    if (FilterEvaluator.contains(count, 0)) {
      certain.or(RoaringBitmap.andNot(all, values.filled()));
    }
    if (FilterEvaluator.contains(count, 1)) {
      certain.or(RoaringBitmap.andNot(values.filled(), values.many()));
    }
    return new Bounds(certain, RoaringBitmap.or(certain, values.many()));
  }

  /// Where strings are few, each of them is tested; else documents are.
  private static Bounds text(PathValues path, Filter.Text text) {
    if (path.unindexed().contains(ValueType.KEYWORD)) {
      return new Bounds(new RoaringBitmap(), path.filled());
    }
    TypedValues typed = path.types().get(ValueType.KEYWORD);
    if (typed == null) {
      return new Bounds(new RoaringBitmap(), path.longTexts());
    }
    if (!(typed instanceof PostingValues postings)) {
      return new Bounds(new RoaringBitmap(), RoaringBitmap.or(typed.any(), path.longTexts()));
    }
    java.util.function.Predicate<String> contains = TextTest.of(text.mode(), text.text());
    List<RoaringBitmap> holders = new ArrayList<>();
    for (int code = 0; code < postings.valueCount(); code++) {
      if (contains.test((String) postings.value(code))) {
        holders.add(postings.ordinals(code));
      }
    }
    RoaringBitmap certain = union(holders);
    return path.longTexts().isEmpty()
        ? Bounds.exactly(certain)
        : new Bounds(certain, RoaringBitmap.or(certain, path.longTexts()));
  }

  /// The rows that certainly match, when those with values of types that are not indexed can match
  /// too.
  private static Bounds atLeast(PathValues path, Set<ValueType> asked, RoaringBitmap certain) {
    return Collections.disjoint(path.unindexed(), asked)
        ? Bounds.exactly(certain)
        : new Bounds(certain, path.filled());
  }

  private static Bounds in(PathValues path, Set<Value> wanted) {
    List<RoaringBitmap> certain = new ArrayList<>();
    List<RoaringBitmap> possible = new ArrayList<>();
    for (Value value : wanted) {
      TypedValues typed = path.types().get(typeOf(value));
      if (value instanceof Value.Keyword(String text) && PathCollector.isLong(text)) {
        possible.add(path.longTexts());
      } else if (path.unindexed().contains(typeOf(value))) {
        possible.add(path.filled());
      } else if (typed != null) {
        RoaringBitmap holders = typed.holding(plain(value));
        possible.add(holders);
        if (typed.isExact()) {
          certain.add(holders);
        }
      }
    }
    RoaringBitmap surely = union(certain);
    return certain.size() == possible.size()
        ? Bounds.exactly(surely)
        : new Bounds(surely, union(possible));
  }

  private static Bounds except(PathValues path, Set<Value> excluded) {
    List<RoaringBitmap> certain = new ArrayList<>();
    List<RoaringBitmap> possible = new ArrayList<>();
    certain.add(path.objects());
    boolean isLongExcluded = false;
    for (Value value : excluded) {
      isLongExcluded |= value instanceof Value.Keyword(String text) && PathCollector.isLong(text);
    }
    (isLongExcluded ? possible : certain).add(path.longTexts());
    for (TypedValues typed : path.types().values()) {
      if (typed.type() == ValueType.DATETIME) {
        continue; // the same strings stand among the keywords
      }
      Set<Object> ofType =
          excluded.stream()
              .filter(value -> typeOf(value) == typed.type())
              .map(FilterResolver::plain)
              .collect(Collectors.toSet());
      certain.add(ofType.isEmpty() ? typed.any() : typed.holdingOther(ofType));
      if (!typed.isExact() && !ofType.isEmpty()) {
        possible.add(typed.any());
      }
    }
    for (ValueType type : path.unindexed()) {
      if (type != ValueType.DATETIME) {
        possible.add(path.filled());
      }
    }
    RoaringBitmap surely = union(certain);
    if (possible.isEmpty()) {
      return Bounds.exactly(surely);
    }
    possible.add(surely);
    return new Bounds(surely, union(possible));
  }

  private static RoaringBitmap range(PathValues path, Bound<Double> low, Bound<Double> high) {
    List<RoaringBitmap> parts = new ArrayList<>();
    for (ValueType type : List.of(ValueType.INTEGER, ValueType.FLOAT)) {
      TypedValues typed = path.types().get(type);
      if (typed != null) {
        LongPredicate isHighEnough =
            key -> FilterEvaluator.contains(low, Bound.none(), ValueKeys.number(type, key));
        LongPredicate isLowEnough =
            key -> FilterEvaluator.contains(Bound.none(), high, ValueKeys.number(type, key));
        parts.add(typed.between(isHighEnough, isLowEnough));
      }
    }
    return union(parts);
  }

  private static RoaringBitmap dateRange(PathValues path, Filter.DateRange range) {
    TypedValues typed = path.types().get(ValueType.DATETIME);
    if (typed == null) {
      return new RoaringBitmap();
    }
    return typed.between(
        key -> FilterEvaluator.isAbove(range.low(), key),
        key -> FilterEvaluator.isBelow(range.high(), key));
  }

  private static RoaringBitmap union(List<RoaringBitmap> parts) {
    return parts.size() == 1 ? parts.getFirst() : FastAggregation.or(parts.iterator());
  }

  static ValueType typeOf(Value value) {
    return switch (value) {
      case Value.Keyword _ -> ValueType.KEYWORD;
      case Value.Whole _ -> ValueType.INTEGER;
      case Value.Flag _ -> ValueType.BOOLEAN;
    };
  }

  static Object plain(Value value) {
    return switch (value) {
      case Value.Keyword(String text) -> text;
      case Value.Whole(long number) -> number;
      case Value.Flag(boolean flag) -> flag;
    };
  }
}
