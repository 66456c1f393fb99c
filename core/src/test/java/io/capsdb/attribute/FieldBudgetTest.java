package io.capsdb.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.FilterText;
import io.capsdb.filter.Value;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.point.Payload;
import io.capsdb.testdata.Seed;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What fields cost, and that they stay within their budget whatever payloads hold.
class FieldBudgetTest {
  private static final int ROWS = 40_000;

  private static byte[] bytes(AttributeIndex index) {
    CheckedWriter out = new CheckedWriter();
    index.write(out);
    return out.toByteArray();
  }

  private static AttributeIndex read(byte[] bytes) {
    return AttributeIndex.read(new CheckedReader("attributes", 0, MemorySegment.ofArray(bytes)));
  }

  private static IndexedRows rows(IntFunction<Map<String, ? extends @Nullable Object>> fields) {
    List<Payload> payloads = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      payloads.add(Payload.of(new HashMap<>(fields.apply(i))));
    }
    return IndexedRows.of(payloads);
  }

  /// Bytes a row, as the index counts them and as the file has them.
  private static void requireBudget(IndexedRows rows, double most) {
    double inMemory = (double) rows.index().bytes() / ROWS;
    double inFile = (double) bytes(rows.index()).length / ROWS;
    assertThat(inMemory).as("bytes a row in memory").isLessThanOrEqualTo(most);
    assertThat(inFile).as("bytes a row in the file").isLessThanOrEqualTo(most);
  }

  private static void requireRight(IndexedRows rows, Filter filter) {
    Selection selection = rows.select(filter);
    boolean[] matching = rows.matching(filter);
    for (int i = 0; i < ROWS; i++) {
      boolean isFound =
          selection.certain().contains(i)
              || (selection.possible().contains(i) && selection.verify().test(i));
      if (isFound != matching[i]) {
        throw new AssertionError(FilterText.of(filter) + " of row " + i + ": " + isFound);
      }
    }
  }

  private static String uuid(RandomGenerator random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /// Each kind of field alone, with what it may cost.
  @Test
  void fieldsOfEachKindCostAFewBytesARow() {
    Seed.repeat(
        1,
        random -> {
          requireBudget(rows(i -> Map.of("f", "label" + random.nextInt(10))), 4);
          requireBudget(rows(i -> Map.of("f", random.nextBoolean())), 2);
          requireBudget(rows(i -> Map.of("f", (long) random.nextInt(100))), 4);
          requireBudget(rows(i -> Map.of("f", "key-" + random.nextInt(3_000))), 8);
          requireBudget(
              rows(i -> Map.of("f", List.of("t" + random.nextInt(200), "u" + random.nextInt(200)))),
              5);
          requireBudget(rows(i -> Map.of("f", random.nextInt(5_000_000) / 100.0)), 9);
          requireBudget(rows(i -> Map.of("f", (long) i)), 9);
          requireBudget(rows(i -> Map.of("f", random.nextDouble())), 13);
          requireBudget(rows(i -> Map.of("f", uuid(random))), 9);
          requireBudget(
              rows(
                  i -> {
                    long second = 1_700_000_000L + random.nextInt(100_000_000);
                    return Map.of("f", Instant.ofEpochSecond(second).toString());
                  }),
              FieldBudget.ROW_BYTES);
        });
  }

  private static Map<String, @Nullable Object> wide(RandomGenerator random, int row) {
    Map<String, @Nullable Object> fields = new HashMap<>();
    fields.put("id", uuid(random));
    fields.put("session", uuid(random));
    fields.put("title", "All about " + random.nextLong() + " and more");
    fields.put("text", "word ".repeat(60 + random.nextInt(40)));
    fields.put("key", "key-" + random.nextInt(3_000));
    fields.put("category", "c" + random.nextInt(12));
    fields.put("price", random.nextInt(100_000) / 100.0);
    fields.put("score", random.nextDouble());
    fields.put(
        "created", Instant.ofEpochSecond(1_700_000_000L + random.nextInt(9_999_999)).toString());
    fields.put("row", (long) row);
    fields.put("k" + random.nextInt(3_000), (long) random.nextInt(10));
    return fields;
  }

  @Test
  void payloadsOfAnyKindStayWithinTheBudget() {
    Seed.repeat(
        1,
        random -> {
          IndexedRows rows = rows(i -> wide(random, i));
          requireBudget(rows, FieldBudget.ROW_BYTES);
          assertThat(rows.index().fields()).anyMatch(field -> field.path().equals("category"));
          assertThat(rows.index().unindexed()).contains("id KEYWORD", "title KEYWORD");
          Map<String, @Nullable Object> some = rows.payloads().get(7).fields();
          List<Filter> filters = new ArrayList<>();
          for (String path : List.of("id", "title", "key", "category", "created")) {
            Filter in = new Filter.In(path, Set.of(Value.of(String.valueOf(some.get(path)))));
            filters.add(in);
            filters.add(new Filter.Not(in));
          }
          filters.add(new Filter.Range("score", Bound.including(0.4), Bound.excluding(0.6)));
          filters.add(new Filter.Range("price", Bound.including(100.0), Bound.excluding(200.0)));
          filters.add(
              new Filter.DateRange(
                  "created", Bound.including(Instant.ofEpochSecond(1_705_000_000L)), Bound.none()));
          filters.add(new Filter.Except("id", Set.of(Value.of("x"))));
          filters.add(new Filter.Except("score", Set.of(Value.of(1))));
          filters.add(new Filter.IsEmpty("title"));
          for (int i = 0; i < 3_000; i += 300) {
            filters.add(new Filter.In("k" + i, Set.of(Value.of(3))));
            filters.add(new Filter.IsEmpty("k" + i));
          }
          filters.forEach(filter -> requireRight(rows, filter));
        });
  }

  /// Very many keys, each in few rows: those that most rows have are kept.
  @Test
  void ofVeryManyPathsTheFullestAreIndexed() {
    Seed.repeat(
        1,
        random -> {
          IndexedRows rows =
              rows(
                  i ->
                      Map.of(
                          "k" + random.nextInt(3_000),
                          (long) random.nextInt(10),
                          "z",
                          (long) random.nextInt(10)));
          requireBudget(rows, 12);
          assertThat(rows.index().fields()).hasSizeBetween(200, FieldBudget.MAX_PATHS);
          assertThat(rows.index().fields()).anyMatch(field -> field.path().equals("z"));
        });
  }

  @Test
  void declaredFieldsAreIndexedWhateverTheyCost() {
    Seed.repeat(
        1,
        random -> {
          AttributeIndex.Builder builder =
              new AttributeIndex.Builder(Set.of("id", "score", "nowhere"));
          for (int i = 0; i < ROWS; i++) {
            builder.add(Payload.of(wide(random, i)));
          }
          AttributeIndex index = read(bytes(builder.build()));
          assertThat(index.fields().stream().map(AttributeField::path)).contains("id", "score");
          assertThat(index.unindexed()).doesNotContain("id KEYWORD", "score FLOAT");
        });
  }

  /// That the index counts what it takes: against the heap before and after.
  @Test
  void bytesAreWhatTheHeapSays() {
    Seed.repeat(
        1,
        random -> {
          byte[] bytes =
              bytes(
                  rows(i ->
                          Map.of(
                              "key",
                              "key-" + random.nextInt(3_000),
                              "row",
                              (long) i,
                              "k" + random.nextInt(300),
                              (long) random.nextInt(10)))
                      .index());
          List<AttributeIndex> held = new ArrayList<>();
          held.add(read(bytes));
          long before = used();
          for (int i = 0; i < 8; i++) {
            held.add(read(bytes));
          }
          long each = (used() - before) / 8;
          assertThat(held).hasSize(9);
          assertThat((double) each).isLessThan(1.15 * held.getFirst().bytes());
        });
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  /// Lists of rows are dropped before fields are: all of these are filtered without a document.
  @Test
  void manyNumbersAreKnownByTheirColumnsAlone() {
    Seed.repeat(
        1,
        random -> {
          IndexedRows rows =
              rows(
                  i -> {
                    Map<String, Object> fields = new HashMap<>();
                    fields.put("time", (long) i * 7919 % ROWS);
                    fields.put("price", (long) random.nextInt(20_000));
                    for (int field = 0; field < 8; field++) {
                      fields.put("f" + field, (long) random.nextInt(10));
                    }
                    return fields;
                  });
          requireBudget(rows, FieldBudget.ROW_BYTES + 0.1);
          for (String field : List.of("time", "price", "f0", "f7")) {
            Filter filter = new Filter.Range(field, Bound.including(3.0), Bound.excluding(5.0));
            assertThat(rows.select(filter).isExact()).as("%s by its column", field).isTrue();
            requireRight(rows, filter);
          }
          for (AttributeField field : rows.index().fields()) {
            assertThat(field.hasPostings()).isEqualTo(field.path().startsWith("f"));
            for (int code = 0; field.hasPostings() && code < field.valueCount(); code++) {
              boolean[] matching =
                  rows.matching(
                      new Filter.In(field.path(), Set.of(Value.of((Long) field.value(code)))));
              for (int i = 0; i < ROWS; i++) {
                assertThat(field.ordinals(code).contains(i)).isEqualTo(matching[i]);
              }
            }
          }
        });
  }

  @Test
  void besideLongVectorsFieldsMayTakeMore() {
    Seed.repeat(
        1,
        random -> {
          AttributeIndex.Builder few = AttributeIndex.Builder.beside(Set.of(), 512);
          AttributeIndex.Builder many = AttributeIndex.Builder.beside(Set.of(), 3_136);
          for (int i = 0; i < ROWS; i++) {
            Payload payload =
                Payload.of(
                    Map.of("a", random.nextDouble(), "b", random.nextDouble(), "c", (long) i % 9));
            few.add(payload);
            many.add(payload);
          }
          assertThat((double) few.build().bytes() / ROWS).isLessThanOrEqualTo(16);
          assertThat((double) many.build().bytes() / ROWS).isBetween(16.0, 62.0);
        });
  }
}
