package io.capsdb.bench.prepare;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// Draws `0 .. count - 1`, the number `i` with a weight of `(i + 1)^-exponent`.
public final class Zipf {
  private final double[] upTo;

  public Zipf(int count, double exponent) {
    upTo = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.pow(i + 1, -exponent);
      upTo[i] = sum;
    }
  }

  public int draw(RandomGenerator random) {
    int place = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
    return Math.min(place < 0 ? -place - 1 : place, upTo.length - 1);
  }

  /// Share of all draws.
  double share(int value) {
    return (upTo[value] - (value == 0 ? 0 : upTo[value - 1])) / upTo[upTo.length - 1];
  }
}
