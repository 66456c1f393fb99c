package io.capsdb.bench.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/// Times searches: warms up, then runs all queries several times; the median run counts.
///
/// Each thread has a contiguous part of the queries and its own [Search]. A run that is short is
/// repeated inside, so that no figure comes from less than a tenth of a second.
final class Meter {
  private static final int REPETITIONS = 5;
  private static final long WARM_UP_NANOS = 1_000_000_000L;

  /// For the first setting of a workload, whose code the compiler has not seen yet.
  private static final long FIRST_WARM_UP_NANOS = 3_000_000_000L;

  private static final int WARM_UP_ROUNDS = 2;

  /// Warming up ends after it even if not all rounds are done: slow engines need no compiler.
  private static final long MOST_WARM_UP_NANOS = 10_000_000_000L;

  private static final long LEAST_NANOS = 100_000_000L;

  private final ThreadMXBean threadTimes = ManagementFactory.getThreadMXBean();
  private final LongSupplier nanoClock;

  private final double patience;

  /// @param patience 1 for figures that count; less shortens all least times alike, for tests
  Meter(LongSupplier nanoClock, double patience) {
    this.nanoClock = nanoClock;
    this.patience = patience;
  }

  /// One run of a part of the queries.
  private record Run(double queriesPerCpuSecond, long wallNanos) {}

  /// @param searches one for each thread
  /// @param queryCount the queries `0 .. queryCount - 1` are asked
  /// @param isFirst whether the workload was not timed before
  Timing time(List<Search> searches, int queryCount, boolean isFirst) {
    long warmUpNanos = (long) (patience * (isFirst ? FIRST_WARM_UP_NANOS : WARM_UP_NANOS));
    try (ExecutorService threads = Executors.newFixedThreadPool(searches.size())) {
      List<Part> parts = new ArrayList<>();
      for (int i = 0; i < searches.size(); i++) {
        int from = (int) ((long) i * queryCount / searches.size());
        int to = (int) ((i + 1L) * queryCount / searches.size());
        if (from < to) {
          parts.add(new Part(searches.get(i), from, to, warmUpNanos));
        }
      }
      together(threads, parts.stream().map(part -> threads.submit(part::warmUp)).toList());
      double[] cpuQps = new double[REPETITIONS];
      double[] wallQps = new double[REPETITIONS];
      for (int repetition = 0; repetition < REPETITIONS; repetition++) {
        List<Run> runs =
            together(threads, parts.stream().map(part -> threads.submit(part::run)).toList());
        long longest = runs.stream().mapToLong(Run::wallNanos).max().orElseThrow();
        int rounds = parts.getFirst().rounds;
        cpuQps[repetition] = runs.stream().mapToDouble(Run::queriesPerCpuSecond).sum();
        wallQps[repetition] = rounds * (long) queryCount / (longest / 1e9);
      }
      long[] nanos = parts.stream().flatMapToLong(part -> Arrays.stream(part.nanos)).toArray();
      Arrays.sort(nanos);
      return new Timing(
          median(cpuQps),
          median(wallQps),
          nanos[nanos.length / 2] / 1e3,
          nanos[(int) Math.min(nanos.length - 1L, nanos.length * 99L / 100)] / 1e3,
          REPETITIONS * parts.getFirst().rounds);
    }
  }

  private static <T> List<T> together(ExecutorService threads, List<Future<T>> futures) {
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      try {
        results.add(future.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw new IllegalStateException("a search failed", e.getCause());
      }
    }
    return results;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /// The queries of one thread.
  private final class Part {
    private final Search search;
    private final int from;
    private final int to;
    private final long warmUpNanos;
    private int rounds = 1;

    /// Of each query in the last run.
    private final long[] nanos;

    /// Keeps the compiler from leaving out a search whose hits nobody reads.
    private int found;

    Part(Search search, int from, int to, long warmUpNanos) {
      this.search = search;
      this.from = from;
      this.to = to;
      this.warmUpNanos = warmUpNanos;
      this.nanos = new long[to - from];
    }

    Integer warmUp() {
      long begin = nanoClock.getAsLong();
      long roundBegin = begin;
      long now = begin;
      for (int round = 0;
          (round < WARM_UP_ROUNDS || now - begin < warmUpNanos)
              && (round < 1 || now - begin < MOST_WARM_UP_NANOS);
          round++) {
        roundBegin = now;
        ask();
        now = nanoClock.getAsLong();
      }
      rounds = (int) (patience * LEAST_NANOS / Math.max(1, now - roundBegin)) + 1;
      return found;
    }

    Run run() {
      long begin = nanoClock.getAsLong();
      long cpuBegin = threadTimes.getCurrentThreadCpuTime();
      for (int round = 0; round < rounds; round++) {
        ask();
      }
      long cpu = threadTimes.getCurrentThreadCpuTime() - cpuBegin;
      long wall = nanoClock.getAsLong() - begin;
      return new Run(rounds * (to - from) / (cpu / 1e9), wall);
    }

    private void ask() {
      try {
        long before = nanoClock.getAsLong();
        for (int query = from; query < to; query++) {
          found += search.find(query).length;
          long after = nanoClock.getAsLong();
          nanos[query - from] = after - before;
          before = after;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
