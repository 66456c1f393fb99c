package io.capsdb.attribute;

import java.util.Arrays;

/// The plain loops.
final class ScalarColumnLoops implements ColumnLoops {
  @Override
  public void between(byte[] codes, int low, int high, int from, int count, long[] mask) {
    Arrays.fill(mask, 0, (count + 63) >>> 6, 0);
    for (int i = 0; i < count; i++) {
      int code = Byte.toUnsignedInt(codes[from + i]);
      mask[i >> 6] |= code >= low && code <= high ? 1L << i : 0;
    }
  }

  @Override
  public void between(short[] codes, int low, int high, int from, int count, long[] mask) {
    Arrays.fill(mask, 0, (count + 63) >>> 6, 0);
    for (int i = 0; i < count; i++) {
      int code = Short.toUnsignedInt(codes[from + i]);
      mask[i >> 6] |= code >= low && code <= high ? 1L << i : 0;
    }
  }

  @Override
  public void between(int[] codes, int low, int high, int from, int count, long[] mask) {
    Arrays.fill(mask, 0, (count + 63) >>> 6, 0);
    for (int i = 0; i < count; i++) {
      int code = codes[from + i];
      mask[i >> 6] |= code >= low && code <= high ? 1L << i : 0;
    }
  }
}
