package io.capsdb.caps;

import io.capsdb.index.Hits;
import java.util.Arrays;

/// The nearest of many rows, where thousands are wanted: what is near enough is put down, and when
/// the room is used up all but the nearest are left out. That costs a fraction of a heap, which is
/// gone through from top to bottom for each row that enters. Not for more than one thread.
final class NearestMany {
  /// Room for so many times the rows that are wanted, between two orderings.
  private static final int ROOM = 3;

  private final int most;
  private final long[] nearest; // distance and row in one number, which orders by both
  private int count;
  private long limit = Long.MAX_VALUE;

  /// @param most rows that are kept, at least one
  NearestMany(int most) {
    this.most = most;
    this.nearest = new long[ROOM * most];
  }

  /// @param distance what is no number counts as infinite
  /// @param row not negative; of equally near ones the lower comes first
  void offer(float distance, int row) {
    // Bits of floats ascend as they do, those of negative ones the other way round.
    int bits = Float.floatToIntBits(Float.isNaN(distance) ? Float.POSITIVE_INFINITY : distance);
    long entry = (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32 | row;
    if (entry < limit) {
      nearest[count++] = entry;
      if (count == nearest.length) {
        keepNearest();
      }
    }
  }

  private void keepNearest() {
    Arrays.sort(nearest, 0, count);
    if (count >= most) {
      count = most;
      limit = nearest[most - 1];
    }
  }

  /// What is kept, nearest first.
  Hits drain() {
    keepNearest();
    float[] distances = new float[count];
    long[] rows = new long[count];
    for (int i = 0; i < count; i++) {
      int ordered = (int) (nearest[i] >> 32);
      distances[i] = Float.intBitsToFloat(ordered ^ (ordered >> 31 & Integer.MAX_VALUE));
      rows[i] = nearest[i] & Integer.MAX_VALUE;
    }
    return new Hits(distances, rows);
  }
}
