package io.capsdb.bench.prepare;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Random orders.
final class Permutations {
  private Permutations() {}

  /// Fills an array with `0 .. length - 1` in a random order (Fisher and Yates).
  static void fill(int[] order, RandomGenerator random) {
    Arrays.setAll(order, i -> i);
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int value = order[i];
      order[i] = order[other];
      order[other] = value;
    }
  }
}
