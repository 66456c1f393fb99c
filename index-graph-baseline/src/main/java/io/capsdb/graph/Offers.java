package io.capsdb.graph;

import io.capsdb.index.RowSink;

/// Hands over what a walk found, and counts what it read.
final class Offers {
  private Offers() {}

  /// Offers the first rows of a beam; false, and nothing offered, where they are fewer than wanted.
  static boolean offer(Walker walker, Beam found, int wanted, RowSink sink) {
    if (found.size() < wanted) {
      count(walker, 0, sink);
      return false;
    }
    int[] ordinals = new int[wanted];
    float[] distances = new float[wanted];
    for (int i = 0; i < wanted; i++) {
      ordinals[i] = Keys.row(found.key(i));
      distances[i] = Keys.distance(found.key(i));
    }
    offer(walker, ordinals, distances, wanted, sink);
    return true;
  }

  static void offer(Walker walker, int[] ordinals, float[] distances, int count, RowSink sink) {
    count(walker, count, sink);
    sink.offer(ordinals, distances, count);
  }

  /// Each row that a walk scored was read; those that are offered are counted by the sink.
  static void count(Walker walker, int offered, RowSink sink) {
    long scored = walker.takeScored();
    sink.scored((int) Math.min(Integer.MAX_VALUE, scored));
    sink.counters().vectorsRead += scored - offered;
  }
}
