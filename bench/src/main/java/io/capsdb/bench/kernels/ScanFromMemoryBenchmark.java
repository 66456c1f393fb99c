package io.capsdb.bench.kernels;

import io.capsdb.caps.code.Candidates;
import io.capsdb.caps.code.CodedQuery;
import io.capsdb.caps.code.RowCodes;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The scan of 1-bit codes from memory: a gigabyte of partitions, one after the other; no row
/// passes. Times are per call.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1_000, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ScanFromMemoryBenchmark {
  private static final int CODED = 16;
  private static final int AT_A_TIME = 128;
  static final int ROWS = AT_A_TIME * CodeSet.PARTITION_ROWS;

  @Param({"128", "384", "768"})
  public int dimension;

  private final Arena arena = Arena.ofShared();
  private final Candidates candidates = new Candidates();
  private Optional<CodedQuery> coded = Optional.empty();
  private int partitions;
  private int next;

  @Setup(Level.Trial)
  public void fill() {
    long bytes = (long) CODED * CodeSet.PARTITION_ROWS * bytesPerRow(dimension);
    int copies = (int) (Rows.MEMORY_BYTES / bytes);
    RowCodes codes = CodeSet.of(arena, dimension, CODED, copies);
    partitions = CODED * copies;
    coded = Optional.of(codes.query(Rows.gaussian(new SplittableRandom(4), dimension), 1));
  }

  /// A bit for each value, and two floats.
  static int bytesPerRow(int dimension) {
    return dimension / Byte.SIZE + 2 * Float.BYTES;
  }

  @TearDown(Level.Trial)
  public void free() {
    arena.close();
  }

  @Benchmark
  public int memory() {
    CodedQuery query = coded.orElseThrow();
    candidates.clear();
    for (int i = next; i < next + AT_A_TIME; i++) {
      query.scan(i, dimension, Float.NEGATIVE_INFINITY, null, candidates);
    }
    next = next + 2 * AT_A_TIME <= partitions ? next + AT_A_TIME : 0;
    return candidates.count();
  }
}
