package io.capsdb.index;

import java.util.Arrays;

/// The `k` nearest of what is offered, ordered by distance, then by a tie order of the keys.
///
/// A max-heap in two arrays. Not for more than one thread. Cost of an offer: one compare when it is
/// not near enough, `O(log k)` otherwise.
public final class TopK {
  /// How keys of equal distance are ordered, so that equal searches give equal hits whatever the
  /// layout.
  @FunctionalInterface
  public interface TieOrder {
    int compare(long left, long right);
  }

  private final TieOrder ties;
  private final float[] distances;
  private final long[] keys;
  private int size;

  /// @param capacity `k`, at least 1
  public TopK(int capacity, TieOrder ties) {
    if (capacity < 1) {
      throw new IllegalArgumentException("k must be at least 1, was " + capacity);
    }
    this.ties = ties;
    this.distances = new float[capacity];
    this.keys = new long[capacity];
  }

  public TopK(int capacity) {
    this(capacity, Long::compare);
  }

  public int capacity() {
    return keys.length;
  }

  public int size() {
    return size;
  }

  public boolean isFull() {
    return size == keys.length;
  }

  /// The largest distance held, or positive infinity while there is room: what a candidate must not
  /// exceed.
  public float radius() {
    return isFull() ? distances[0] : Float.POSITIVE_INFINITY;
  }

  /// Takes the candidate if it belongs to the nearest so far; tells whether it did. A NaN distance
  /// counts as positive infinity: products of huge values cancel to NaN, and a row that matches
  /// must not be lost while there is room for it.
  public boolean offer(float distance, long key) {
    if (size == keys.length && distance > distances[0]) {
      return false;
    }
    float known = Float.isNaN(distance) ? Float.POSITIVE_INFINITY : distance;
    if (size < keys.length) {
      siftUp(size++, known, key);
      return true;
    }
    if (!isBefore(known, key, distances[0], keys[0])) {
      return false;
    }
    siftDown(known, key, size);
    return true;
  }

  /// What is held, nearest first. Empties this object.
  public Hits drain() {
    float[] sortedDistances = new float[size];
    long[] sortedKeys = new long[size];
    for (int i = size - 1; i >= 0; i--) {
      sortedDistances[i] = distances[0];
      sortedKeys[i] = keys[0];
      if (i > 0) {
        siftDown(distances[i], keys[i], i);
      }
    }
    size = 0;
    return new Hits(sortedDistances, sortedKeys);
  }

  private boolean isBefore(float leftDistance, long leftKey, float rightDistance, long rightKey) {
    return leftDistance < rightDistance
        || (leftDistance == rightDistance && ties.compare(leftKey, rightKey) < 0);
  }

  private void siftUp(int from, float distance, long key) {
    int child = from;
    while (child > 0) {
      int parent = (child - 1) >>> 1;
      if (!isBefore(distances[parent], keys[parent], distance, key)) {
        break;
      }
      distances[child] = distances[parent];
      keys[child] = keys[parent];
      child = parent;
    }
    distances[child] = distance;
    keys[child] = key;
  }

  /// Puts the entry at the root of the heap in `[0, bound)` and lets it sink.
  private void siftDown(float distance, long key, int bound) {
    int parent = 0;
    while (true) {
      int child = 2 * parent + 1;
      if (child >= bound) {
        break;
      }
      if (child + 1 < bound
          && isBefore(distances[child], keys[child], distances[child + 1], keys[child + 1])) {
        child++;
      }
      if (!isBefore(distance, key, distances[child], keys[child])) {
        break;
      }
      distances[parent] = distances[child];
      keys[parent] = keys[child];
      parent = child;
    }
    distances[parent] = distance;
    keys[parent] = key;
  }

  @Override
  public String toString() {
    return "TopK" + Arrays.toString(Arrays.copyOf(distances, size));
  }
}
