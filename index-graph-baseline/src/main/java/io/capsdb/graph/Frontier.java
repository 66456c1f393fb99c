package io.capsdb.graph;

/// What a walk has still to step on from, nearest first: a binary heap of [Keys]. Not for more than
/// one thread.
final class Frontier {
  private long[] keys = new long[256];
  private int size;

  void clear() {
    size = 0;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(long key) {
    if (size == keys.length) {
      keys = java.util.Arrays.copyOf(keys, 2 * size);
    }
    int child = size++;
    while (child > 0) {
      int parent = (child - 1) >>> 1;
      if (keys[parent] <= key) {
        break;
      }
      keys[child] = keys[parent];
      child = parent;
    }
    keys[child] = key;
  }

  /// Takes the nearest.
  long takeFirst() {
    long first = keys[0];
    long last = keys[--size];
    int parent = 0;
    while (true) {
      int child = 2 * parent + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && keys[child + 1] < keys[child]) {
        child++;
      }
      if (last <= keys[child]) {
        break;
      }
      keys[parent] = keys[child];
      parent = child;
    }
    keys[parent] = last;
    return first;
  }
}
