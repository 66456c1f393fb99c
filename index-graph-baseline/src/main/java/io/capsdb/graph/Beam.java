package io.capsdb.graph;

/// The nearest so far, at most as many as the width, ascending by [Keys]. Not for more than one
/// thread.
///
/// A sorted array: moving some hundred bytes costs less than the mispredicted branches of a heap.
final class Beam {
  private long[] keys = new long[64];
  private int width;
  private int size;

  /// Empties the beam.
  void begin(int newWidth) {
    width = newWidth;
    size = 0;
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == width;
  }

  long key(int place) {
    return keys[place];
  }

  /// What a key must be below to be taken.
  long bound() {
    return size < width ? Long.MAX_VALUE : keys[size - 1];
  }

  /// Takes a key if it is below [#bound].
  void add(long key) {
    if (key >= bound()) {
      return;
    }
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (keys[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (size < width) {
      if (size == keys.length) {
        keys = java.util.Arrays.copyOf(keys, Math.min(width, 2 * size));
      }
      size++;
    }
    System.arraycopy(keys, low, keys, low + 1, size - 1 - low);
    keys[low] = key;
  }
}
