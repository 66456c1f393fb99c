package io.capsdb.bench.kernels;

import io.capsdb.caps.code.BinaryQuantizer;
import io.capsdb.caps.code.Candidates;
import io.capsdb.caps.code.CodedQuery;
import io.capsdb.caps.code.ListScan;
import io.capsdb.caps.code.Quantizer;
import io.capsdb.caps.code.RowCodes;
import java.lang.foreign.Arena;
import java.util.Arrays;
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

/// The loops over 1-bit codes in cache: 16 partitions of 512 rows. Times are per call.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1_000, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ScanBenchmark {
  private static final int PARTITIONS = 16;
  static final int ROWS = PARTITIONS * CodeSet.PARTITION_ROWS;
  static final int LISTED = 1_024;
  private static final int BISECTIONS = 40;

  @Param({"128", "384", "768"})
  public int dimension;

  private final Arena arena = Arena.ofShared();
  private final Candidates candidates = new Candidates();
  private final int[] ordinals = new int[LISTED];
  private Optional<CodedQuery> coded = Optional.empty();
  private Optional<ListScan> list = Optional.empty();
  private float[][] rows = {};
  private float hundredth;

  @Setup(Level.Trial)
  public void fill() {
    SplittableRandom random = new SplittableRandom(4);
    RowCodes codes = CodeSet.of(arena, dimension, PARTITIONS, 1);
    CodedQuery query = codes.query(Rows.gaussian(random, dimension), 1);
    coded = Optional.of(query);
    for (int i = 0; i < LISTED; i++) {
      ordinals[i] = random.nextInt(ROWS);
    }
    if (codes.hasRecords()) {
      float[] distances = new float[PARTITIONS];
      Arrays.fill(distances, dimension);
      list = Optional.of(query.list(distances));
    }
    rows = new float[CodeSet.PARTITION_ROWS][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Rows.gaussian(random, dimension);
    }
    hundredth = limit(ROWS / 100);
  }

  /// The limit that about so many rows pass.
  private float limit(int wanted) {
    float low = -100f * dimension;
    float high = 100f * dimension;
    for (int i = 0; i < BISECTIONS; i++) {
      float middle = (low + high) / 2;
      if (scan(middle) < wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private int scan(float limit) {
    CodedQuery query = coded.orElseThrow();
    candidates.clear();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      query.scan(partition, dimension, limit, null, candidates);
    }
    return candidates.count();
  }

  /// Where they add little to the vectors.
  static boolean hasRecords(int dimension) {
    return CodeSet.of(Arena.ofAuto(), dimension, 1, 1).hasRecords();
  }

  @TearDown(Level.Trial)
  public void free() {
    arena.close();
  }

  @Benchmark
  public int nothingPasses() {
    return scan(Float.NEGATIVE_INFINITY);
  }

  @Benchmark
  public int onePercentPasses() {
    return scan(hundredth);
  }

  /// Records of rows in no order; where records are not kept, nothing is measured.
  @Benchmark
  public int listed() {
    candidates.clear();
    list.ifPresent(scan -> scan.score(ordinals, 0, LISTED, candidates));
    return candidates.count();
  }

  /// Rotates and codes rows, on all processors.
  @Benchmark
  public Quantizer.Encoded encode() {
    return new BinaryQuantizer()
        .encode(
            new int[] {0, CodeSet.PARTITION_ROWS},
            new float[1][dimension],
            row -> rows[row].clone());
  }
}
