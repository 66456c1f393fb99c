package io.capsdb.bench.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// How fast one thread reads memory: the sum of all floats. Times are per call, of 1 MiB.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 700, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ReadBenchmark {
  static final int ROW_BYTES = 4_096;

  static final int ROWS = 256;
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private final Arena arena = Arena.ofShared();
  private MemorySegment memory = MemorySegment.NULL;
  private long next;

  @Setup(Level.Trial)
  public void fill() {
    memory = Rows.fill(arena, Rows.MEMORY_BYTES);
  }

  @TearDown(Level.Trial)
  public void free() {
    arena.close();
  }

  @Benchmark
  public float memory() {
    FloatVector even = FloatVector.zero(SPECIES);
    FloatVector odd = even;
    int bytes = SPECIES.vectorByteSize();
    long from = next;
    for (int at = 0; at < ROWS * ROW_BYTES; at += 2 * bytes) {
      even = even.add(load(from + at));
      odd = odd.add(load(from + at + bytes));
    }
    next = from + 2L * ROWS * ROW_BYTES <= Rows.MEMORY_BYTES ? from + ROWS * ROW_BYTES : 0;
    return even.add(odd).reduceLanes(VectorOperators.ADD);
  }

  private FloatVector load(long at) {
    return FloatVector.fromMemorySegment(SPECIES, memory, at, ByteOrder.LITTLE_ENDIAN);
  }
}
