package io.capsdb;

import io.capsdb.testdata.Seed;
import java.util.random.RandomGenerator;

/// Runs random tests so that a failure names its seed.
final class Seeds {
  private Seeds() {}

  interface Body {
    void run(RandomGenerator random) throws Exception;
  }

  /// With as many new seeds; once where the property `seed` names one.
  static void repeat(int times, Body body) {
    int runs = System.getProperty("seed") == null ? times : 1;
    for (int i = 0; i < runs; i++) {
      Seed seed = Seed.next();
      try {
        body.run(seed.random());
      } catch (Exception | AssertionError e) {
        throw new AssertionError(seed + ": " + e, e);
      }
    }
  }
}
