package io.capsdb.graph;

/// A distance and a row in one number: smaller where the row is nearer, and of rows at equal
/// distance, where it is the smaller row. A distance that is no number is farther than all others.
final class Keys {
  private Keys() {}

  static long of(float distance, int row) {
    int bits = Float.floatToIntBits(distance);
    return ((long) (bits ^ ((bits >> 31) & 0x7fff_ffff)) << 32) | row;
  }

  static int row(long key) {
    return (int) key;
  }

  static float distance(long key) {
    int bits = (int) (key >> 32);
    return Float.intBitsToFloat(bits ^ ((bits >> 31) & 0x7fff_ffff));
  }
}
