package io.capsdb.bench;

import io.capsdb.vector.Floats;
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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The distance kernels in cache, plain loops and vector loops side by side: one row against one
/// query in arrays, and a block of rows in native memory. Times are per row.
///
/// A block has 32 rows, so that at 768 dimensions it still lies in a second-level cache.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelBenchmark {
  private static final int ROWS = 32;

  /// Which loops run.
  public enum Loops {
    PLAIN,
    VECTOR
  }

  @Param({"PLAIN", "VECTOR"})
  public Loops loops = Loops.PLAIN;

  /// Cosine runs the loop of L2 on unit rows.
  @Param({"EUCLID", "COSINE", "DOT", "MANHATTAN"})
  public Metric metric = Metric.EUCLID;

  @Param({"128", "384", "768"})
  public int dimension;

  private Kernels kernels = Kernels.plain();
  private final Arena arena = Arena.ofShared();
  private VectorMatrix rows = new VectorMatrix(MemorySegment.NULL, 0, 1);
  private float[] query = {};
  private float[] row = {};
  private final float[] out = new float[ROWS];

  @Setup(Level.Trial)
  public void fill() {
    kernels = loops == Loops.PLAIN ? Kernels.plain() : Kernels.best();
    if (loops == Loops.VECTOR && kernels.name().equals(Kernels.plain().name())) {
      throw new IllegalStateException(
          "no vector kernels: the JVM lacks --add-modules jdk.incubator.vector");
    }
    SplittableRandom random = new SplittableRandom(dimension);
    query = metric.prepare(vector(random));
    row = metric.prepare(vector(random));
    MemorySegment segment = arena.allocate(4L * dimension * ROWS, 64);
    rows = new VectorMatrix(segment, ROWS, dimension);
    for (int i = 0; i < ROWS; i++) {
      float[] values = metric.prepare(vector(random));
      MemorySegment.copy(values, 0, segment, Floats.LITTLE_ENDIAN, rows.offset(i), dimension);
    }
  }

  @TearDown(Level.Trial)
  public void free() {
    arena.close();
  }

  @Benchmark
  public float row() {
    return kernels.distance(metric, query, row);
  }

  @Benchmark
  @OperationsPerInvocation(ROWS)
  public float[] block() {
    kernels.distances(metric, query, rows, 0, ROWS, out);
    return out;
  }

  private float[] vector(SplittableRandom random) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
