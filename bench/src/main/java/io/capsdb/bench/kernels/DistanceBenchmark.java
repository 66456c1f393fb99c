package io.capsdb.bench.kernels;

import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

/// The vector loops over floats, from memory and from cache. Times are per call.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 700, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class DistanceBenchmark {
  /// In cache at every dimension.
  private static final int BLOCK_ROWS = 32;

  /// Rows of a call, so that what JMH does around it weighs nothing.
  static final int ROWS = 2_048;

  /// Cosine runs the loop of L2.
  @Param({"EUCLID", "DOT", "MANHATTAN"})
  public Metric metric = Metric.EUCLID;

  @Param({"128", "384", "768"})
  public int dimension;

  private final Kernels kernels = Kernels.best();
  private final Arena arena = Arena.ofShared();
  private VectorMatrix rows = new VectorMatrix(MemorySegment.NULL, 0, 1);
  private float[] query = {};
  private float[][] arrays = {};
  private final int[] ordinals = new int[ROWS];
  private final float[] out = new float[ROWS];
  private final SplittableRandom random = new SplittableRandom(2);
  private int next;

  @Setup(Level.Trial)
  public void fill() {
    if (kernels.name().equals(Kernels.plain().name())) {
      throw new IllegalStateException(
          "no vector kernels: the JVM lacks --add-modules jdk.incubator.vector");
    }
    query = Rows.gaussian(random, dimension);
    arrays = new float[BLOCK_ROWS][];
    for (int i = 0; i < BLOCK_ROWS; i++) {
      arrays[i] = Rows.gaussian(random, dimension);
    }
    int count = (int) (Rows.MEMORY_BYTES / Float.BYTES / dimension);
    rows = new VectorMatrix(Rows.fill(arena, Rows.MEMORY_BYTES), count, dimension);
  }

  @TearDown(Level.Trial)
  public void free() {
    arena.close();
  }

  /// Rows in arrays, one call each.
  @Benchmark
  public float[] row() {
    for (int i = 0; i < ROWS; i++) {
      out[i] = kernels.distance(metric, query, arrays[i % BLOCK_ROWS]);
    }
    return out;
  }

  /// 32 rows of native memory, again and again.
  @Benchmark
  public float[] block() {
    for (int i = 0; i < ROWS; i += BLOCK_ROWS) {
      kernels.distances(metric, query, rows, 0, BLOCK_ROWS, out);
    }
    return out;
  }

  /// All rows of the memory in turn.
  @Benchmark
  public float[] memory() {
    kernels.distances(metric, query, rows, next, ROWS, out);
    next = next + 2 * ROWS <= rows.rowCount() ? next + ROWS : 0;
    return out;
  }

  /// Rows from all over the memory.
  @Benchmark
  public float[] gather() {
    for (int i = 0; i < ROWS; i++) {
      ordinals[i] = random.nextInt(rows.rowCount());
    }
    kernels.distances(metric, query, rows, ordinals, ROWS, out);
    return out;
  }
}
