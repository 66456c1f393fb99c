package io.capsdb.bench.peers;

import io.capsdb.bench.data.Ranges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The attribute frequency tree of one partition (CAPS, frequency order): its most frequent values,
/// most frequent first. A row's slot is the place of the first of them that it holds, or the last
/// slot.
///
/// @param attributes of the values
/// @param values as many as `attributes`
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record FrequencyTree(int[] attributes, int[] values) {
  /// @param height most values that are taken
  static FrequencyTree of(int[][] columns, int[] rows, int height) {
    Map<Long, Integer> counts = new HashMap<>();
    for (int attribute = 0; attribute < columns.length; attribute++) {
      for (int row : rows) {
        counts.merge(((long) attribute << 32) | columns[attribute][row], 1, Integer::sum);
      }
    }
    List<Map.Entry<Long, Integer>> frequent = new ArrayList<>(counts.entrySet());
    frequent.sort(
        Map.Entry.<Long, Integer>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey()));
    int count = Math.min(height, frequent.size());
    int[] attributes = new int[count];
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      long key = frequent.get(i).getKey();
      attributes[i] = (int) (key >> 32);
      values[i] = (int) key;
    }
    return new FrequencyTree(attributes, values);
  }

  int slotCount() {
    return values.length + 1;
  }

  int slotOf(int[][] columns, int row) {
    for (int slot = 0; slot < values.length; slot++) {
      if (columns[attributes[slot]][row] == values[slot]) {
        return slot;
      }
    }
    return values.length;
  }

  /// Whether no row of a slot can match a query, because all of them hold a value that it does not
  /// ask for.
  boolean isSkipped(Ranges ranges, int query, int slot) {
    return slot < values.length
        && !ranges.isFree(query, attributes[slot])
        && (values[slot] < ranges.low(query, attributes[slot])
            || values[slot] > ranges.high(query, attributes[slot]));
  }

  /// Whether no row after a slot can match a query, because it asks for the very value that none of
  /// them holds.
  boolean isLast(Ranges ranges, int query, int slot) {
    return slot < values.length
        && ranges.low(query, attributes[slot]) == values[slot]
        && ranges.high(query, attributes[slot]) == values[slot];
  }
}
