package io.capsdb.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.testdata.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelsTest {
  private static final int[] DIMENSIONS = {
    0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 128, 129, 384, 768, 1536
  };

  /// Kinds of values that bring out different faults of rounding and of tails.
  private enum Values {
    USUAL {
      @Override
      float next(RandomGenerator random) {
        return (float) random.nextGaussian();
      }
    },
    LARGE {
      @Override
      float next(RandomGenerator random) {
        return (float) (random.nextGaussian() * 1e16);
      }
    },
    TINY {
      @Override
      float next(RandomGenerator random) {
        return (float) (random.nextGaussian() * 1e-14);
      }
    },
    POSITIVE {
      @Override
      float next(RandomGenerator random) {
        return random.nextFloat();
      }
    },
    EQUAL {
      @Override
      float next(RandomGenerator random) {
        return 0.7f;
      }
    },
    SPREAD {
      @Override
      float next(RandomGenerator random) {
        return (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-6, 7)));
      }
    };

    abstract float next(RandomGenerator random);

    float[] vector(RandomGenerator random, int dimension) {
      float[] vector = new float[dimension];
      for (int i = 0; i < dimension; i++) {
        vector[i] = next(random);
      }
      return vector;
    }
  }

  static List<Kernels> all() {
    return List.of(
        new Kernels(new ScalarKernels()),
        new Kernels(PanamaWidths.of(64)),
        new Kernels(PanamaWidths.of(128)),
        new Kernels(PanamaWidths.of(256)),
        new Kernels(PanamaWidths.of(512)));
  }

  /// The distance in double precision, and the sum of absolute terms that bounds its error.
  private record Exact(double distance, double magnitude) {
    static Exact of(Metric metric, float[] a, float[] b) {
      double sum = 0;
      double magnitude = 0;
      for (int i = 0; i < a.length; i++) {
        double difference = (double) a[i] - b[i];
        double term =
            switch (metric) {
              case COSINE, EUCLID -> difference * difference;
              case DOT -> -(double) a[i] * b[i];
              case MANHATTAN -> Math.abs(difference);
            };
        sum += term;
        magnitude += Math.abs(term);
      }
      return new Exact(sum, magnitude);
    }

    double bound(int dimension) {
      return (dimension + 2) * 0x1p-24 * magnitude;
    }
  }

  private static void requireNear(
      Kernels kernels, Metric metric, String form, float[] a, float[] b, float distance) {
    Exact exact = Exact.of(metric, a, b);
    assertThat(Math.abs(distance - exact.distance()))
        .as("%s %s %s of %d values: %s", kernels.name(), metric, form, a.length, distance)
        .isLessThanOrEqualTo(exact.bound(a.length));
  }

  @ParameterizedTest
  @MethodSource("all")
  void arraysGiveTheExactSumWithinTheBound(Kernels kernels) {
    Seed.repeat(
        2,
        random -> {
          for (int dimension : DIMENSIONS) {
            for (Values values : Values.values()) {
              float[] a = values.vector(random, dimension);
              float[] b = values.vector(random, dimension);
              for (Metric metric : Metric.values()) {
                requireNear(kernels, metric, "array", a, b, kernels.distance(metric, a, b));
                requireNear(kernels, metric, "same array", a, a, kernels.distance(metric, a, a));
              }
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void blocksAndGatheredRowsGiveTheExactSumWithinTheBound(Kernels kernels) {
    Seed.repeat(
        1,
        random -> {
          for (int dimension : DIMENSIONS) {
            if (dimension == 0) {
              continue; // a matrix has at least one value a row
            }
            for (Values values : Values.values()) {
              List<float[]> rows =
                  IntStream.range(0, 7).mapToObj(_ -> values.vector(random, dimension)).toList();
              float[] query = values.vector(random, dimension);
              for (int shift : new int[] {0, 1, 4, 12}) {
                try (Arena arena = Arena.ofConfined()) {
                  checkMatrix(kernels, query, rows, shifted(rows, dimension, shift, arena));
                }
              }
            }
          }
        });
  }

  private static void checkMatrix(
      Kernels kernels, float[] query, List<float[]> rows, VectorMatrix matrix) {
    int[] ordinals = {5, 0, 5, 6, 2};
    for (Metric metric : Metric.values()) {
      float[] out = {9, 9, 9, 9, 9, 9};
      kernels.distances(metric, query, matrix, 2, 5, out);
      for (int i = 0; i < 5; i++) {
        requireNear(kernels, metric, "block", query, rows.get(2 + i), out[i]);
      }
      assertThat(out[5]).as("what is beyond the count stays").isEqualTo(9);
      out = new float[] {9, 9, 9, 9, 9, 9};
      kernels.distances(metric, query, matrix, ordinals, 5, out);
      for (int i = 0; i < 5; i++) {
        requireNear(kernels, metric, "gather", query, rows.get(ordinals[i]), out[i]);
      }
      assertThat(out[5]).as("what is beyond the count stays").isEqualTo(9);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void columnsGiveTheExactSumWithinTheBound(Kernels kernels) {
    Seed.repeat(
        1,
        random -> {
          for (int dimension : DIMENSIONS) {
            for (Values values : Values.values()) {
              for (int stride : new int[] {16, 48}) {
                float[] query = values.vector(random, dimension);
                float[][] rows = new float[stride][];
                float[] columns = new float[stride * dimension];
                for (int i = 0; i < stride; i++) {
                  rows[i] = values.vector(random, dimension);
                  for (int j = 0; j < dimension; j++) {
                    columns[j * stride + i] = rows[i][j];
                  }
                }
                for (Metric metric : Metric.values()) {
                  float[] out = new float[stride];
                  kernels.columns(metric, query, columns, stride, out);
                  for (int i = 0; i < stride; i++) {
                    requireNear(kernels, metric, "column", query, rows[i], out[i]);
                  }
                  requireSameTogether(kernels, metric, query, rows, columns, out);
                }
              }
            }
          }
        });
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kernels.columns(Metric.DOT, new float[1], new float[8], 8, new float[8]));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(
            () -> kernels.columns(Metric.DOT, new float[2], new float[31], 16, new float[16]));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                kernels.columns(
                    Metric.EUCLID,
                    new float[][] {{1}, {1}, {1}, {1, 2}},
                    new float[32],
                    16,
                    new float[4][16]));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(
            () ->
                kernels.columns(
                    Metric.EUCLID, new float[3][1], new float[16], 16, new float[4][16]));
  }

  /// Compares the query and some of the rows with columns, at once and one by one.
  private static void requireSameTogether(
      Kernels kernels,
      Metric metric,
      float[] query,
      float[][] rows,
      float[] columns,
      float[] ofQuery) {
    int stride = ofQuery.length;
    float[][] queries = {rows[0], query, rows[1], rows[2]};
    float[][] together = new float[Kernels.TOGETHER][stride];
    kernels.columns(metric, queries, columns, stride, together);
    assertThat(together[1]).as("%s %s", kernels.name(), metric).isEqualTo(ofQuery);
    float[] alone = new float[stride];
    for (int i = 0; i < Kernels.TOGETHER; i++) {
      kernels.columns(metric, queries[i], columns, stride, alone);
      assertThat(together[i]).as("%s %s", kernels.name(), metric).isEqualTo(alone);
    }
  }

  /// The rows in a segment that begins `shift` bytes after an aligned address.
  private static VectorMatrix shifted(List<float[]> rows, int dimension, int shift, Arena arena) {
    MemorySegment segment = arena.allocate(4L * dimension * rows.size() + shift, 64).asSlice(shift);
    VectorMatrix matrix = new VectorMatrix(segment, rows.size(), dimension);
    for (int row = 0; row < rows.size(); row++) {
      MemorySegment.copy(
          rows.get(row), 0, segment, Floats.LITTLE_ENDIAN, matrix.offset(row), dimension);
    }
    return matrix;
  }

  /// Sums of small whole numbers are exact in float32, so that all kernels must agree to the bit.
  @ParameterizedTest
  @MethodSource("all")
  void wholeNumbersGiveTheExactSum(Kernels kernels) {
    Seed.repeat(
        3,
        random -> {
          for (int dimension : DIMENSIONS) {
            float[] a = new float[dimension];
            float[] b = new float[dimension];
            for (int i = 0; i < dimension; i++) {
              a[i] = random.nextInt(-20, 21);
              b[i] = random.nextInt(-20, 21);
            }
            for (Metric metric : Metric.values()) {
              assertThat((double) kernels.distance(metric, a, b))
                  .as("%s %s of %d values", kernels.name(), metric, dimension)
                  .isEqualTo(Exact.of(metric, a, b).distance() + 0.0);
            }
          }
        });
  }

  /// A row's distance must not depend on how it is reached: search by block, by gathered rows and
  /// by other indexes would else order ties differently.
  @ParameterizedTest
  @MethodSource("all")
  void allFormsGiveTheSameBits(Kernels kernels) {
    Seed.repeat(
        1,
        random -> {
          for (int dimension : new int[] {1, 3, 17, 100, 129, 384}) {
            List<float[]> rows =
                IntStream.range(0, 9)
                    .mapToObj(_ -> Values.USUAL.vector(random, dimension))
                    .toList();
            float[] query = Values.USUAL.vector(random, dimension);
            try (Arena arena = Arena.ofConfined()) {
              VectorMatrix matrix = shifted(rows, dimension, 4, arena);
              for (Metric metric : Metric.values()) {
                float[] block = new float[9];
                float[] gathered = new float[9];
                kernels.distances(metric, query, matrix, 0, 9, block);
                kernels.distances(
                    metric, query, matrix, IntStream.range(0, 9).toArray(), 9, gathered);
                for (int row = 0; row < 9; row++) {
                  assertThat(gathered[row]).isEqualTo(block[row]);
                  assertThat(kernels.distance(metric, query, rows.get(row))).isEqualTo(block[row]);
                }
              }
            }
          }
        });
  }

  /// Rows are gathered in runs, which must be all of them, in their places.
  @ParameterizedTest
  @MethodSource("all")
  void manyRowsAreGatheredAsOneIs(Kernels kernels) {
    Seed.repeat(
        1,
        random -> {
          List<float[]> rows =
              IntStream.range(0, 200).mapToObj(_ -> Values.USUAL.vector(random, 17)).toList();
          float[] query = Values.USUAL.vector(random, 17);
          try (Arena arena = Arena.ofConfined()) {
            VectorMatrix matrix = shifted(rows, 17, 4, arena);
            for (int count : new int[] {0, 1, 63, 64, 65, 128, 200}) {
              int[] ordinals = random.ints(count, 0, 200).toArray();
              for (Metric metric : Metric.values()) {
                float[] out = new float[count];
                kernels.distances(metric, query, matrix, ordinals, count, out);
                for (int i = 0; i < count; i++) {
                  assertThat(out[i])
                      .as("row %s of %s", i, count)
                      .isEqualTo(kernels.distance(metric, query, rows.get(ordinals[i])));
                }
              }
            }
          }
        });
  }

  /// The order of all additions is fixed: two accumulators of as many lanes as the species has,
  /// then halves upon halves, then the tail. With `reduceLanes`, which leaves the order open,
  /// interpreted and compiled code differed in the last bits: a row's distance changed while the
  /// process ran.
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 16})
  void theOrderOfAdditionsIsFixed(int lanes) {
    Kernels kernels = new Kernels(PanamaWidths.of(32 * lanes));
    Seed.repeat(
        1,
        random -> {
          for (int dimension : new int[] {17, 64, 67, 129, 384}) {
            float[] a = Values.USUAL.vector(random, dimension);
            float[] b = Values.USUAL.vector(random, dimension);
            for (Metric metric : Metric.values()) {
              float expected = inOrder(metric, a, b, lanes);
              for (int i = 0; i < 200; i++) {
                assertThat(kernels.distance(metric, a, b))
                    .as("%s of %s values, call %s", metric, dimension, i)
                    .isEqualTo(expected);
              }
            }
          }
        });
  }

  private static float inOrder(Metric metric, float[] a, float[] b, int lanes) {
    float[] sums = new float[2 * lanes];
    int bound = a.length - a.length % (2 * lanes);
    for (int i = 0; i < bound; i++) {
      sums[i % (2 * lanes)] = added(metric, a[i], b[i], sums[i % (2 * lanes)]);
    }
    for (int half = lanes; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[i] += sums[i + half];
      }
    }
    float sum = sums[0];
    for (int i = bound; i < a.length; i++) {
      sum = added(metric, a[i], b[i], sum);
    }
    return metric == Metric.DOT ? -sum : sum;
  }

  private static float added(Metric metric, float a, float b, float sum) {
    return switch (metric) {
      case COSINE, EUCLID -> Math.fma(a - b, a - b, sum);
      case DOT -> Math.fma(a, b, sum);
      case MANHATTAN -> sum + Math.abs(a - b);
    };
  }

  @ParameterizedTest
  @MethodSource("all")
  void hugeFiniteValuesOverflowToInfinityAndNeverToNaNButForDot(Kernels kernels) {
    float[] high = new float[33];
    float[] low = new float[33];
    java.util.Arrays.fill(high, Float.MAX_VALUE);
    java.util.Arrays.fill(low, -Float.MAX_VALUE);
    assertThat(kernels.squaredL2(high, low)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(kernels.manhattan(high, low)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(kernels.dot(high, low)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(kernels.squaredL2(high, high)).isZero();
  }

  @ParameterizedTest
  @MethodSource("all")
  void wrongLengthsAreRefused(Kernels kernels) {
    float[] three = new float[3];
    float[] four = new float[4];
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kernels.squaredL2(three, four))
        .withMessage("vectors have 3 and 4 values");
    assertThatIllegalArgumentException().isThrownBy(() -> kernels.dot(four, three));
    assertThatIllegalArgumentException().isThrownBy(() -> kernels.manhattan(three, four));
    try (Arena arena = Arena.ofConfined()) {
      VectorMatrix rows = new VectorMatrix(arena.allocate(64), 4, 4);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> kernels.distances(Metric.EUCLID, three, rows, 0, 1, three))
          .withMessage("query has 3 values, the rows have 4");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> kernels.distances(Metric.DOT, three, rows, new int[1], 1, three));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void rowsThatAreNotThereAreRefused(Kernels kernels) {
    try (Arena arena = Arena.ofConfined()) {
      VectorMatrix rows = new VectorMatrix(arena.allocate(64), 4, 4);
      float[] query = new float[4];
      float[] out = new float[4];
      for (int[] range : new int[][] {{0, 5}, {4, 1}, {-1, 1}, {3, 2}, {0, -1}, {2, 1 << 30}}) {
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
            .as("%d and %d more", range[0], range[1])
            .isThrownBy(
                () -> kernels.distances(Metric.EUCLID, query, rows, range[0], range[1], out));
      }
      for (int[] ordinals : new int[][] {{4}, {-1}, {0, 1, 4}, {Integer.MAX_VALUE}}) {
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
            .isThrownBy(
                () -> kernels.distances(Metric.DOT, query, rows, ordinals, ordinals.length, out));
      }
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .as("more than there are ordinals")
          .isThrownBy(() -> kernels.distances(Metric.DOT, query, rows, new int[2], 3, out));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .as("more than the answer has room for")
          .isThrownBy(
              () -> kernels.distances(Metric.DOT, query, rows, new int[5], 5, new float[4]));
      kernels.distances(Metric.EUCLID, query, rows, 4, 0, out);
    }
  }

  @Test
  void theBestKernelsHereAreTheVectorOnes() {
    assertThat(Kernels.best().name()).startsWith("panama-");
    assertThat(Kernels.plain().name()).isEqualTo("plain");
  }
}
