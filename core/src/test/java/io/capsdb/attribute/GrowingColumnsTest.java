package io.capsdb.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.FilterText;
import io.capsdb.filter.Value;
import io.capsdb.point.Payload;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class GrowingColumnsTest {
  private static GrowingColumns columns(List<Payload> payloads) {
    GrowingColumns columns = new GrowingColumns(Math.max(1, payloads.size()));
    payloads.forEach(columns::add);
    return columns;
  }

  private static IntPredicate documents(Filter filter, List<Payload> payloads) {
    FilterEvaluator evaluator = FilterEvaluator.of(filter);
    return row -> evaluator.matches(payloads.get(row));
  }

  @Test
  void matchingRowsAreThoseOfTheDocuments() {
    Seed.repeat(
        10,
        random -> {
          List<Payload> payloads =
              IntStream.range(0, random.nextInt(200))
                  .mapToObj(_ -> RandomPayloads.next(random))
                  .toList();
          GrowingColumns columns = columns(payloads);
          for (int i = 0; i < 100; i++) {
            Filter filter = RandomFilters.next(random, 1 + random.nextInt(4));
            int rows = random.nextInt(payloads.size() + 1);
            IntPredicate verify = documents(filter, payloads);
            RoaringBitmap wanted = new RoaringBitmap();
            IntStream.range(0, rows).filter(verify).forEach(wanted::add);
            assertThat(columns.matching(filter, rows, verify))
                .as("%s of the first %d rows", FilterText.of(filter), rows)
                .isEqualTo(wanted);
          }
        });
  }

  @Test
  void rowsWithoutArraysAreDecidedWithoutTheirDocuments() {
    List<Payload> payloads =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    i % 10 == 0
                        ? Payload.of(Map.of("x", List.of(1L, 2L)))
                        : Payload.of(Map.of("x", (long) i, "shop", Map.of("city", "c" + i % 3))))
            .toList();
    Filter filter =
        new Filter.And(
            List.of(
                new Filter.Not(new Filter.In("x", Set.of(Value.of(7), Value.of(2)))),
                new Filter.In("shop.city", Set.of(Value.of("c1")))));
    AtomicInteger read = new AtomicInteger();
    IntPredicate verify = documents(new Filter.In("x", Set.of(Value.of(2))), payloads);
    columns(payloads)
        .matching(
            new Filter.In("x", Set.of(Value.of(2))),
            100,
            row -> {
              read.incrementAndGet();
              return verify.test(row);
            });
    assertThat(read).hasValue(10);
    assertThat(
            columns(payloads)
                .matching(
                    filter,
                    100,
                    _ -> {
                      throw new AssertionError();
                    }))
        .isEqualTo(
            RoaringBitmap.bitmapOf(
                IntStream.range(0, 100).filter(documents(filter, payloads)).toArray()));
  }

  @Test
  void pathsBeyondTheColumnsAreReadFromDocuments() {
    Map<String, @Nullable Object> many = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      many.put("field" + i, (long) i);
    }
    List<Payload> payloads = List.of(Payload.of(many), Payload.of(Map.of("field1", 5L)));
    for (int i = 0; i < 300; i++) {
      Filter filter = new Filter.In("field" + i, Set.of(Value.of(i)));
      assertThat(columns(payloads).matching(filter, 2, documents(filter, payloads)))
          .isEqualTo(RoaringBitmap.bitmapOf(0));
    }
  }

  @Test
  void refusesMoreRowsThanItHasRoomFor() {
    GrowingColumns columns = columns(List.of(Payload.empty()));
    assertThatIllegalStateException()
        .isThrownBy(() -> columns.add(Payload.empty()))
        .withMessageContaining("1 rows");
  }
}
