package io.capsdb.server.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Times of the same queries, asked pass after pass. Early passes take longer, because their code
/// is not compiled yet, and on a busy machine any pass may: what counts are those that took about
/// as long as the fastest. Not for more than one thread.
final class Passes {
  /// All passes together take at least as long, so that times are more than noise.
  private static final long LEAST_NANOS = 400_000_000L;

  /// Once they took as long, there is no other, whatever there is to gain.
  private static final long MOST_NANOS = 3_000_000_000L;

  private static final int MOST = 40;

  /// A pass that took less than this share of the fastest before it: the next may be faster still.
  private static final double FASTER = 0.9;

  /// How many times as long as the fastest a pass may take to count.
  private static final double ALIKE = 1.25;

  private final List<long[]> passes = new ArrayList<>();
  private long spent;
  private long fastest = Long.MAX_VALUE;
  private boolean isSettled;

  /// @param nanos of each query
  void add(long[] nanos) {
    long sum = Arrays.stream(nanos).sum();
    isSettled = !passes.isEmpty() && sum >= FASTER * fastest;
    passes.add(nanos);
    spent += sum;
    fastest = Math.min(fastest, sum);
  }

  int count() {
    return passes.size();
  }

  /// Whether enough was measured; never before the first pass.
  boolean isDone() {
    if (passes.isEmpty()) {
      return false;
    }
    return spent >= MOST_NANOS || passes.size() >= MOST || (isSettled && spent >= LEAST_NANOS);
  }

  /// Times of the passes that count, ascending.
  long[] sorted() {
    return passes.stream()
        .filter(pass -> Arrays.stream(pass).sum() <= ALIKE * fastest)
        .flatMapToLong(Arrays::stream)
        .sorted()
        .toArray();
  }
}
