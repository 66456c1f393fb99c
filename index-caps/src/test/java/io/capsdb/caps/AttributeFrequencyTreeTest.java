package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.SlotFacts.Fact;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.Value;
import io.capsdb.point.Payload;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttributeFrequencyTreeTest {
  private static AttributeIndex index(List<Payload> payloads) {
    AttributeIndex.Builder builder = new AttributeIndex.Builder();
    payloads.forEach(builder::add);
    return builder.build();
  }

  private static boolean holds(Payload payload, Fact fact) {
    Filter filter =
        switch (fact.value()) {
          case String text -> new Filter.In(fact.path(), Set.of(Value.of(text)));
          case Long number -> new Filter.In(fact.path(), Set.of(Value.of((long) number)));
          case Boolean flag -> new Filter.In(fact.path(), Set.of(Value.of((boolean) flag)));
          default ->
              new Filter.Range(
                  fact.path(),
                  Filter.Bound.including((Double) fact.value()),
                  Filter.Bound.including((Double) fact.value()));
        };
    return FilterEvaluator.of(filter).matches(payload);
  }

  /// The meaning of the tree, read from the documents: most frequent values first, and the slot of
  /// a row is the first of them that it holds.
  @Test
  void slotsAreTheFirstValueOfTheListThatARowHolds() {
    Seed.repeat(
        5,
        random -> {
          List<Payload> payloads =
              IntStream.range(0, 120).mapToObj(_ -> RandomPayloads.next(random)).toList();
          AttributeFrequencyTree tree = new AttributeFrequencyTree(index(payloads), 10);
          int[] rows = IntStream.range(0, 120).filter(_ -> random.nextBoolean()).toArray();
          int[] list = tree.listOf(rows);
          List<Fact> facts = IntStream.of(list).mapToObj(tree.facts()::get).toList();
          List<Long> frequencies = new ArrayList<>();
          for (Fact fact : facts) {
            frequencies.add(
                IntStream.of(rows).filter(row -> holds(payloads.get(row), fact)).count());
          }
          for (int i = 1; i < frequencies.size(); i++) {
            assertThat(frequencies.get(i)).isBetween(4L, frequencies.get(i - 1));
          }
          for (int row : rows) {
            int slot = 0;
            while (slot < facts.size() && !holds(payloads.get(row), facts.get(slot))) {
              slot++;
            }
            assertThat(tree.slotOf(row, list)).as("%s", payloads.get(row)).isEqualTo(slot);
          }
        });
  }

  @Test
  void listsAreAsTallAsAllowedAndEachPartitionHasItsOwn() {
    List<Payload> payloads = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      payloads.add(Payload.of(Map.of("side", i < 20 ? "left" : "right", "parity", (long) i % 2)));
    }
    AttributeFrequencyTree tree = new AttributeFrequencyTree(index(payloads), 2);
    int[] left = tree.listOf(IntStream.range(0, 20).toArray());
    int[] right = tree.listOf(IntStream.range(20, 40).toArray());
    assertThat(left).hasSize(2);
    assertThat(tree.facts().get(left[0])).isEqualTo(new Fact("side", "left"));
    assertThat(tree.facts().get(right[0])).isEqualTo(new Fact("side", "right"));
    assertThat(new AttributeFrequencyTree(index(payloads), 0).listOf(new int[] {1, 2, 3, 4, 5}))
        .isEmpty();
  }

  @Test
  void rareValuesMakeNoSlot() {
    List<Payload> payloads =
        IntStream.range(0, 30).mapToObj(i -> Payload.of(Map.of("id", (long) i / 3))).toList();
    AttributeFrequencyTree tree = new AttributeFrequencyTree(index(payloads), 8);
    assertThat(tree.listOf(IntStream.range(0, 30).toArray())).isEmpty();
    assertThat(tree.slotOf(3, new int[0])).isZero();
  }

  @Test
  void rowsWithoutAttributesAreInTheTail() {
    AttributeFrequencyTree tree =
        new AttributeFrequencyTree(index(List.of(Payload.empty(), Payload.empty())), 8);
    assertThat(tree.facts()).isEmpty();
    assertThat(tree.listOf(new int[] {0, 1})).isEmpty();
    assertThat(tree.compareTuples(0, 1)).isZero();
  }
}
