package io.capsdb.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.attribute.SlotFacts.Fact;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.FilterNormalizer;
import io.capsdb.filter.FilterText;
import io.capsdb.filter.Ternary;
import io.capsdb.filter.Value;
import io.capsdb.point.Payload;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotFactsTest {
  private static Filter in(String path, Value... values) {
    return new Filter.In(path, Set.of(values));
  }

  /// The slots of a random decision list over random rows: what is concluded of a slot must be true
  /// of each of its rows.
  @Test
  void whatIsConcludedIsTrueOfEveryRowOfTheSlot() {
    Set<Ternary> met = EnumSet.noneOf(Ternary.class);
    Seed.repeat(
        40,
        random -> {
          List<Payload> payloads =
              IntStream.range(0, 150).mapToObj(_ -> RandomPayloads.next(random)).toList();
          AttributeIndex.Builder builder = new AttributeIndex.Builder();
          payloads.forEach(builder::add);
          AttributeIndex index = builder.build();
          List<Entry> list = decisionList(random, index);
          for (int i = 0; i < 30; i++) {
            Filter filter =
                FilterNormalizer.normalize(
                    RandomFilters.next(random, 1 + random.nextInt(3)), index::isSingleValued);
            FilterEvaluator documents = FilterEvaluator.of(filter);
            for (int slot = 0; slot <= list.size(); slot++) {
              SlotFacts facts = facts(list, slot, index);
              Ternary answer = facts.evaluate(filter);
              met.add(answer);
              for (int row = 0; row < payloads.size(); row++) {
                if (answer != Ternary.UNKNOWN && slotOf(row, list) == slot) {
                  assertThat(Ternary.of(documents.matches(payloads.get(row))))
                      .as(
                          "%s of %s in %s",
                          FilterText.of(filter), payloads.get(row), facts.contained())
                      .isEqualTo(answer);
                }
              }
            }
          }
        });
    if (System.getProperty("seed") == null) {
      assertThat(met).as("answers that were met").containsAll(EnumSet.allOf(Ternary.class));
    }
  }

  private record Entry(Fact fact, org.roaringbitmap.RoaringBitmap rows) {}

  private static List<Entry> decisionList(RandomGenerator random, AttributeIndex index) {
    List<Entry> all = new ArrayList<>();
    for (AttributeField field : index.fields()) {
      for (int code = 0; code < field.valueCount(); code++) {
        if (field.type() != ValueType.DATETIME) {
          all.add(new Entry(new Fact(field.path(), field.value(code)), field.ordinals(code)));
        }
      }
    }
    Collections.shuffle(all, Random.from(random));
    // Rows of a slot are few for a random value; the most frequent values are what trees take.
    all.sort((a, b) -> b.rows().getCardinality() - a.rows().getCardinality());
    List<Entry> list = new ArrayList<>(all.subList(0, Math.min(all.size(), 40)));
    Collections.shuffle(list, Random.from(random));
    return list.subList(0, Math.min(list.size(), 8));
  }

  private static int slotOf(int row, List<Entry> list) {
    int slot = 0;
    while (slot < list.size() && !list.get(slot).rows().contains(row)) {
      slot++;
    }
    return slot;
  }

  private static SlotFacts facts(List<Entry> list, int slot, AttributeIndex index) {
    return new SlotFacts(
        slot < list.size() ? Optional.of(list.get(slot).fact()) : Optional.empty(),
        list.subList(0, slot).stream().map(Entry::fact).toList(),
        index::isSingleValued);
  }

  private static SlotFacts single(Object value, Object... lacking) {
    return facts(true, value, lacking);
  }

  private static SlotFacts several(Object value, Object... lacking) {
    return facts(false, value, lacking);
  }

  private static SlotFacts facts(boolean isSingle, Object value, Object... lacking) {
    List<Fact> missing = new ArrayList<>();
    for (Object each : lacking) {
      missing.add(new Fact("x", each));
    }
    return new SlotFacts(Optional.of(new Fact("x", value)), missing, _ -> isSingle);
  }

  @Test
  void aValueThatEveryRowHoldsDecidesItsField() {
    Filter red = in("x", Value.of("red"));
    assertThat(single("red").evaluate(red)).isEqualTo(Ternary.TRUE);
    assertThat(several("red").evaluate(red)).isEqualTo(Ternary.TRUE);
    assertThat(single("blue").evaluate(red)).isEqualTo(Ternary.FALSE);
    assertThat(several("blue").evaluate(red)).as("there may be red too").isEqualTo(Ternary.UNKNOWN);
    assertThat(single("red").evaluate(in("y", Value.of("red")))).isEqualTo(Ternary.UNKNOWN);
    assertThat(single("red").evaluate(new Filter.IsEmpty("x"))).isEqualTo(Ternary.FALSE);
    assertThat(several("red").evaluate(new Filter.IsEmpty("x"))).isEqualTo(Ternary.FALSE);
    assertThat(single("red").evaluate(new Filter.IsNull("x"))).isEqualTo(Ternary.FALSE);
    assertThat(several("red").evaluate(new Filter.IsNull("x"))).isEqualTo(Ternary.UNKNOWN);
    assertThat(several("red").evaluate(new Filter.Except("x", Set.of(Value.of("red")))))
        .isEqualTo(Ternary.UNKNOWN);
    assertThat(single("red").evaluate(new Filter.Except("x", Set.of(Value.of("red")))))
        .isEqualTo(Ternary.FALSE);
    assertThat(several("blue").evaluate(new Filter.Except("x", Set.of(Value.of("red")))))
        .isEqualTo(Ternary.TRUE);
  }

  @Test
  void valuesThatNoRowHoldsDecideWhatAsksForThemOnly() {
    Filter red = in("x", Value.of("red"));
    assertThat(several("blue", "red").evaluate(red)).isEqualTo(Ternary.FALSE);
    assertThat(several("blue", "red").evaluate(in("x", Value.of("red"), Value.of("green"))))
        .isEqualTo(Ternary.UNKNOWN);
    assertThat(
            several("blue", "red", "green").evaluate(in("x", Value.of("red"), Value.of("green"))))
        .isEqualTo(Ternary.FALSE);
    assertThat(several("blue", "red").evaluate(new Filter.Not(red))).isEqualTo(Ternary.TRUE);
    SlotFacts tail = new SlotFacts(Optional.empty(), List.of(new Fact("x", "red")), _ -> true);
    assertThat(tail.evaluate(red)).isEqualTo(Ternary.FALSE);
    assertThat(tail.evaluate(in("x", Value.of("blue")))).isEqualTo(Ternary.UNKNOWN);
    assertThat(tail.evaluate(new Filter.IsEmpty("x"))).isEqualTo(Ternary.UNKNOWN);
  }

  @Test
  void typesAreStrict() {
    assertThat(several(1.0, 1L).evaluate(in("x", Value.of(1)))).isEqualTo(Ternary.FALSE);
    assertThat(several(1.0).evaluate(in("x", Value.of(1)))).isEqualTo(Ternary.UNKNOWN);
    assertThat(several("1", 1L).evaluate(in("x", Value.of("1")))).isEqualTo(Ternary.TRUE);
    assertThat(several(true).evaluate(in("x", Value.of(true)))).isEqualTo(Ternary.TRUE);
  }

  @Test
  void numbersAndDatesDecideRanges() {
    Filter range = new Filter.Range("x", Bound.including(1.0), Bound.excluding(2.0));
    assertThat(several(1L).evaluate(range)).isEqualTo(Ternary.TRUE);
    assertThat(several(1.5).evaluate(range)).isEqualTo(Ternary.TRUE);
    assertThat(single(2L).evaluate(range)).isEqualTo(Ternary.FALSE);
    assertThat(several(2L).evaluate(range)).isEqualTo(Ternary.UNKNOWN);
    Filter dates =
        new Filter.DateRange(
            "x", Bound.including(Instant.parse("2024-01-01T00:00:00Z")), Bound.none());
    assertThat(several("2024-01-01").evaluate(dates)).isEqualTo(Ternary.TRUE);
    assertThat(single("2023-12-31").evaluate(dates)).isEqualTo(Ternary.FALSE);
    assertThat(single("no date").evaluate(dates)).isEqualTo(Ternary.FALSE);
  }
}
