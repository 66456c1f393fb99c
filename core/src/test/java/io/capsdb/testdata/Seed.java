package io.capsdb.testdata;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// The seed of one random test. A failing test shows it; `-Dseed=…` replays it.
///
/// @param value the seed
public record Seed(long value) {
  /// A new seed, or the one that the property `seed` names.
  public static Seed next() {
    String given = System.getProperty("seed");
    return new Seed(
        given == null ? new java.security.SecureRandom().nextLong() : Long.decode(given));
  }

  /// A generator of its own for this seed.
  public RandomGenerator random() {
    return new SplittableRandom(value);
  }

  @Override
  public String toString() {
    return "replay with -Dseed=" + value;
  }
}
