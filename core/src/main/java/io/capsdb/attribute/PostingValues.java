package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/// A sorted dictionary of at most [#MAX_VALUES] distinct values, and for each the bitmap of the
/// ordinals that hold it.
final class PostingValues implements TypedValues {
  static final int MAX_VALUES = 4_096;

  private final ValueType type;
  private final List<Object> values;
  private final RoaringBitmap[] postings;
  private final RoaringBitmap any;
  private final Map<Object, Integer> codes;
  private final long[] countBefore;

  /// @param values ascending and distinct
  PostingValues(ValueType type, List<Object> values, RoaringBitmap[] postings) {
    this.type = type;
    this.values = List.copyOf(values);
    this.postings = postings;
    this.any = FastAggregation.or(postings);
    this.any.runOptimize();
    this.countBefore = new long[postings.length + 1];
    for (int code = 0; code < postings.length; code++) {
      countBefore[code + 1] = countBefore[code] + postings[code].getCardinality();
    }
    this.codes = HashMap.newHashMap(values.size());
    for (int code = 0; code < values.size(); code++) {
      codes.put(values.get(code), code);
    }
  }

  @Override
  public ValueType type() {
    return type;
  }

  int valueCount() {
    return postings.length;
  }

  Object value(int code) {
    return values.get(code);
  }

  RoaringBitmap ordinals(int code) {
    return postings[code];
  }

  @Override
  public RoaringBitmap holding(Object value) {
    Integer code = codes.get(value);
    return code == null ? new RoaringBitmap() : postings[code];
  }

  @Override
  public RoaringBitmap holdingOther(Set<Object> excluded) {
    List<RoaringBitmap> parts = new ArrayList<>();
    for (int code = 0; code < postings.length; code++) {
      if (!excluded.contains(values.get(code))) {
        parts.add(postings[code]);
      }
    }
    return FastAggregation.or(parts.iterator());
  }

  @Override
  public RoaringBitmap between(LongPredicate isHighEnough, LongPredicate isLowEnough) {
    List<RoaringBitmap> parts = new ArrayList<>();
    for (int code = 0; code < postings.length; code++) {
      long key = ValueKeys.of(type, values.get(code));
      if (isHighEnough.test(key) && isLowEnough.test(key)) {
        parts.add(postings[code]);
      }
    }
    return parts.size() == 1 ? parts.getFirst() : FastAggregation.or(parts.iterator());
  }

  @Override
  public RoaringBitmap any() {
    return any;
  }

  @Override
  public Optional<Column> column(int size) {
    if (countOf(1, postings.length) != any.getCardinality()) {
      return Optional.empty();
    }
    int[] codesByOrdinal = new int[size];
    for (int code = 0; code < postings.length; code++) {
      int own = code + 1;
      postings[code].forEach((int ordinal) -> codesByOrdinal[ordinal] = own);
    }
    return Optional.of(Column.of(codesByOrdinal, postings.length));
  }

  @Override
  public CodeInterval codesOf(Object value) {
    Integer code = codes.get(value);
    return code == null ? CodeInterval.EMPTY : new CodeInterval(code + 1, code + 1);
  }

  @Override
  public CodeInterval codesBetween(LongPredicate isHighEnough, LongPredicate isLowEnough) {
    int low = firstWhere(isHighEnough);
    int high = firstWhere(isLowEnough.negate());
    return new CodeInterval(low + 1, high);
  }

  /// The first code whose key passes a test that is false up to some key and then true.
  private int firstWhere(LongPredicate test) {
    int low = 0;
    int high = postings.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (test.test(ValueKeys.of(type, values.get(middle)))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public long countOf(int low, int high) {
    return countBefore[high] - countBefore[low - 1];
  }

  @Override
  public int[] holdersOf(int low, int high) {
    return low == high
        ? postings[low - 1].toArray()
        : FastAggregation.or(Arrays.copyOfRange(postings, low - 1, high)).toArray();
  }

  @Override
  public PostingValues reorder(Reordering reordering) {
    RoaringBitmap[] moved = new RoaringBitmap[postings.length];
    for (int code = 0; code < moved.length; code++) {
      moved[code] = reordering.apply(postings[code]);
    }
    return new PostingValues(type, values, moved);
  }

  @Override
  public void write(CheckedWriter out) {
    out.writeInt(values.size());
    for (Object value : values) {
      writeValue(out, value);
    }
    for (RoaringBitmap posting : postings) {
      Bitmaps.write(out, posting);
    }
  }

  static PostingValues read(CheckedReader in, ValueType type, int size) {
    int count = in.readLength(1);
    if (count > MAX_VALUES) {
      throw in.corrupt("a dictionary of " + count + " values, at most " + MAX_VALUES + " can be");
    }
    List<Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(readValue(in, type));
    }
    RoaringBitmap[] postings = new RoaringBitmap[count];
    for (int i = 0; i < count; i++) {
      postings[i] = Bitmaps.read(in, size);
    }
    return new PostingValues(type, values, postings);
  }

  private void writeValue(CheckedWriter out, Object value) {
    switch (type) {
      case KEYWORD -> out.writeString((String) value);
      case INTEGER, DATETIME -> out.writeLong((Long) value);
      case FLOAT -> out.writeDouble((Double) value);
      case BOOLEAN -> out.writeByte((Boolean) value ? 1 : 0);
    }
  }

  private static Object readValue(CheckedReader in, ValueType type) {
    return switch (type) {
      case KEYWORD -> in.readString();
      case INTEGER, DATETIME -> in.readLong();
      case FLOAT -> in.readDouble();
      case BOOLEAN -> in.readByte() != 0;
    };
  }
}
