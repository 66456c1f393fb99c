package io.capsdb.testdata;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/// The seed of one random test. A failing test shows the command that replays it.
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

  /// Runs a test with as many new seeds, or as many as the property `runs` says; once where the
  /// property `seed` names one. Whatever the test throws comes out with the seed in front.
  public static void repeat(int times, Body body) {
    int runs = System.getProperty("seed") == null ? Integer.getInteger("runs", times) : 1;
    for (int i = 0; i < runs; i++) {
      Seed seed = next();
      try {
        body.run(seed.random());
      } catch (Exception | AssertionError e) {
        throw new AssertionError(seed + ": " + e, e);
      }
    }
  }

  /// The same on as many threads as there are processors, for tests whose runs share nothing.
  public static void repeatInParallel(int times, Body body) {
    int runs = System.getProperty("seed") == null ? Integer.getInteger("runs", times) : 1;
    String command = command();
    AtomicReference<@Nullable AssertionError> failure = new AtomicReference<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      for (int i = 0; i < runs; i++) {
        Seed seed = next();
        threads.execute(
            () -> {
              if (failure.get() != null) {
                return;
              }
              try {
                body.run(seed.random());
              } catch (Throwable e) { // also what would only end this thread
                failure.compareAndSet(
                    null, new AssertionError("replay with " + command + seed.value + ": " + e, e));
              }
            });
      }
    }
    @Nullable AssertionError failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  /// A generator of its own for this seed.
  public RandomGenerator random() {
    return new SplittableRandom(value);
  }

  @Override
  public String toString() {
    return "replay with " + command() + value;
  }

  /// The command that runs the test that is running with one seed alone, but for the seed.
  private static String command() {
    Optional<Method> running =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(frames -> frames.flatMap(Seed::test).findFirst());
    if (running.isEmpty()) {
      return "-Dseed="; // on another thread
    }
    Method test = running.get();
    Class<?> place = test.getDeclaringClass();
    String name = place.getName().substring(place.getPackageName().length() + 1);
    boolean isNightly =
        Stream.concat(
                AnnotationSupport.findRepeatableAnnotations(test, Tag.class).stream(),
                AnnotationSupport.findRepeatableAnnotations(place, Tag.class).stream())
            .anyMatch(tag -> tag.value().equals("nightly"));
    return "mvn -pl "
        + Path.of(System.getProperty("basedir", "")).toAbsolutePath().getFileName()
        + " -am test"
        + (isNightly ? " -Pnightly" : "")
        // A contract is run by each class that extends it.
        + (Modifier.isAbstract(place.getModifiers())
            ? ""
            : " -Dtest=" + name + "#" + test.getName())
        + " -Dsurefire.failIfNoSpecifiedTests=false -Dseed=";
  }

  private static Stream<Method> test(StackWalker.StackFrame frame) {
    return Stream.of(frame.getDeclaringClass().getDeclaredMethods())
        .filter(method -> method.getName().equals(frame.getMethodName()))
        .filter(method -> AnnotationSupport.isAnnotated(method, Testable.class));
  }
}
