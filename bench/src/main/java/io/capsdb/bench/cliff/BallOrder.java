package io.capsdb.bench.cliff;

import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// An order of rows in which neighbours lie near one another: that of the leaves of a ball tree.
///
/// Each node parts its rows in two halves by their distances to two of them that lie far apart.
/// Windows of the order are regions of the space, at every width, so that an attribute with the
/// place of a row in it goes together with the vectors as clusters do.
final class BallOrder {
  /// So few rows are left as they are.
  private static final int LEAF = 16;

  private final VectorMatrix rows;
  private final RandomGenerator random;
  private final int[] order;

  private BallOrder(VectorMatrix rows, RandomGenerator random) {
    this.rows = rows;
    this.random = random;
    this.order = new int[rows.rowCount()];
    Arrays.setAll(order, row -> row);
  }

  /// The row at each place. Cost: three distances for each row and each halving.
  static int[] of(VectorMatrix rows, RandomGenerator random) {
    BallOrder made = new BallOrder(rows, random);
    made.halve(0, made.order.length);
    return made.order;
  }

  private void halve(int from, int to) {
    int count = to - from;
    if (count <= LEAF) {
      return;
    }
    int[] own = Arrays.copyOfRange(order, from, to);
    float[] distances = new float[count];
    int first = farthest(own[random.nextInt(count)], own, distances);
    int second = farthest(first, own, distances);
    float[] others = new float[count];
    farthest(second, own, others);
    long[] keyed = new long[count];
    for (int i = 0; i < count; i++) {
      keyed[i] = ((long) ascending(distances[i] - others[i]) << 32) | i;
    }
    Arrays.sort(keyed);
    for (int i = 0; i < count; i++) {
      order[from + i] = own[(int) keyed[i]];
    }
    int middle = (from + to) >>> 1;
    halve(from, middle);
    halve(middle, to);
  }

  /// @param distances receives the squared distance of `row` to each of `own`
  private int farthest(int row, int[] own, float[] distances) {
    Kernels.best().distances(Metric.EUCLID, rows.row(row), rows, own, own.length, distances);
    int best = 0;
    for (int i = 1; i < own.length; i++) {
      best = distances[i] > distances[best] ? i : best;
    }
    return own[best];
  }

  /// Integers in the order of the floats.
  private static int ascending(float value) {
    int bits = Float.floatToIntBits(value);
    return bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
  }
}
