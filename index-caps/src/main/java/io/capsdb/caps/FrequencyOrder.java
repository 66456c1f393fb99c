package io.capsdb.caps;

import java.util.stream.IntStream;

/// Orders the rows of a partition by the slots of its attribute frequency tree, inside a slot by
/// all their values.
record FrequencyOrder(AttributeFrequencyTree tree) implements PartitionOrder {
  @Override
  public Ordered order(int[] rows) {
    int[] tokens = tree.listOf(rows);
    int[] slots = IntStream.of(rows).map(row -> tree.slotOf(row, tokens)).toArray();
    int[] sorted =
        IntStream.range(0, rows.length)
            .boxed()
            .sorted(
                (a, b) -> {
                  int bySlot = Integer.compare(slots[a], slots[b]);
                  int byTuple = bySlot != 0 ? bySlot : tree.compareTuples(rows[a], rows[b]);
                  return byTuple != 0 ? byTuple : Integer.compare(rows[a], rows[b]);
                })
            .mapToInt(i -> i)
            .toArray();
    int[] slotEnd = new int[tokens.length];
    for (int slot : slots) {
      if (slot < tokens.length) {
        slotEnd[slot]++;
      }
    }
    for (int slot = 1; slot < slotEnd.length; slot++) {
      slotEnd[slot] += slotEnd[slot - 1];
    }
    return new Ordered(IntStream.of(sorted).map(i -> rows[i]).toArray(), tokens, slotEnd);
  }
}
