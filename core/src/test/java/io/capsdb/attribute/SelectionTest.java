package io.capsdb.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.FilterText;
import io.capsdb.filter.Value;
import io.capsdb.point.Payload;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class SelectionTest {
  private static RoaringBitmap some(RandomGenerator random, int size) {
    int share = 1 + random.nextInt(5);
    return RoaringBitmap.bitmapOf(
        IntStream.range(0, size).filter(_ -> random.nextInt(share) == 0).toArray());
  }

  /// All that a selection answers, in random order, so that some is asked before and some after the
  /// bitmaps are there.
  private static void requireConsistent(
      RandomGenerator random, String what, Selection selection, int[] runs, boolean[] matching) {
    int size = matching.length;
    assertThat(selection.size()).isEqualTo(size);
    boolean areBitmapsFirst = random.nextBoolean();
    if (areBitmapsFirst) {
      requireBitmaps(what, selection, matching);
    }
    int[] list = IntStream.of(selection.list()).sorted().toArray();
    long estimate = selection.verifiedEstimate();
    Selection.RangeTest test = selection.rangeTest();
    for (int round = 0; round < 5; round++) {
      int from = round == 0 ? 0 : random.nextInt(size + 1);
      int to = round == 0 ? size : from + random.nextInt(size - from + 1);
      long[] mask = random.longs((to - from + 63) / 64).toArray();
      int count = test.fill(from, to, mask);
      int seen = 0;
      for (int i = 0; i < 64 * mask.length; i++) {
        boolean isSet = (mask[i >> 6] >>> i & 1) != 0;
        boolean isPossible = from + i < to && Arrays.binarySearch(list, from + i) >= 0;
        assertThat(isSet).as("%s: row %s", what, from + i).isEqualTo(isPossible);
        seen += isSet ? 1 : 0;
      }
      assertThat(count).as(what).isEqualTo(seen);
    }
    requireRuns(what, selection, runs, list);
    requireBitmaps(what, selection, matching);
    assertThat(list).as("%s listed", what).isEqualTo(selection.possible().toArray());
    assertThat(selection.list()).as("%s listed again", what).hasSize(list.length);
    assertThat(estimate)
        .as("%s estimated", what)
        .isEqualTo(IntStream.range(0, size).filter(i -> matching[i]).count());
    Selection.Estimate bounds = selection.estimate();
    assertThat(bounds.least()).isEqualTo(selection.certain().getCardinality());
    assertThat(bounds.most()).isEqualTo(list.length);
    assertThat(selection.verifiedEstimate()).isEqualTo(estimate);
    assertThat(selection.minCount()).isEqualTo(selection.certain().getCardinality());
    assertThat(selection.maxCount()).isEqualTo(list.length);
    if (selection.isExact()) {
      assertThat(selection.certain()).as(what).isEqualTo(selection.possible());
    }
    if (selection.isAll()) {
      assertThat(list).as(what).hasSize(size);
    }
  }

  /// No run with a match is passed over.
  private static void requireRuns(String what, Selection selection, int[] runs, int[] list) {
    for (int run = 0; run + 1 < runs.length; run++) {
      int from = runs[run];
      int to = runs[run + 1];
      if (!selection.mayMatch(run, from, to)) {
        assertThat(IntStream.of(list).filter(i -> i >= from && i < to).count())
            .as("%s in %s..%s", what, from, to)
            .isZero();
      }
    }
  }

  private static void requireBitmaps(String what, Selection selection, boolean[] matching) {
    for (int i = 0; i < matching.length; i++) {
      boolean isCertain = selection.certain().contains(i);
      boolean isPossible = selection.possible().contains(i);
      assertThat(isCertain || (isPossible && selection.verify().test(i)))
          .as("%s of row %s", what, i)
          .isEqualTo(matching[i]);
      assertThat(isPossible || !isCertain).as(what).isTrue();
    }
  }

  @Test
  void allAnswersAgreeWithTheDocuments() {
    Seed.repeat(
        6,
        random -> {
          IndexedRows rows = IndexedRows.random(random, random.nextInt(400));
          for (int i = 0; i < 40; i++) {
            Filter filter = i == 0 ? Filter.ALL : RandomFilters.next(random, 1 + random.nextInt(4));
            requireConsistent(
                random,
                FilterText.of(filter),
                rows.select(filter),
                rows.runs(),
                rows.matching(filter));
          }
        });
  }

  @Test
  void hiddenRowsAreLeftOutOfAllAnswers() {
    Seed.repeat(
        6,
        random -> {
          IndexedRows rows = IndexedRows.random(random, 1 + random.nextInt(300));
          for (int i = 0; i < 30; i++) {
            Filter filter = i == 0 ? Filter.ALL : RandomFilters.next(random, 1 + random.nextInt(3));
            RoaringBitmap hidden = some(random, rows.size());
            RoaringBitmap more = some(random, rows.size());
            boolean[] left = rows.matching(filter);
            hidden.forEach((int ordinal) -> left[ordinal] = false);
            Selection whole = rows.select(filter);
            if (random.nextBoolean()) {
              assertThat(whole.possible().isEmpty() || whole.maxCount() > 0).isTrue();
            }
            String what = FilterText.of(filter) + " without " + hidden.getCardinality();
            requireConsistent(random, what, whole.without(hidden), rows.runs(), left.clone());
            more.forEach((int ordinal) -> left[ordinal] = false);
            requireConsistent(random, what, whole.without(hidden).without(more), rows.runs(), left);
            requireConsistent(random, "the whole", whole, rows.runs(), rows.matching(filter));
            assertThat(whole.without(new RoaringBitmap())).isSameAs(whole);
          }
        });
  }

  @Test
  void changedRowsAreDecidedAnew() {
    Seed.repeat(
        6,
        random -> {
          IndexedRows rows = IndexedRows.random(random, 1 + random.nextInt(300));
          for (int i = 0; i < 30; i++) {
            Filter filter = RandomFilters.next(random, 1 + random.nextInt(3));
            RoaringBitmap hidden = some(random, rows.size());
            RoaringBitmap changed = some(random, rows.size());
            RoaringBitmap more = some(random, rows.size());
            RoaringBitmap matching = RoaringBitmap.and(changed, some(random, rows.size()));
            matching.andNot(hidden);
            boolean[] expected = rows.matching(filter);
            hidden.forEach((int ordinal) -> expected[ordinal] = false);
            changed.forEach((int ordinal) -> expected[ordinal] = matching.contains(ordinal));
            Selection selection = rows.select(filter).without(hidden).replacing(changed, matching);
            String what = FilterText.of(filter) + " with " + matching.getCardinality();
            requireConsistent(random, what, selection, rows.runs(), expected.clone());
            more.forEach((int ordinal) -> expected[ordinal] = false);
            requireConsistent(random, what, selection.without(more), rows.runs(), expected);
          }
        });
  }

  @Test
  void allRowsAreSelectedWithoutAFilter() {
    Seed.repeat(
        2,
        random -> {
          for (int size : new int[] {0, 1, 63, 64, 65, 200}) {
            boolean[] matching = new boolean[size];
            Arrays.fill(matching, true);
            Selection all = Selection.all(size);
            assertThat(all.isAll()).isTrue();
            requireConsistent(random, "all of " + size, all, new int[] {0, size}, matching);
            RoaringBitmap hidden = some(random, size);
            hidden.forEach((int ordinal) -> matching[ordinal] = false);
            requireConsistent(
                random, "some of " + size, all.without(hidden), new int[] {0, size}, matching);
            assertThat(all.without(hidden).isAll()).isEqualTo(hidden.isEmpty());
          }
        });
  }

  /// Values of neighbours stand in runs, so that most runs have no match.
  @Test
  void runsWithoutAMatchArePassedOver() {
    Seed.repeat(
        4,
        random -> {
          int size = 2_000;
          int values = 1 + random.nextInt(200);
          IndexedRows rows =
              IndexedRows.of(
                  IntStream.range(0, size)
                      .mapToObj(i -> Payload.of(Map.of("n", i * values / size)))
                      .toList(),
                  new int[] {0, 100, 100, 700, 701, 1_500, size});
          for (int i = 0; i < 50; i++) {
            int low = random.nextInt(values);
            int high = low + random.nextInt(1 + values / 10);
            Filter filter =
                new Filter.Range(
                    "n", Bound.including((double) low), Bound.including((double) high));
            Selection selection = rows.select(filter);
            int[] list = IntStream.of(selection.list()).sorted().toArray();
            requireRuns(FilterText.of(filter), selection, rows.runs(), list);
            int passed = 0;
            for (int run = 0; run + 1 < rows.runs().length; run++) {
              passed += selection.mayMatch(run, rows.runs()[run], rows.runs()[run + 1]) ? 1 : 0;
            }
            assertThat(passed).as(FilterText.of(filter)).isLessThan(6);
          }
        });
  }

  @Test
  void twinsOfAFilterHaveEqualEstimates() {
    Seed.repeat(
        2,
        random -> {
          IndexedRows rows = IndexedRows.random(random, 6_000);
          for (int i = 0; i < 60; i++) {
            Filter filter = RandomFilters.next(random, 1 + random.nextInt(3));
            Filter twin = RandomFilters.twin(random, filter);
            assertThat(rows.select(twin).verifiedEstimate())
                .as("%s and %s", FilterText.of(filter), FilterText.of(twin))
                .isEqualTo(rows.select(filter).verifiedEstimate());
          }
        });
  }

  /// Within five standard deviations of a sample of 4,096.
  @Test
  void estimatesOfManyRowsAreNear() {
    Seed.repeat(
        1,
        random -> {
          int size = 100_000;
          IndexedRows rows =
              IndexedRows.of(
                  IntStream.range(0, size)
                      .mapToObj(
                          _ ->
                              Payload.of(
                                  Map.of(
                                      "n",
                                      (long) random.nextInt(1_000),
                                      "x",
                                      random.nextInt(1_000_000) / 1e6,
                                      "c",
                                      "c" + random.nextInt(7))))
                      .toList());
          RoaringBitmap hidden = some(random, size);
          for (Filter filter :
              List.of(
                  Filter.ALL,
                  Filter.NONE,
                  new Filter.IsEmpty("n"),
                  new Filter.In("c", Set.of(Value.of("c3"))),
                  new Filter.Not(new Filter.In("c", Set.of(Value.of("c3")))),
                  new Filter.Range("n", Bound.none(), Bound.excluding(20.0)),
                  new Filter.Range("x", Bound.including(0.25), Bound.none()),
                  new Filter.And(
                      List.of(
                          new Filter.In("c", Set.of(Value.of("c0"), Value.of("c1"))),
                          new Filter.Range("x", Bound.none(), Bound.including(0.1)))))) {
            for (Selection selection :
                List.of(rows.select(filter), rows.select(filter).without(hidden))) {
              double share = (double) selection.maxCount() / size;
              double deviation = size * Math.sqrt(share * (1 - share) / 4_096);
              assertThat((double) selection.verifiedEstimate())
                  .as(FilterText.of(filter))
                  .isBetween(
                      selection.maxCount() - 5 * deviation - 1,
                      selection.maxCount() + 5 * deviation + 1);
              assertThat(selection.list()).hasSize(selection.maxCount());
            }
          }
        });
  }

  /// Of a large part, four times as many rows are looked at where few of the first match; and they
  /// say the same as a count of all where these are spread as rows are.
  @Test
  void estimatesOfRareRowsOfLargePartsAreNear() {
    Seed.repeat(
        1,
        random -> {
          int size = 300_000;
          IndexedRows rows =
              IndexedRows.of(
                  IntStream.range(0, size)
                      .mapToObj(_ -> Payload.of(Map.of("n", (long) random.nextInt(1_000))))
                      .toList());
          for (int values = 1; values <= 4; values++) {
            Selection selection =
                rows.select(new Filter.Range("n", Bound.none(), Bound.excluding((double) values)));
            double deviation = size * Math.sqrt(values / 1e3 / 16_384);
            assertThat((double) selection.estimate().most())
                .isBetween(
                    selection.maxCount() - 5 * deviation - 1,
                    selection.maxCount() + 5 * deviation + 1);
          }
        });
  }

  @Test
  void listsWhereThatTakesNoMoreStepsThanAllowed() {
    Seed.repeat(
        1,
        random -> {
          int size = 10_000;
          IndexedRows rows =
              IndexedRows.of(
                  IntStream.range(0, size)
                      .mapToObj(
                          _ ->
                              Payload.of(
                                  Map.of(
                                      "n",
                                      (long) random.nextInt(1_000),
                                      "c",
                                      "c" + random.nextInt(50))))
                      .toList());
          Filter rare = new Filter.Range("n", Bound.none(), Bound.excluding(10.0));
          Filter other = new Filter.In("c", Set.of(Value.of("c3")));
          RoaringBitmap hidden = some(random, size);
          for (Selection selection :
              List.of(
                  rows.select(rare),
                  rows.select(other).without(hidden),
                  rows.select(new Filter.And(List.of(rare, other))))) {
            int[] listed = selection.listWithin(10_000).orElseThrow();
            java.util.Arrays.sort(listed);
            assertThat(listed).isEqualTo(selection.possible().toArray());
            assertThat(selection.listWithin(selection.maxCount() / 2)).isEmpty();
          }
          assertThat(rows.select(new Filter.Not(rare)).listWithin(10_000)).isEmpty();
        });
  }
}
