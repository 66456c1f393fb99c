package io.capsdb.graph;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// What builders of graphs share.
final class Orders {
  private Orders() {}

  /// `0 .. count - 1` in random order.
  static int[] shuffled(int count, RandomGenerator random) {
    int[] rows = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int row = rows[i];
      rows[i] = rows[other];
      rows[other] = row;
    }
    return rows;
  }

  /// Where each run of numbers begins whose upper halves are equal, then their number.
  static int[] starts(long[] sorted) {
    int[] starts = new int[sorted.length + 1];
    int count = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] >>> 32 != sorted[i - 1] >>> 32) {
        starts[count++] = i;
      }
    }
    starts[count++] = sorted.length;
    return Arrays.copyOf(starts, count);
  }

  /// The keys of some places of a level as seen from a row, ascending.
  static long[] keys(Space space, Level level, Space.Origin from, int[] places, int count) {
    int[] ordinals = new int[count];
    for (int i = 0; i < count; i++) {
      ordinals[i] = level.ordinal(places[i]);
    }
    float[] distances = new float[count];
    space.distances(from, ordinals, count, distances);
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = Keys.of(distances[i], places[i]);
    }
    Arrays.sort(keys);
    return keys;
  }

  /// @throws CancellationException if the thread is interrupted
  static void requireNotInterrupted() {
    if (Thread.interrupted()) {
      throw new CancellationException("the build was interrupted");
    }
  }
}
