package io.capsdb.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.testdata.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Distances to rows of narrow types have the bits of those to the same values as floats.
class NarrowKernelsTest {
  private static final int[] DIMENSIONS = {
    1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 128, 129, 384, 784
  };

  static List<Kernels> all() {
    return KernelsTest.all();
  }

  /// Any value of a type: of halves as many subnormal ones as large ones, and zeros of both signs.
  private static float[] row(RandomGenerator random, ElementType type, int dimension) {
    float[] row = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      row[i] =
          switch (type) {
            case FLOAT32 -> (float) random.nextGaussian();
            case FLOAT16 -> half(random);
            case UINT8 -> random.nextInt(256);
          };
    }
    return row;
  }

  private static float half(RandomGenerator random) {
    while (true) {
      float half = Float.float16ToFloat((short) random.nextInt(1 << 16));
      if (Float.isFinite(half)) {
        return half;
      }
    }
  }

  /// As the last bytes of their memory, so that a read beyond them fails.
  private static VectorMatrix matrix(List<float[]> rows, ElementType type, int shift, Arena arena) {
    int dimension = rows.getFirst().length;
    MemorySegment segment =
        arena.allocate((long) rows.size() * dimension * type.bytes() + shift, 64).asSlice(shift);
    VectorMatrix matrix = new VectorMatrix(segment, rows.size(), dimension, type);
    for (int row = 0; row < rows.size(); row++) {
      matrix.setRow(row, rows.get(row));
    }
    return matrix;
  }

  @ParameterizedTest
  @MethodSource("all")
  void narrowRowsGiveTheBitsOfFloats(Kernels kernels) {
    Seed.repeat(
        2,
        random -> {
          for (ElementType type : ElementType.values()) {
            for (int dimension : DIMENSIONS) {
              List<float[]> rows =
                  IntStream.range(0, 70).mapToObj(_ -> row(random, type, dimension)).toList();
              float[] query = row(random, ElementType.FLOAT32, dimension);
              try (Arena arena = Arena.ofConfined()) {
                VectorMatrix narrow = matrix(rows, type, random.nextInt(5), arena);
                VectorMatrix floats = matrix(rows, ElementType.FLOAT32, 0, arena);
                requireSame(kernels, query, narrow, floats, random);
              }
            }
          }
        });
  }

  private static void requireSame(
      Kernels kernels,
      float[] query,
      VectorMatrix narrow,
      VectorMatrix floats,
      RandomGenerator random) {
    int[] ordinals = random.ints(66, 0, 70).toArray();
    ordinals[0] = 69;
    for (Metric metric : Metric.values()) {
      float[] expected = new float[70];
      float[] actual = new float[70];
      kernels.distances(metric, query, floats, 0, 70, expected);
      kernels.distances(metric, query, narrow, 0, 70, actual);
      assertThat(actual)
          .as("%s %s %s of %s", kernels.name(), metric, narrow.type(), query.length)
          .isEqualTo(expected);
      float[] gathered = new float[66];
      kernels.distances(metric, query, narrow, ordinals, 66, gathered);
      for (int i = 0; i < 66; i++) {
        assertThat(gathered[i]).isEqualTo(expected[ordinals[i]]);
      }
    }
  }

  /// Each of the 63,488 finite halves, seen through the distance to a query of zeros.
  @ParameterizedTest
  @MethodSource("all")
  void eachHalfIsReadAsTheJdkReadsIt(Kernels kernels) {
    int[] bits =
        IntStream.range(0, 1 << 16)
            .filter(half -> Float.isFinite(Float.float16ToFloat((short) half)))
            .toArray();
    assertThat(bits).hasSize(63_488);
    int dimension = 32;
    try (Arena arena = Arena.ofConfined()) {
      VectorMatrix matrix =
          VectorMatrix.allocate(arena, bits.length, dimension, ElementType.FLOAT16);
      float[] row = new float[dimension];
      for (int i = 0; i < bits.length; i++) {
        row[i % dimension] = Float.float16ToFloat((short) bits[i]);
        matrix.setRow(i, row);
        row[i % dimension] = 0;
      }
      float[] ones = new float[dimension];
      java.util.Arrays.fill(ones, 1);
      float[] out = new float[bits.length];
      kernels.distances(Metric.DOT, ones, matrix, 0, bits.length, out);
      for (int i = 0; i < bits.length; i++) {
        assertThat(-out[i]).isEqualTo(Float.float16ToFloat((short) bits[i]) + 0f);
      }
    }
  }
}
