package io.capsdb.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.roaringbitmap.RoaringBitmap;

/// Collects the values of one type at one path: as postings while there are few distinct ones, as
/// pairs of key and ordinal from then on.
final class ValueCollector {
  private final ValueType type;
  private Map<Object, RoaringBitmap> postings = new HashMap<>();
  private long[] keys = {};
  private int[] ordinals = {};
  private int pairCount = -1;

  ValueCollector(ValueType type) {
    this.type = type;
  }

  /// @param ordinal not below the one before
  void add(int ordinal, Object value) {
    if (pairCount < 0) {
      postings.computeIfAbsent(value, _ -> new RoaringBitmap()).add(ordinal);
      if (postings.size() > PostingValues.MAX_VALUES) {
        spill();
      }
    } else {
      addPair(ValueKeys.of(type, value), ordinal);
    }
  }

  private void spill() {
    pairCount = 0;
    postings.forEach(
        (value, holders) -> {
          long key = ValueKeys.of(type, value);
          holders.forEach((int ordinal) -> addPair(key, ordinal));
        });
    postings = Map.of();
  }

  private void addPair(long key, int ordinal) {
    if (pairCount == keys.length) {
      int capacity = Math.max(1024, pairCount + (pairCount >> 1));
      keys = Arrays.copyOf(keys, capacity);
      ordinals = Arrays.copyOf(ordinals, capacity);
    }
    keys[pairCount] = key;
    ordinals[pairCount++] = ordinal;
  }

  TypedValues build(int size) {
    return pairCount < 0 ? buildPostings() : buildPairs(size);
  }

  private PostingValues buildPostings() {
    List<Object> values = new ArrayList<>(postings.keySet());
    values.sort(
        type == ValueType.KEYWORD
            ? Comparator.comparing(value -> (String) value)
            : Comparator.comparingLong(value -> ValueKeys.of(type, value)));
    RoaringBitmap[] ordered = new RoaringBitmap[values.size()];
    for (int code = 0; code < ordered.length; code++) {
      ordered[code] = java.util.Objects.requireNonNull(postings.get(values.get(code)));
      ordered[code].runOptimize();
    }
    return new PostingValues(type, values, ordered);
  }

  private SortedValues buildPairs(int size) {
    int[] order =
        IntStream.range(0, pairCount)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingLong(i -> keys[i]).thenComparingInt(i -> ordinals[i]))
            .mapToInt(i -> i)
            .toArray();
    long[] sortedKeys = new long[pairCount];
    int[] sortedOrdinals = new int[pairCount];
    for (int i = 0; i < pairCount; i++) {
      sortedKeys[i] = keys[order[i]];
      sortedOrdinals[i] = ordinals[order[i]];
    }
    return new SortedValues(type, size, sortedKeys, sortedOrdinals);
  }
}
