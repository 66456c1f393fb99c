package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.util.Optional;
import java.util.function.LongPredicate;

/// All values from a first one on at equal steps, whether some row holds them or not: what numbers
/// in a row, times at whole seconds, prices and float32 numbers are. Takes no memory.
///
/// @param scale 0 where `first` and `step` are keys; else they are floats times this
/// @param step at least 1
/// @param count at least 1, at most [#MOST]
record Steps(ValueType type, long scale, long first, long step, int count) implements Dictionary {
  /// Decimal fractions with more digits are not looked for.
  private static final long MOST_SCALE = 1_000_000;

  /// Whole numbers above it are not all floats.
  private static final double MOST_WHOLE = 0x1p53;

  /// A code and the one after it, plus one for "none", stay below 2^31.
  static final int MOST = Integer.MAX_VALUE - 2;

  /// The steps that a field's keys fall on; empty where they would be too many.
  ///
  /// @param sorted ascending, at least one
  static Optional<Steps> of(ValueType type, long[] sorted) {
    for (long scale = 1; type == ValueType.FLOAT && scale <= MOST_SCALE; scale *= 10) {
      Optional<long[]> scaled = scaled(sorted, scale);
      if (scaled.isPresent()) {
        return of(type, scale, scaled.get());
      }
    }
    return of(type, 0, sorted);
  }

  /// The floats of some keys times `scale`, where dividing gives each float back.
  private static Optional<long[]> scaled(long[] keys, long scale) {
    long[] scaled = new long[keys.length];
    for (int i = 0; i < keys.length; i++) {
      double value = ValueKeys.fromSortable(keys[i]);
      double whole = Math.rint(value * scale);
      if (!(Math.abs(whole) < MOST_WHOLE) || whole / scale != value) {
        return Optional.empty();
      }
      scaled[i] = (long) whole;
    }
    return Optional.of(scaled);
  }

  private static Optional<Steps> of(ValueType type, long scale, long[] sorted) {
    long first = sorted[0];
    long last = sorted[sorted.length - 1];
    if (last - first < 0) {
      return Optional.empty(); // beyond 63 bits
    }
    long step = 0;
    for (int i = 1; i < sorted.length && step != 1; i++) {
      step = greatestDivisor(sorted[i] - first, step);
    }
    step = Math.max(1, step);
    long count = (last - first) / step + 1;
    return count > MOST
        ? Optional.empty()
        : Optional.of(new Steps(type, scale, first, step, (int) count));
  }

  private static long greatestDivisor(long left, long right) {
    long a = left;
    long b = right;
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }

  @Override
  public Object value(int code) {
    return ValueKeys.value(type, key(code));
  }

  private long key(int code) {
    long at = first + code * step;
    return scale == 0 ? at : ValueKeys.sortable((double) at / scale);
  }

  @Override
  public int find(Object value) {
    return codeOf(ValueKeys.of(type, value));
  }

  /// The code of a key; -1 for none.
  int codeOf(long key) {
    if (key < key(0) || key > key(count - 1)) {
      return -1;
    }
    long at = scale == 0 ? key : (long) Math.rint(ValueKeys.fromSortable(key) * scale);
    int code = (int) ((at - first) / step);
    return code >= 0 && code < count && key(code) == key ? code : -1;
  }

  @Override
  public int firstWhere(LongPredicate test) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (test.test(key(middle))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public long bytes() {
    return 40;
  }

  @Override
  public void write(CheckedWriter out) {
    out.writeLong(scale);
    out.writeLong(first);
    out.writeLong(step);
    out.writeInt(count);
  }

  static Steps read(CheckedReader in, ValueType type) {
    Steps steps = new Steps(type, in.readLong(), in.readLong(), in.readLong(), in.readInt());
    if (steps.step < 1
        || steps.scale < 0
        || steps.scale > MOST_SCALE
        || (steps.scale > 0 && type != ValueType.FLOAT)
        || steps.count < 1
        || steps.count > MOST
        || steps.step > (Long.MAX_VALUE - 1) / steps.count
        || steps.first > Long.MAX_VALUE - steps.step * steps.count) {
      throw in.corrupt("steps of keys that lead too far");
    }
    return steps;
  }
}
