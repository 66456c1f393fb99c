package io.capsdb.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.FilterNormalizer;
import io.capsdb.filter.FilterText;
import io.capsdb.filter.Value;
import io.capsdb.point.Payload;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.Seed;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/// Filters that columns and bitmaps decide, against the documents.
class RowTestsTest {
  private static Optional<RowTest> test(IndexedRows rows, Sample sample, Filter filter) {
    AttributeIndex index = rows.index();
    ColumnSet columns = columns(rows);
    assertThat(columns.sample().ordinals()).isEqualTo(sample.ordinals());
    return new RowTests(index, columns, PointFacts.NONE)
        .of(FilterNormalizer.normalize(filter, index::isSingleValued));
  }

  /// As the index makes them when it is read.
  private static ColumnSet columns(IndexedRows rows) {
    List<PathValues> paths =
        rows.index().fields().stream()
            .map(AttributeField::path)
            .distinct()
            .map(path -> Objects.requireNonNull(rows.index().path(path)))
            .toList();
    return ColumnSet.of(paths, rows.size());
  }

  /// Every way to ask a test gives what the documents say.
  private static void requireRight(
      RandomGenerator random, IndexedRows rows, Sample sample, Filter filter, RowTest test) {
    boolean[] matching = rows.matching(filter);
    String what = FilterText.of(filter);
    int count = 0;
    for (int i = 0; i < matching.length; i++) {
      assertThat(test.matches(i)).as("%s of row %s", what, i).isEqualTo(matching[i]);
      count += matching[i] ? 1 : 0;
    }
    assertThat(test.most()).as("most of %s", what).isBetween((long) count, (long) rows.size());
    MaskStack stack = new MaskStack();
    for (int round = 0; round < 4; round++) {
      int from = round == 0 ? 0 : random.nextInt(rows.size() + 1);
      int to = round == 0 ? rows.size() : from + random.nextInt(rows.size() - from + 1);
      long[] mask = random.longs((to - from + 63) / 64 + 1).toArray();
      long beyond = mask[mask.length - 1];
      test.fill(RowTest.Rows.ALL, from, to, mask, stack);
      requireMask(what, Arrays.copyOfRange(matching, from, to), mask);
      assertThat(mask[mask.length - 1]).as("the word beyond").isEqualTo(beyond);
    }
    boolean[] sampled = new boolean[sample.count()];
    for (int i = 0; i < sampled.length; i++) {
      sampled[i] = matching[sample.ordinals()[i]];
    }
    long[] mask = random.longs((sampled.length + 63) / 64 + 1).toArray();
    test.fill(RowTest.Rows.SAMPLED, 0, sampled.length, mask, stack);
    requireMask(what + " of the sample", sampled, mask);
    if (test.isListable()) {
      assertThat(IntStream.of(test.list()).sorted().toArray())
          .as("list of %s", what)
          .isEqualTo(IntStream.range(0, matching.length).filter(i -> matching[i]).toArray());
    } else {
      assertThatExceptionOfType(IllegalStateException.class).isThrownBy(test::list);
    }
  }

  private static void requireMask(String what, boolean[] expected, long[] mask) {
    for (int i = 0; i < (expected.length + 63) / 64 * 64; i++) {
      boolean isSet = (mask[i >> 6] >>> i & 1) != 0;
      if (isSet != (i < expected.length && expected[i])) {
        throw new AssertionError(what + ": bit " + i + " of " + expected.length + " is " + isSet);
      }
    }
  }

  @Test
  void randomFiltersAreDecidedAsByTheDocuments() {
    Seed.repeat(
        6,
        random -> {
          IndexedRows rows = IndexedRows.random(random, random.nextInt(300));
          Sample sample = new Sample(rows.size());
          int decided = 0;
          for (int i = 0; i < 60; i++) {
            Filter filter = RandomFilters.next(random, 1 + random.nextInt(4));
            Optional<RowTest> test = test(rows, sample, filter);
            if (test.isPresent()) {
              decided++;
              requireRight(random, rows, sample, filter, test.get());
            }
          }
          assertThat(decided).as("filters decided of 60").isGreaterThan(10);
        });
  }

  /// More rows than the sample has, and fields with too many values for postings.
  @Test
  void filtersOnManyRowsAreDecidedAsByTheDocuments() {
    Seed.repeat(
        1,
        random -> {
          IndexedRows rows = IndexedRows.random(random, 5_000);
          Sample sample = new Sample(rows.size());
          assertThat(sample.count()).isLessThan(rows.size());
          int decided = 0;
          for (int i = 0; i < 40; i++) {
            Filter filter = RandomFilters.next(random, 1 + random.nextInt(3));
            Optional<RowTest> test = test(rows, sample, filter);
            if (test.isPresent()) {
              decided++;
              requireRight(random, rows, sample, filter, test.get());
            }
          }
          assertThat(decided).isPositive();
        });
  }

  private static Payload of(Object... keysAndValues) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      fields.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return Payload.of(fields);
  }

  /// Whole numbers of as many values as fill each form of a column, to its limit and above.
  @Test
  void columnsOfAnyWidthAreDecided() {
    Seed.repeat(
        1,
        random -> {
          for (int values : new int[] {255, 256, 4_096, 4_097, 65_535, 65_536}) {
            int count = values + 100;
            IndexedRows rows =
                IndexedRows.of(
                    IntStream.range(0, count)
                        .mapToObj(i -> of("n", (long) (i % values) * 3))
                        .toList());
            Sample sample = new Sample(count);
            double last = 3.0 * (values - 1);
            for (Filter filter :
                List.of(
                    new Filter.In("n", Set.of(Value.of(0))),
                    new Filter.In("n", Set.of(Value.of((long) last))),
                    new Filter.In("n", Set.of(Value.of(3), Value.of((long) last), Value.of(4))),
                    new Filter.Range("n", Bound.including(last), Bound.none()),
                    new Filter.Range("n", Bound.excluding(last), Bound.none()),
                    new Filter.Range("n", Bound.excluding(0.0), Bound.excluding(last)),
                    new Filter.Range("n", Bound.excluding(3.0), Bound.excluding(6.0)),
                    new Filter.Range("n", Bound.including(9.0), Bound.including(8.0)),
                    new Filter.Not(new Filter.In("n", Set.of(Value.of((long) last)))))) {
              Optional<RowTest> test = test(rows, sample, filter);
              assertThat(test).as(FilterText.of(filter)).isPresent();
              requireRight(random, rows, sample, filter, test.orElseThrow());
            }
          }
        });
  }

  /// Keywords of too many values are known by a hash: documents decide.
  @Test
  void whatDocumentsMustDecideIsNoTest() {
    IndexedRows rows =
        IndexedRows.of(
            IntStream.range(0, 5_000)
                .mapToObj(i -> of("k", "k" + i, "n", (long) i, "t", "word ".repeat(i % 90)))
                .toList());
    Sample sample = new Sample(rows.size());
    for (Filter filter :
        List.of(
            new Filter.In("k", Set.of(Value.of("k7"))),
            new Filter.Not(new Filter.In("k", Set.of(Value.of("k7")))),
            new Filter.In("t", Set.of(Value.of("word ".repeat(80)))),
            new Filter.IsEmpty("a[].b"),
            new Filter.And(
                List.of(
                    new Filter.In("n", Set.of(Value.of(7))),
                    new Filter.In("k", Set.of(Value.of("k7"))))))) {
      assertThat(test(rows, sample, filter)).as(FilterText.of(filter)).isEmpty();
    }
    assertThat(test(rows, sample, new Filter.In("n", Set.of(Value.of(7))))).isPresent();
  }

  /// Trees that the normaliser would not leave as they are.
  @Test
  void testsCombineAsTheirMeaningSays() {
    Seed.repeat(
        4,
        random -> {
          int size = 1 + random.nextInt(300);
          Sample sample = new Sample(size);
          List<RowTest> parts =
              IntStream.range(0, 4).mapToObj(_ -> members(random, size, sample)).toList();
          for (int count = 1; count <= 4; count++) {
            RowTest test = new RowTest.AtLeast(count, parts, size);
            long[] mask = new long[(size + 63) / 64];
            test.fill(RowTest.Rows.ALL, 0, size, mask, new MaskStack());
            for (int i = 0; i < size; i++) {
              int row = i;
              boolean isExpected = parts.stream().filter(p -> p.matches(row)).count() >= count;
              assertThat(test.matches(i)).isEqualTo(isExpected);
              assertThat((mask[i >> 6] >>> i & 1) != 0).isEqualTo(isExpected);
            }
          }
          RowTest all = new RowTest.Constant(true, size);
          RowTest none = new RowTest.Constant(false, size);
          assertThat(all.isListable()).isFalse();
          assertThat(none.list()).isEmpty();
          RowTest inverse = new RowTest.Inverse(parts.getFirst(), size);
          RowTest every = new RowTest.Every(List.of(inverse, parts.get(1), all));
          assertThat(every.isListable()).isTrue();
          assertThat(every.list())
              .containsExactly(
                  IntStream.of(parts.get(1).list())
                      .filter(i -> !parts.getFirst().matches(i))
                      .toArray());
          RowTest some = new RowTest.Some(List.of(parts.get(1), inverse), size);
          assertThat(some.isListable()).isFalse();
          assertThat(some.most()).isEqualTo(size);
        });
  }

  private static RowTest members(RandomGenerator random, int size, Sample sample) {
    int share = 1 + random.nextInt(4);
    return new RowTest.Members(
        RoaringBitmap.bitmapOf(
            IntStream.range(0, size).filter(_ -> random.nextInt(share) == 0).toArray()),
        sample);
  }
}
