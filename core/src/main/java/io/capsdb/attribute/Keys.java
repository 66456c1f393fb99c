package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.util.Arrays;
import java.util.function.LongPredicate;

/// Distinct values that are no texts, by their keys ([ValueKeys]).
///
/// @param keys ascending
@SuppressWarnings("ArrayRecordComponent") // made once, never handed out
record Keys(ValueType type, long[] keys) implements Dictionary {
  @Override
  public int count() {
    return keys.length;
  }

  @Override
  public Object value(int code) {
    return ValueKeys.value(type, keys[code]);
  }

  @Override
  public int find(Object value) {
    return Math.max(-1, Arrays.binarySearch(keys, ValueKeys.of(type, value)));
  }

  @Override
  public int firstWhere(LongPredicate test) {
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

  @Override
  public long bytes() {
    return 8L * keys.length + 48;
  }

  @Override
  public void write(CheckedWriter out) {
    out.writeLongs(keys);
  }

  static Keys read(CheckedReader in, ValueType type) {
    long[] keys = in.readLongs();
    for (int code = 1; code < keys.length; code++) {
      if (keys[code] <= keys[code - 1]) {
        throw in.corrupt("a dictionary is not sorted");
      }
    }
    return new Keys(type, keys);
  }
}
