package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.roaringbitmap.RoaringBitmap;

/// Very many distinct keywords: pairs of the upper 32 bits of the hash and an ordinal, sorted by
/// hash. Who holds a keyword is a superset, to be verified on documents; with a million rows one
/// look-up in 4,000 meets a row of another keyword.
///
/// | bytes | what |
/// |---|---|
/// | 4 + 4n | hashes, ascending |
/// | 4 + 4n | ordinals |
final class HashedTexts implements TypedValues {
  private final int size;
  private final int[] hashes;
  private final int[] ordinals;

  /// @param size number of ordinals of the part
  /// @param hashes ascending
  /// @param ordinals of the same length
  HashedTexts(int size, int[] hashes, int[] ordinals) {
    this.size = size;
    this.hashes = hashes;
    this.ordinals = ordinals;
  }

  static int hash(String text) {
    return (int) (ValueKeys.of(ValueType.KEYWORD, text) >> 32);
  }

  @Override
  public ValueType type() {
    return ValueType.KEYWORD;
  }

  @Override
  public int valueCount() {
    return hashes.length;
  }

  @Override
  public boolean isExact() {
    return false;
  }

  @Override
  public RoaringBitmap holding(Object value) {
    int hash = hash((String) value);
    int from = firstFrom(hash);
    int to = from;
    while (to < hashes.length && hashes[to] == hash) {
      to++;
    }
    return Reordering.bitmap(Arrays.copyOfRange(ordinals, from, to), size);
  }

  @Override
  public RoaringBitmap holdingOther(Set<Object> excluded) {
    int[] sorted = excluded.stream().mapToInt(value -> hash((String) value)).sorted().toArray();
    int[] others = new int[hashes.length];
    int count = 0;
    for (int i = 0; i < hashes.length; i++) {
      if (Arrays.binarySearch(sorted, hashes[i]) < 0) {
        others[count++] = ordinals[i];
      }
    }
    return Reordering.bitmap(others, count, size);
  }

  @Override
  public RoaringBitmap between(LongPredicate isHighEnough, LongPredicate isLowEnough) {
    throw new IllegalStateException("keywords have no ranges");
  }

  @Override
  public RoaringBitmap any() {
    return Reordering.bitmap(ordinals, size);
  }

  @Override
  public Optional<Column> column(int partSize) {
    return Optional.empty(); // documents decide
  }

  @Override
  public CodeInterval codesOf(Object value) {
    throw new IllegalStateException("hashed keywords have no codes");
  }

  @Override
  public CodeInterval codesBetween(LongPredicate isHighEnough, LongPredicate isLowEnough) {
    throw new IllegalStateException("hashed keywords have no codes");
  }

  @Override
  public long countOf(int low, int high) {
    throw new IllegalStateException("hashed keywords have no codes");
  }

  @Override
  public int[] holdersOf(int low, int high) {
    throw new IllegalStateException("hashed keywords have no codes");
  }

  @Override
  public HashedTexts reorder(Reordering reordering) {
    int[] moved = new int[ordinals.length];
    Arrays.setAll(moved, i -> reordering.apply(ordinals[i]));
    return new HashedTexts(size, hashes, moved);
  }

  @Override
  public void collect(int[] rowOf, ValueCollector into) {
    for (int i = 0; i < hashes.length; i++) {
      if (rowOf[ordinals[i]] >= 0) {
        into.addKey((long) hashes[i] << 32, rowOf[ordinals[i]]);
      }
    }
  }

  @Override
  public long bytes(int partSize) {
    return 8L * hashes.length + OBJECT_BYTES;
  }

  @Override
  public void write(CheckedWriter out) {
    out.writeInts(hashes);
    out.writeInts(ordinals);
  }

  static HashedTexts read(CheckedReader in, int size) {
    int[] hashes = in.readInts();
    int[] ordinals = in.readInts();
    if (hashes.length != ordinals.length) {
      throw in.corrupt(hashes.length + " hashes and " + ordinals.length + " ordinals");
    }
    for (int i = 0; i < hashes.length; i++) {
      if (i > 0 && hashes[i] < hashes[i - 1]) {
        throw in.corrupt("hashes are not sorted");
      }
      if (ordinals[i] < 0 || ordinals[i] >= size) {
        throw in.corrupt("ordinal " + ordinals[i] + " of " + size);
      }
    }
    return new HashedTexts(size, hashes, ordinals);
  }

  /// The first place whose hash is not below one.
  private int firstFrom(int hash) {
    int low = 0;
    int high = hashes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (hashes[middle] < hash) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
