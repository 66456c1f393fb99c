package io.capsdb.testdata;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// The seed of one random test. A failing test shows it; `-Dseed=…` replays it.
///
/// @param value the seed
public record Seed(long value) {
  /// The body of a random test.
  @FunctionalInterface
  public interface Body {
    void run(RandomGenerator random) throws Exception;
  }

  /// A new seed, or the one that the property `seed` names.
  public static Seed next() {
    String given = System.getProperty("seed");
    return new Seed(
        given == null ? new java.security.SecureRandom().nextLong() : Long.decode(given));
  }

  /// Runs a test with as many new seeds; once where the property `seed` names one. Whatever the
  /// test throws comes out with the seed in front.
  public static void repeat(int times, Body body) {
    int runs = System.getProperty("seed") == null ? times : 1;
    for (int i = 0; i < runs; i++) {
      Seed seed = next();
      try {
        body.run(seed.random());
      } catch (Exception | AssertionError e) {
        throw new AssertionError(seed + ": " + e, e);
      }
    }
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
