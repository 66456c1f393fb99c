package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.roaringbitmap.RoaringBitmap;

/// Very many distinct values: pairs of key and ordinal, sorted by key. Exact for numbers and
/// date-times; for keywords, whose keys are hashes, a superset to be verified on documents.
final class SortedValues implements TypedValues {
  private final ValueType type;
  private final int size;
  private final long[] keys;
  private final int[] ordinals;

  /// @param size number of ordinals of the part
  /// @param keys ascending
  /// @param ordinals of the same length
  SortedValues(ValueType type, int size, long[] keys, int[] ordinals) {
    this.type = type;
    this.size = size;
    this.keys = keys;
    this.ordinals = ordinals;
  }

  @Override
  public ValueType type() {
    return type;
  }

  int pairCount() {
    return keys.length;
  }

  @Override
  public RoaringBitmap holding(Object value) {
    long key = ValueKeys.of(type, value);
    return slice(firstWhere(k -> k >= key), firstWhere(k -> k > key));
  }

  @Override
  public RoaringBitmap holdingOther(Set<Object> excluded) {
    long[] sorted = excluded.stream().mapToLong(v -> ValueKeys.of(type, v)).sorted().toArray();
    int[] others = new int[keys.length];
    int count = 0;
    for (int i = 0; i < keys.length; i++) {
      if (Arrays.binarySearch(sorted, keys[i]) < 0) {
        others[count++] = ordinals[i];
      }
    }
    return Reordering.bitmap(others, count, size);
  }

  @Override
  public RoaringBitmap between(LongPredicate isHighEnough, LongPredicate isLowEnough) {
    return slice(firstWhere(isHighEnough), firstWhere(isLowEnough.negate()));
  }

  @Override
  public RoaringBitmap any() {
    return slice(0, keys.length);
  }

  /// The code of a row is one more than the first place of its key.
  @Override
  public Optional<Column> column(int size) {
    int[] codes = new int[size];
    int first = 0;
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != keys[first]) {
        first = i;
      }
      if (codes[ordinals[i]] != 0) {
        return Optional.empty();
      }
      codes[ordinals[i]] = first + 1;
    }
    return Optional.of(Column.of(codes, keys.length));
  }

  @Override
  public CodeInterval codesOf(Object value) {
    long key = ValueKeys.of(type, value);
    return codesBetween(k -> k >= key, k -> k <= key);
  }

  @Override
  public CodeInterval codesBetween(LongPredicate isHighEnough, LongPredicate isLowEnough) {
    return new CodeInterval(firstWhere(isHighEnough) + 1, firstWhere(isLowEnough.negate()));
  }

  @Override
  public long countOf(int low, int high) {
    return high - low + 1L;
  }

  @Override
  public int[] holdersOf(int low, int high) {
    return Arrays.copyOfRange(ordinals, low - 1, high);
  }

  @Override
  public SortedValues reorder(Reordering reordering) {
    int[] moved = new int[ordinals.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = reordering.apply(ordinals[i]);
    }
    return new SortedValues(type, size, keys, moved);
  }

  @Override
  public void write(CheckedWriter out) {
    out.writeLongs(keys);
    out.writeInts(ordinals);
  }

  static SortedValues read(CheckedReader in, ValueType type, int size) {
    long[] keys = in.readLongs();
    int[] ordinals = in.readInts();
    if (keys.length != ordinals.length) {
      throw in.corrupt(keys.length + " keys and " + ordinals.length + " ordinals");
    }
    for (int i = 0; i < keys.length; i++) {
      if (i > 0 && keys[i] < keys[i - 1]) {
        throw in.corrupt("keys are not sorted");
      }
      if (ordinals[i] < 0 || ordinals[i] >= size) {
        throw in.corrupt("ordinal " + ordinals[i] + " of " + size);
      }
    }
    return new SortedValues(type, size, keys, ordinals);
  }

  private RoaringBitmap slice(int from, int to) {
    if (from >= to) {
      return new RoaringBitmap();
    }
    return Reordering.bitmap(Arrays.copyOfRange(ordinals, from, to), to - from, size);
  }

  /// The first index whose key passes a test that is false up to some key and then true.
  private int firstWhere(LongPredicate test) {
    int low = 0;
    int high = keys.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (test.test(keys[middle])) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
