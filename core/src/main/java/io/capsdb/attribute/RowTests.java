package io.capsdb.attribute;

import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.Value;
import io.capsdb.point.FieldPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/// Makes a [RowTest] of a filter, where columns and bitmaps decide it.
final class RowTests {
  private final AttributeIndex index;
  private final ColumnSet columns;
  private final PointFacts facts;

  RowTests(AttributeIndex index, ColumnSet columns, PointFacts facts) {
    this.index = index;
    this.columns = columns;
    this.facts = facts;
  }

  /// Empty where some document would have to be read.
  ///
  /// @param filter in the normal form for this index
  Optional<RowTest> of(Filter filter) {
    return Optional.ofNullable(compile(filter));
  }

  private @Nullable RowTest compile(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) -> {
        List<RowTest> tests = compileAll(parts);
        yield tests == null ? null : every(tests);
      }
      case Filter.Or(List<Filter> parts) -> {
        List<RowTest> tests = compileAll(parts);
        yield tests == null ? null : some(tests);
      }
      case Filter.Not(Filter part) -> {
        RowTest test = compile(part);
        yield test == null ? null : not(test);
      }
      case Filter.AtLeast(int count, List<Filter> parts) -> {
        List<RowTest> tests = compileAll(parts);
        yield tests == null ? null : atLeast(count, tests);
      }
      case Filter.Leaf leaf -> compileLeaf(leaf);
      case Filter.PointTest test -> facts.ordinals(test).<RowTest>map(this::members).orElse(null);
    };
  }

  private @Nullable List<RowTest> compileAll(List<Filter> parts) {
    List<RowTest> tests = new ArrayList<>(parts.size());
    for (Filter part : parts) {
      RowTest test = compile(part);
      if (test == null) {
        return null;
      }
      tests.add(test);
    }
    return tests;
  }

  private RowTest constant(boolean isTrue) {
    return new RowTest.Constant(isTrue, index.size());
  }

  private RowTest every(List<RowTest> tests) {
    return switch (tests.size()) {
      case 0 -> constant(true);
      case 1 -> tests.getFirst();
      default -> new RowTest.Every(List.copyOf(tests));
    };
  }

  private RowTest some(List<RowTest> tests) {
    return switch (tests.size()) {
      case 0 -> constant(false);
      case 1 -> tests.getFirst();
      default -> new RowTest.Some(List.copyOf(tests), index.size());
    };
  }

  private RowTest not(RowTest test) {
    return new RowTest.Inverse(test, index.size());
  }

  private RowTest atLeast(int count, List<RowTest> tests) {
    if (count <= 0 || count > tests.size()) {
      return constant(count <= 0);
    }
    return new RowTest.AtLeast(count, List.copyOf(tests), index.size());
  }

  private @Nullable RowTest compileLeaf(Filter.Leaf leaf) {
    FieldPath path = FieldPath.parse(leaf.field());
    if (!index.isDecidable(path)) {
      return null;
    }
    PathValues values = index.path(path.canonical());
    if (values == null) {
      return constant(FilterResolver.isTrueOfNothing(leaf));
    }
    return switch (leaf) {
      case Filter.IsEmpty _ -> not(members(values.filled()));
      case Filter.IsNull _ -> members(values.nulls());
      case Filter.In(_, Set<Value> wanted) -> in(values, wanted);
      case Filter.Except _, Filter.DocumentTest _ -> {
        FilterResolver.Bounds bounds = new FilterResolver(index, facts).resolve(leaf);
        yield bounds.isExact() ? members(bounds.possible()) : null;
      }
      case Filter.Range(_, Bound<Double> low, Bound<Double> high) ->
          Collections.disjoint(values.unindexed(), FilterResolver.RANGED)
              ? range(values, low, high)
              : null;
      case Filter.DateRange range ->
          values.unindexed().contains(ValueType.DATETIME) ? null : dateRange(values, range);
    };
  }

  private RowTest members(RoaringBitmap bitmap) {
    return new RowTest.Members(bitmap, columns.sample());
  }

  private @Nullable RowTest in(PathValues path, Set<Value> wanted) {
    List<RowTest> tests = new ArrayList<>();
    List<RoaringBitmap> holders = new ArrayList<>();
    for (Value value : wanted) {
      TypedValues values = path.types().get(FilterResolver.typeOf(value));
      if (value instanceof Value.Keyword(String text) && PathCollector.isLong(text)) {
        if (!path.longTexts().isEmpty()) {
          return null;
        }
      } else if (path.unindexed().contains(FilterResolver.typeOf(value))) {
        return null;
      } else if (values != null) {
        if (!values.isExact()) {
          return null;
        }
        Object plain = FilterResolver.plain(value);
        RowTest.Columns own = columns.of(path.path(), values.type());
        if (own == null || wanted.size() > ColumnSet.MOST_INTERVALS) {
          holders.add(values.holding(plain));
        } else {
          addInterval(values, own, values.codesOf(plain), tests);
        }
      }
    }
    if (!holders.isEmpty()) {
      tests.add(
          members(
              holders.size() == 1
                  ? holders.getFirst()
                  : FastAggregation.or(holders.toArray(RoaringBitmap[]::new))));
    }
    return some(tests);
  }

  private RowTest range(PathValues path, Bound<Double> low, Bound<Double> high) {
    List<RowTest> tests = new ArrayList<>();
    for (ValueType type : List.of(ValueType.INTEGER, ValueType.FLOAT)) {
      addBetween(
          path,
          type,
          key -> FilterEvaluator.contains(low, Bound.none(), ValueKeys.number(type, key)),
          key -> FilterEvaluator.contains(Bound.none(), high, ValueKeys.number(type, key)),
          tests);
    }
    return some(tests);
  }

  private RowTest dateRange(PathValues path, Filter.DateRange range) {
    List<RowTest> tests = new ArrayList<>();
    addBetween(
        path,
        ValueType.DATETIME,
        key -> FilterEvaluator.isAbove(range.low(), key),
        key -> FilterEvaluator.isBelow(range.high(), key),
        tests);
    return some(tests);
  }

  private void addBetween(
      PathValues path,
      ValueType type,
      LongPredicate isHighEnough,
      LongPredicate isLowEnough,
      List<RowTest> tests) {
    TypedValues values = path.types().get(type);
    if (values == null) {
      return;
    }
    RowTest.Columns own = columns.of(path.path(), type);
    if (own == null) {
      tests.add(members(values.between(isHighEnough, isLowEnough)));
    } else {
      addInterval(values, own, values.codesBetween(isHighEnough, isLowEnough), tests);
    }
  }

  private static void addInterval(
      TypedValues values, RowTest.Columns own, CodeInterval codes, List<RowTest> tests) {
    if (!codes.isEmpty()) {
      tests.add(new RowTest.Interval(values, own, codes));
    }
  }
}
