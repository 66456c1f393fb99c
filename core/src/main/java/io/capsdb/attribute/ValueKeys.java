package io.capsdb.attribute;

import java.nio.charset.StandardCharsets;

/// 64-bit keys of values: equal values have equal keys, numbers and date-times keep their order. A
/// keyword's key is a hash, so that different keywords can share one.
final class ValueKeys {
  private ValueKeys() {}

  static long of(ValueType type, Object value) {
    return switch (type) {
      case KEYWORD -> hash((String) value);
      case INTEGER, DATETIME -> (Long) value;
      case FLOAT -> sortable((Double) value);
      case BOOLEAN -> ((Boolean) value) ? 1 : 0;
    };
  }

  /// The value of a key, as the payload holds it; date-times as microseconds.
  ///
  /// @throws IllegalArgumentException for keywords, which no hash gives back
  static Object value(ValueType type, long key) {
    return switch (type) {
      case KEYWORD -> throw new IllegalArgumentException("a hash is no keyword");
      case INTEGER, DATETIME -> key;
      case FLOAT -> fromSortable(key);
      case BOOLEAN -> key != 0;
    };
  }

  /// The number that a key of a numeric type stands for, as float64.
  static double number(ValueType type, long key) {
    return type == ValueType.FLOAT ? fromSortable(key) : key;
  }

  /// The bits of a double, so arranged that they sort as signed longs do. -0.0 becomes 0.0.
  static long sortable(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  static double fromSortable(long key) {
    return Double.longBitsToDouble(key ^ ((key >> 63) & Long.MAX_VALUE));
  }

  /// FNV-1a over the UTF-8 bytes, then the finalizer of MurmurHash3, which spreads short texts.
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
