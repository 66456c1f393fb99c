package io.capsdb.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.filter.Filter.And;
import io.capsdb.filter.Filter.AtLeast;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.Filter.DateRange;
import io.capsdb.filter.Filter.Except;
import io.capsdb.filter.Filter.In;
import io.capsdb.filter.Filter.IsEmpty;
import io.capsdb.filter.Filter.IsNull;
import io.capsdb.filter.Filter.Not;
import io.capsdb.filter.Filter.Or;
import io.capsdb.filter.Filter.Range;
import io.capsdb.point.Payload;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FilterNormalizerTest {
  /// The fields of [RandomPayloads] that never have more than one element.
  private static final Set<String> SINGLE =
      Set.of("label", "price", "brand", "sold", "when", "text", "shop.city", "shop", "missing");

  private static Filter normal(Filter filter) {
    return FilterNormalizer.normalize(filter, _ -> false);
  }

  private static Filter normalOfSingle(Filter filter) {
    return FilterNormalizer.normalize(filter, _ -> true);
  }

  private static List<Predicate<String>> knowledge() {
    return List.of(_ -> false, SINGLE::contains);
  }

  private static Filter in(long... values) {
    return new In("x", LongStream.of(values).mapToObj(Value::of).collect(Collectors.toSet()));
  }

  private static Filter except(long... values) {
    return new Except("x", LongStream.of(values).mapToObj(Value::of).collect(Collectors.toSet()));
  }

  private static Filter between(double low, double high) {
    return new Range("x", Bound.including(low), Bound.including(high));
  }

  private static Filter and(Filter... parts) {
    return new And(Arrays.asList(parts));
  }

  private static Filter or(Filter... parts) {
    return new Or(Arrays.asList(parts));
  }

  private static Filter not(Filter part) {
    return new Not(part);
  }

  private static List<Payload> payloads(RandomGenerator random, int count) {
    return IntStream.range(0, count).mapToObj(_ -> RandomPayloads.next(random)).toList();
  }

  @Test
  void theNormalFormMeansTheSame() {
    Seed.repeat(
        600,
        random -> {
          Filter filter = RandomFilters.next(random, 1 + random.nextInt(5));
          FilterEvaluator expected = FilterEvaluator.of(filter);
          for (Predicate<String> isSingle : knowledge()) {
            Filter normal = FilterNormalizer.normalize(filter, isSingle);
            FilterEvaluator actual = FilterEvaluator.of(normal);
            for (Payload payload : payloads(random, 30)) {
              assertThat(actual.matches(payload))
                  .as("%s as %s of %s", filter, normal, payload)
                  .isEqualTo(expected.matches(payload));
            }
          }
        });
  }

  @Test
  void theNormalFormIsItsOwnNormalForm() {
    Seed.repeat(
        3_000,
        random -> {
          Filter filter = RandomFilters.next(random, 1 + random.nextInt(5));
          for (Predicate<String> isSingle : knowledge()) {
            Filter normal = FilterNormalizer.normalize(filter, isSingle);
            assertThat(FilterNormalizer.normalize(normal, isSingle))
                .as("%s", filter)
                .isEqualTo(normal);
          }
        });
  }

  @Test
  void twinsMeanTheSame() {
    Seed.repeat(
        300,
        random -> {
          Filter filter = RandomFilters.next(random, 1 + random.nextInt(5));
          Filter twin = RandomFilters.twin(random, filter);
          FilterEvaluator one = FilterEvaluator.of(filter);
          FilterEvaluator other = FilterEvaluator.of(twin);
          for (Payload payload : payloads(random, 30)) {
            assertThat(other.matches(payload))
                .as("%s and %s of %s", filter, twin, payload)
                .isEqualTo(one.matches(payload));
          }
        });
  }

  /// Every twin that [RandomFilters#twin] makes is one that the normal form must see through.
  @Test
  void twinsHaveTheSameNormalForm() {
    Seed.repeat(
        3_000,
        random -> {
          Filter filter = RandomFilters.next(random, 1 + random.nextInt(5));
          Filter twin = RandomFilters.twin(random, filter);
          for (Predicate<String> isSingle : knowledge()) {
            assertThat(FilterNormalizer.normalize(twin, isSingle))
                .as("%s and %s", filter, twin)
                .isEqualTo(FilterNormalizer.normalize(filter, isSingle));
          }
        });
  }

  /// A number range and a date range without bounds once had one text, and so no order.
  @Test
  void testsOfTwoKindsWithoutBoundsHaveAnOrder() {
    Filter numbers = new Filter.Range("a", Filter.Bound.none(), Filter.Bound.none());
    Filter dates = new Filter.DateRange("a", Filter.Bound.none(), Filter.Bound.none());
    assertThat(normal(new Filter.Or(List.of(numbers, dates))))
        .isEqualTo(normal(new Filter.Or(List.of(dates, numbers))));
  }

  @Test
  void theOrderOfPartsDoesNotMatter() {
    Filter a = new IsNull("a");
    Filter b = new IsEmpty("b");
    Filter c = in(1, 2);
    assertThat(normal(and(a, b, c))).isEqualTo(normal(and(c, a, b)));
    assertThat(normal(new AtLeast(2, List.of(a, b, c))))
        .isEqualTo(normal(new AtLeast(2, List.of(c, b, a))));
  }

  /// Their shown texts are cut after eight values and are equal; their hashes can be too.
  @Test
  void theOrderOfPartsDoesNotMatterWhereTheirShownTextsAreEqual() {
    Set<Value> values = LongStream.range(0, 20).mapToObj(Value::of).collect(Collectors.toSet());
    List<Filter> parts = new ArrayList<>();
    for (long high : new long[] {1, 2, 5, 7}) {
      Set<Value> all = new HashSet<>(values);
      all.add(Value.of((high << 32) | (high ^ 9))); // of equal hash
      parts.add(new Except("x", all));
    }
    assertThat(parts.stream().map(Object::hashCode).distinct()).hasSize(1);
    assertThat(normal(new AtLeast(2, parts))).isEqualTo(normal(new AtLeast(2, parts.reversed())));
  }

  @Test
  void constantsVanish() {
    Filter a = in(1);
    assertThat(normal(and(a, Filter.ALL))).isEqualTo(a);
    assertThat(normal(or(a, Filter.NONE))).isEqualTo(a);
    assertThat(normal(and(a, Filter.NONE))).isEqualTo(Filter.NONE);
    assertThat(normal(or(a, Filter.ALL))).isEqualTo(Filter.ALL);
    assertThat(normal(not(not(a)))).isEqualTo(a);
    assertThat(normal(not(Filter.ALL))).isEqualTo(Filter.NONE);
    assertThat(normal(in())).isEqualTo(Filter.NONE);
    assertThat(normal(not(in()))).isEqualTo(Filter.ALL);
    assertThat(normal(between(2, 1))).isEqualTo(Filter.NONE);
    assertThat(normal(new Range("x", Bound.including(1.0), Bound.excluding(1.0))))
        .isEqualTo(Filter.NONE);
    assertThat(normal(new AtLeast(0, List.of(a)))).isEqualTo(Filter.ALL);
    assertThat(normal(new AtLeast(2, List.of(a)))).isEqualTo(Filter.NONE);
    assertThat(normal(new AtLeast(1, List.of(a)))).isEqualTo(a);
    assertThat(normal(new AtLeast(2, List.of(a, Filter.ALL, Filter.NONE)))).isEqualTo(a);
    assertThat(normal(and(a, not(a)))).isEqualTo(Filter.NONE);
    assertThat(normal(or(a, not(a)))).isEqualTo(Filter.ALL);
  }

  @Test
  void equalitiesUnderOrBecomeOneIn() {
    assertThat(normal(or(in(1), in(2, 3)))).isEqualTo(in(1, 2, 3));
    assertThat(normal(and(not(in(1)), not(in(2, 3))))).isEqualTo(not(in(1, 2, 3)));
    assertThat(normal(or(except(1, 2), except(2, 3)))).isEqualTo(except(2));
    assertThat(normal(and(not(except(1, 2)), not(except(2, 3))))).isEqualTo(not(except(2)));
  }

  /// `x >= 5 AND x <= 3` is true of `[1, 9]`.
  @Test
  void testsUnderAndAreNeverMergedWhereFieldsMayHaveSeveralValues() {
    Filter low = new Range("x", Bound.including(5.0), Bound.none());
    Filter high = new Range("x", Bound.none(), Bound.including(3.0));
    Payload both = Payload.of(Map.of("x", List.of(1, 9)));
    for (Filter filter :
        List.of(
            and(low, high),
            and(in(1), in(9)),
            and(except(1), except(9)),
            not(or(not(low), not(high))))) {
      Filter normal = normal(filter);
      assertThat(normal).isInstanceOf(And.class);
      assertThat(FilterEvaluator.of(normal).matches(both)).isTrue();
    }
    Filter negated = or(not(in(1)), not(in(9)));
    assertThat(normal(negated)).isInstanceOf(Or.class);
    assertThat(FilterEvaluator.of(normal(negated)).matches(both)).isFalse();
  }

  @Test
  void testsUnderAndAreMergedWhereFieldsHaveOneValue() {
    assertThat(normalOfSingle(and(between(1, 5), between(3, 9)))).isEqualTo(between(3, 5));
    assertThat(normalOfSingle(and(between(1, 2), between(3, 9)))).isEqualTo(Filter.NONE);
    assertThat(normalOfSingle(and(in(1, 2), in(2, 3)))).isEqualTo(in(2));
    assertThat(normalOfSingle(and(in(1), in(2)))).isEqualTo(Filter.NONE);
    assertThat(normalOfSingle(and(except(1), except(2)))).isEqualTo(except(1, 2));
    assertThat(normalOfSingle(or(not(in(1, 2)), not(in(2, 3))))).isEqualTo(not(in(2)));
    assertThat(normalOfSingle(or(not(in(1)), not(in(2))))).isEqualTo(Filter.ALL);
    Filter open = new Range("x", Bound.excluding(1.0), Bound.none());
    Filter closed = new Range("x", Bound.including(1.0), Bound.none());
    assertThat(normalOfSingle(and(open, closed))).isEqualTo(open);
    assertThat(normalOfSingle(and(closed, open))).isEqualTo(open);
  }

  /// Merging can bring out a contradiction that the parts did not show.
  @Test
  void contradictionsAreSeenAfterMerging() {
    assertThat(normalOfSingle(and(in(1, 2), in(2, 3), not(in(2))))).isEqualTo(Filter.NONE);
    assertThat(normal(or(in(1), in(2), not(in(1, 2))))).isEqualTo(Filter.ALL);
  }

  @Test
  void zeroHasNoSign() {
    assertThat(normal(between(-0.0, 1))).isEqualTo(normal(between(0.0, 1)));
    assertThat(normal(between(0.0, -0.0))).isEqualTo(between(0.0, 0.0));
    Bound<Double> open = Bound.excluding(-0.0);
    assertThat(Bound.higher(open, Bound.including(0.0))).isEqualTo(open);
    assertThat(Bound.lower(Bound.including(-0.0), Bound.excluding(0.0)))
        .isEqualTo(Bound.excluding(0.0));
  }

  /// Documents hold microseconds: bounds that differ below that mean the same.
  @Test
  void dateBoundsHaveTheResolutionOfTheComparison() {
    Instant time = Instant.parse("2024-01-01T00:00:00Z");
    Filter later = new DateRange("t", Bound.including(time.plusNanos(900)), Bound.none());
    assertThat(normal(later))
        .isEqualTo(normal(new DateRange("t", Bound.including(time), Bound.none())));
    Filter crossed =
        new DateRange(
            "t", Bound.including(time.plusNanos(900)), Bound.including(time.plusNanos(100)));
    Payload payload = Payload.of(Map.of("t", "2024-01-01T00:00:00Z"));
    assertThat(FilterEvaluator.of(normal(crossed)).matches(payload))
        .isEqualTo(FilterEvaluator.of(crossed).matches(payload));
    Filter forever = new DateRange("t", Bound.including(Instant.MIN), Bound.including(Instant.MAX));
    assertThat(FilterEvaluator.of(normal(forever)).matches(payload)).isTrue();
  }

  @Test
  void pathsAreBroughtToOneForm() {
    assertThat(normal(new IsNull("\"a\".\"b\"[007]"))).isEqualTo(new IsNull("a.b[7]"));
    assertThatIllegalArgumentException().isThrownBy(() -> normal(not(new IsNull("a."))));
  }
}
