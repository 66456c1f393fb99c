package io.capsdb.testdata;

import java.security.SecureRandom;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// The seed of one random test. A failing test shows it; `-Dseed=…` replays it.
///
/// A test class gets the same seeds in every run, so that a build that passed passes again. With
/// `-DnewSeeds=true`, as the nightly profile sets it, they are new ones.
///
/// @param value the seed
public record Seed(long value) {
  private static final Map<String, SplittableRandom> BY_TEST = new ConcurrentHashMap<>();

  /// The body of a random test.
  @FunctionalInterface
  public interface Body {
    void run(RandomGenerator random) throws Exception;
  }

  /// The next seed of the calling test class, or the one that the property `seed` names.
  public static Seed next() {
    String given = System.getProperty("seed");
    if (given != null) {
      return new Seed(Long.decode(given));
    }
    if (Boolean.getBoolean("newSeeds")) {
      return new Seed(new SecureRandom().nextLong());
    }
    SplittableRandom seeds =
        BY_TEST.computeIfAbsent(caller(), test -> new SplittableRandom(test.hashCode()));
    synchronized (seeds) {
      return new Seed(seeds.nextLong());
    }
  }

  private static String caller() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .map(StackWalker.StackFrame::getClassName)
                    .filter(name -> !name.equals(Seed.class.getName()))
                    .findFirst())
        .orElse("");
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
