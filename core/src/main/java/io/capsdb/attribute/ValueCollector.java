package io.capsdb.attribute;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.roaringbitmap.RoaringBitmap;

/// Collects the values of one type at one path: as postings while there are few distinct ones, as
/// pairs of key and ordinal from then on.
final class ValueCollector {
  /// A dictionary whose texts take more for each row is given up for hashes, which take 8 bytes.
  private static final int MOST_ROW_BYTES = 16;

  /// A dictionary of no more bytes is kept, however few the rows.
  private static final long FREE_BYTES = 1 << 16;

  private final ValueType type;
  private final int mostValues;
  private final boolean isTenant;
  private Map<Object, RoaringBitmap> postings = new HashMap<>();
  private long[] keys = {};
  private int[] ordinals = {};
  private int pairCount = -1;

  /// @param isTenant whether very many distinct values are kept as they are, so that they are found
  ///     without documents
  ValueCollector(ValueType type, boolean isTenant) {
    this.type = type;
    this.isTenant = isTenant;
    this.mostValues = isTenant ? PostingValues.MAX_TENANTS : PostingValues.MAX_VALUES;
  }

  /// Whether nothing was added.
  boolean isEmpty() {
    return pairCount < 0 ? postings.isEmpty() : pairCount == 0;
  }

  /// Adds the first ordinals of an array, which all hold a value.
  void addAll(Object value, int[] ordinals, int count) {
    if (count == 0) {
      return;
    }
    if (pairCount < 0) {
      postings.computeIfAbsent(value, _ -> new RoaringBitmap()).addN(ordinals, 0, count);
      if (postings.size() > mostValues) {
        spill();
      }
      return;
    }
    long key = ValueKeys.of(type, value);
    for (int i = 0; i < count; i++) {
      addPair(key, ordinals[i]);
    }
  }

  /// Adds a value of which the key alone is known, as where values are very many.
  void addKey(long key, int ordinal) {
    if (pairCount < 0) {
      spill();
    }
    addPair(key, ordinal);
  }

  void add(int ordinal, Object value) {
    if (pairCount < 0) {
      postings.computeIfAbsent(value, _ -> new RoaringBitmap()).add(ordinal);
      if (postings.size() > mostValues) {
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
    if (pairCount < 0) {
      PostingValues built = buildPostings();
      long most = Math.max(FREE_BYTES, (long) MOST_ROW_BYTES * built.any().getCardinality());
      if (type != ValueType.KEYWORD || isTenant || built.bytes(size) <= most) {
        return built;
      }
      spill();
    }
    return type == ValueType.KEYWORD ? buildHashes(size) : buildNumbers(size);
  }

  private PostingValues buildPostings() {
    Dictionary dictionary;
    if (type == ValueType.KEYWORD) {
      dictionary = Texts.of(postings.keySet().stream().map(value -> (String) value).toList());
    } else {
      dictionary =
          new Keys(
              type,
              postings.keySet().stream()
                  .mapToLong(value -> ValueKeys.of(type, value))
                  .sorted()
                  .toArray());
    }
    Postings.Packer packer = new Postings.Packer(dictionary.count());
    for (int code = 0; code < dictionary.count(); code++) {
      packer.add(Objects.requireNonNull(postings.get(dictionary.value(code))));
    }
    return new PostingValues(type, dictionary, packer.pack());
  }

  private HashedTexts buildHashes(int size) {
    long[] pairs = new long[pairCount];
    Arrays.setAll(pairs, i -> (keys[i] >> 32 << 32) | ordinals[i]);
    Arrays.sort(pairs);
    int[] hashes = new int[pairCount];
    int[] holders = new int[pairCount];
    for (int i = 0; i < pairCount; i++) {
      hashes[i] = (int) (pairs[i] >> 32);
      holders[i] = (int) pairs[i];
    }
    return new HashedTexts(size, hashes, holders);
  }

  private SortedNumbers buildNumbers(int size) {
    long least = Arrays.stream(keys, 0, pairCount).min().orElse(0);
    long most = Arrays.stream(keys, 0, pairCount).max().orElse(0);
    return most - least >= 0 && most - least <= Integer.MAX_VALUE
        ? buildNear(size, least)
        : buildFar(size);
  }

  /// Numbers so near one another that a number and an ordinal are sorted as one.
  private SortedNumbers buildNear(int size, long least) {
    long[] pairs = new long[pairCount];
    Arrays.setAll(pairs, i -> (keys[i] - least) << 32 | ordinals[i]);
    Arrays.sort(pairs);
    long[] sortedKeys = new long[pairCount];
    int[] sortedOrdinals = new int[pairCount];
    for (int i = 0; i < pairCount; i++) {
      sortedKeys[i] = least + (pairs[i] >> 32);
      sortedOrdinals[i] = (int) pairs[i];
    }
    return SortedNumbers.of(type, size, sortedKeys, sortedOrdinals);
  }

  private SortedNumbers buildFar(int size) {
    long[] distinct = Arrays.stream(keys, 0, pairCount).sorted().distinct().toArray();
    long[] pairs = new long[pairCount];
    Arrays.setAll(pairs, i -> ((long) Arrays.binarySearch(distinct, keys[i]) << 32) | ordinals[i]);
    Arrays.sort(pairs);
    long[] sortedKeys = new long[pairCount];
    int[] sortedOrdinals = new int[pairCount];
    for (int i = 0; i < pairCount; i++) {
      sortedKeys[i] = distinct[(int) (pairs[i] >> 32)];
      sortedOrdinals[i] = (int) pairs[i];
    }
    return SortedNumbers.of(type, size, sortedKeys, sortedOrdinals);
  }
}
