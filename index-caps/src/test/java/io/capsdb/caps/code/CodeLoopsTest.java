package io.capsdb.caps.code;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.testdata.Seed;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The vector loops answer what the plain ones do, to the bit: each does the same operations on a
/// value in the same order, fused where the plain loop is.
class CodeLoopsTest {
  private static final int[] DIMENSIONS = {
    1, 2, 31, 32, 33, 63, 64, 96, 100, 127, 128, 129, 384, 784, 1536
  };
  private static final int[] ROW_COUNTS = {0, 1, 15, 16, 17, 63, 64, 65, 500};
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final CodeLoops plain = new ScalarCodeLoops();

  static List<CodeLoops> widths() {
    return List.of(
        PanamaCodeWidths.of(64),
        PanamaCodeWidths.of(128),
        PanamaCodeWidths.of(256),
        PanamaCodeWidths.of(512));
  }

  @Test
  void eachWidthIsItsOwn() {
    assertThat(widths().stream().map(CodeLoops::name))
        .containsExactly("panama-64", "panama-128", "panama-256", "panama-512");
    assertThat(plain.name()).isEqualTo("plain");
  }

  /// Of mixed sign and size, some of them zero.
  private static float[] vector(RandomGenerator random, int dimension) {
    double size = Math.pow(10, random.nextInt(-8, 9));
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = random.nextInt(10) == 0 ? 0 : (float) (random.nextGaussian() * size);
    }
    return vector;
  }

  @ParameterizedTest
  @MethodSource("widths")
  void vectorsAreMultipliedAndScaled(CodeLoops loops) {
    Seed.repeat(
        2,
        random -> {
          for (int dimension : DIMENSIONS) {
            float[] factors = vector(random, dimension);
            float[] expected = vector(random, dimension);
            float[] actual = expected.clone();
            plain.multiply(expected, factors);
            loops.multiply(actual, factors);
            assertThat(actual).isEqualTo(expected);
            int from = random.nextInt(dimension);
            int count = random.nextInt(dimension - from + 1);
            plain.scale(expected, from, count, 0.7f);
            loops.scale(actual, from, count, 0.7f);
            assertThat(actual).as("%s from %s of %s", count, from, dimension).isEqualTo(expected);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("widths")
  void transformsAreEqualToTheBit(CodeLoops loops) {
    Seed.repeat(
        3,
        random -> {
          for (int size = 1; size <= 1_024; size *= 2) {
            int from = random.nextInt(20);
            float[] expected = vector(random, from + size + random.nextInt(20));
            float[] actual = expected.clone();
            plain.hadamard(expected, from, size);
            loops.hadamard(actual, from, size);
            assertThat(actual).as("%s from %s", size, from).isEqualTo(expected);
          }
        });
  }

  /// What the transform is: sums with the signs of the Walsh-Hadamard matrix.
  @Test
  void thePlainTransformIsThatOfWalshAndHadamard() {
    Seed.repeat(
        2,
        random -> {
          for (int size = 1; size <= 64; size *= 2) {
            float[] vector = vector(random, size);
            float[] transformed = vector.clone();
            plain.hadamard(transformed, 0, size);
            for (int i = 0; i < size; i++) {
              double sum = 0;
              double magnitude = 0;
              for (int j = 0; j < size; j++) {
                sum += (Integer.bitCount(i & j) & 1) == 0 ? vector[j] : -(double) vector[j];
                magnitude += Math.abs(vector[j]);
              }
              assertThat(Math.abs(transformed[i] - sum))
                  .isLessThanOrEqualTo((size + 2) * 0x1p-24 * magnitude);
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("widths")
  void queriesGetTheSamePlanes(CodeLoops loops) {
    Seed.repeat(
        3,
        random -> {
          for (int dimension : DIMENSIONS) {
            float[] query = vector(random, dimension);
            assertThat(loops.maxAbs(query)).isEqualTo(plain.maxAbs(query));
            float scale = 0.5f / (Math.max(plain.maxAbs(query), Float.MIN_NORMAL) / 15.5f);
            long[] expected = new long[4 * CodeLayout.words(dimension)];
            long[] actual = new long[expected.length];
            plain.planes(query, scale, expected);
            loops.planes(query, scale, actual);
            assertThat(actual).as("%s values", dimension).isEqualTo(expected);
          }
        });
  }

  /// A value stands for the nearest odd number of steps.
  @Test
  void planesHoldTheNearestOddNumbers() {
    Seed.repeat(
        2,
        random -> {
          for (int dimension : DIMENSIONS) {
            float[] query = vector(random, dimension);
            QueryCode code = QueryCode.of(query, plain);
            for (int i = 0; i < dimension; i++) {
              int u = 0;
              for (int p = 0; p < 4; p++) {
                u |= (int) (code.planes()[4 * (i >> 6) + p] >>> (i & 63) & 1) << p;
              }
              assertThat(Math.abs(code.step() * (2 * u - 15) - query[i]))
                  .as("value %s of %s", i, dimension)
                  .isLessThanOrEqualTo(code.step() * 1.0001f);
            }
            for (int i = dimension; i < 64 * CodeLayout.words(dimension); i++) {
              for (int p = 0; p < 4; p++) {
                assertThat(code.planes()[4 * (i >> 6) + p] >>> (i & 63) & 1).isZero();
              }
            }
          }
        });
  }

  /// One partition of random codes, the rows of a group that is not full as [CodeLayout] tells.
  private static MemorySegment groups(RandomGenerator random, int dimension, int rows, int offset) {
    int words = CodeLayout.words(dimension);
    long bytes = CodeLayout.groups(rows) * CodeLayout.groupBytes(dimension);
    MemorySegment groups = Arena.ofAuto().allocate(Math.max(1, offset + bytes), 64);
    for (int row = 0; row < CodeLayout.groups(rows) * CodeLayout.GROUP; row++) {
      long at = CodeLayout.address(offset, row, dimension);
      for (int word = 0; word < words && row < rows; word++) {
        int used = Math.min(64, dimension - 64 * word);
        Corrections.writeWord(groups, at, word, random.nextLong() & (-1L >>> (64 - used)));
      }
      if (row < rows) {
        Corrections.write(groups, at, words, random.nextFloat() / dimension, random.nextGaussian());
      } else {
        Corrections.writeNone(groups, at, words);
      }
    }
    return groups;
  }

  @SuppressWarnings("ArrayRecordComponent") // made to be compared at once
  private record Scanned(float[] bounds, int[] rows) {}

  private static Scanned scan(
      CodeLoops loops,
      MemorySegment groups,
      int offset,
      int rowCount,
      QueryCode code,
      ScanTerms terms,
      long @Nullable [] mask) {
    Candidates candidates = new Candidates();
    candidates.reserve(2);
    candidates.add(42, 43);
    candidates.add(44, Float.NEGATIVE_INFINITY);
    loops.scan(groups, offset, rowCount, code, terms, mask, 1_000, candidates);
    assertThat(candidates.rows()).as("entries that were there").startsWith(42, 44);
    assertThat(candidates.bounds()[0]).isEqualTo(43);
    return new Scanned(
        Arrays.copyOfRange(candidates.bounds(), 2, candidates.count()),
        Arrays.copyOfRange(candidates.rows(), 2, candidates.count()));
  }

  @ParameterizedTest
  @MethodSource("widths")
  void scansFindTheSameRowsAtTheSameBounds(CodeLoops loops) {
    CodeLoops twin = new ScalarCodeLoops(loops instanceof PanamaPairCounts);
    Seed.repeat(
        1,
        random -> {
          for (int dimension : DIMENSIONS) {
            QueryCode code = QueryCode.of(vector(random, dimension), plain);
            for (int rows : ROW_COUNTS) {
              int offset = 64 * random.nextInt(3);
              MemorySegment groups = groups(random, dimension, rows, offset);
              long[] mask = new long[(rows + 63) / 64 + 1];
              long[] few = new long[mask.length];
              for (int row = 0; row < rows; row++) {
                mask[row >> 6] |= random.nextInt(3) == 0 ? 1L << row : 0;
                few[row >> 6] |= random.nextInt(20) == 0 ? 1L << row : 0;
              }
              float confidence = random.nextInt(3);
              float distance = random.nextFloat() * 3;
              float middle = distance + code.step() * random.nextFloat();
              for (float limit : new float[] {Float.POSITIVE_INFINITY, middle, -1e30f}) {
                ScanTerms terms = code.terms(distance, confidence, limit);
                for (long[] chosen : Arrays.asList(null, mask, few, new long[mask.length])) {
                  Scanned expected = scan(twin, groups, offset, rows, code, terms, chosen);
                  Scanned actual = scan(loops, groups, offset, rows, code, terms, chosen);
                  assertThat(actual.rows())
                      .as("%s rows of %s values below %s", rows, dimension, limit)
                      .isEqualTo(expected.rows());
                  assertThat(actual.bounds()).isEqualTo(expected.bounds());
                }
              }
            }
          }
        });
  }

  /// Of rows that lie as their codes say, the high planes pass over hardly one that all four keep.
  @Test
  void highPlanesPassOverWhatIsFar() {
    Seed.repeat(
        2,
        random -> {
          int dimension = 384;
          int rows = 5_000;
          float[] query = new float[dimension];
          for (int i = 0; i < dimension; i++) {
            query[i] = (float) random.nextGaussian();
          }
          QueryCode code = QueryCode.of(query, plain);
          MemorySegment groups = groups(random, dimension, rows, 0);
          for (int row = 0; row < rows; row++) {
            long at = CodeLayout.address(0, row, dimension);
            Corrections.write(groups, at, CodeLayout.words(dimension), 1, 0);
          }
          ScanTerms all = code.terms(100, 1, Float.POSITIVE_INFINITY);
          float[] bounds = scan(plain, groups, 0, rows, code, all, null).bounds();
          Arrays.sort(bounds);
          ScanTerms terms = code.terms(100, 1, bounds[rows / 10]);
          int kept = scan(plain, groups, 0, rows, code, terms, null).rows().length;
          int inPairs =
              scan(new ScalarCodeLoops(true), groups, 0, rows, code, terms, null).rows().length;
          assertThat(inPairs).as("of %s rows", kept).isBetween(kept * 19 / 20, kept);
        });
  }

  @Test
  void anUnlimitedScanFindsAllRowsOfTheMaskInOrder() {
    Seed.repeat(
        1,
        random -> {
          QueryCode code = QueryCode.of(vector(random, 100), plain);
          MemorySegment groups = groups(random, 100, 65, 0);
          ScanTerms terms = code.terms(1, 1, Float.POSITIVE_INFINITY);
          long[] mask = {1L << 63 | 1L << 17 | 1, 1};
          assertThat(scan(plain, groups, 0, 65, code, terms, mask).rows())
              .containsExactly(1_000, 1_017, 1_063, 1_064);
          assertThat(scan(plain, groups, 0, 65, code, terms, null).rows()).hasSize(65);
        });
  }

  /// Rows beyond the last one are none, whatever stands there.
  @Test
  void whatStandsBeyondTheLastRowIsPassedOver() {
    for (CodeLoops loops : widths()) {
      QueryCode code = QueryCode.of(new float[] {1, 2, 3}, plain);
      MemorySegment zeros = Arena.ofAuto().allocate(2 * CodeLayout.groupBytes(3), 64);
      ScanTerms terms = code.terms(1, 1, Float.POSITIVE_INFINITY);
      assertThat(scan(loops, zeros, 0, 19, code, terms, null).rows()).as(loops.name()).hasSize(19);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void recordsAreScoredAlike(CodeLoops loops) {
    Seed.repeat(
        2,
        random -> {
          for (int dimension : DIMENSIONS) {
            int rows = 1 + random.nextInt(40);
            int lines = CodeRecords.lines(dimension);
            MemorySegment records =
                Arena.ofAuto().allocate((long) rows * lines * CodeRecords.LINE_BYTES, 64);
            int partitions = 3;
            for (int row = 0; row < rows; row++) {
              long record = (long) row * lines * CodeRecords.LINE_BYTES;
              long end = record + (long) lines * CodeRecords.LINE_BYTES;
              for (int word = 0; word < CodeRecords.words(dimension); word++) {
                records.set(INT, record + 4L * word, random.nextInt());
              }
              records.set(FLOAT, end - 12, random.nextFloat());
              records.set(FLOAT, end - 8, (float) random.nextGaussian());
              records.set(INT, end - 4, random.nextInt(partitions));
            }
            QueryCode code = QueryCode.of(vector(random, dimension), plain);
            float[] terms = new float[2 * partitions];
            for (int i = 0; i < terms.length; i++) {
              terms[i] = random.nextFloat() * 10;
            }
            int[] ordinals = random.ints(20, 0, rows).toArray();
            float[] expected = new float[30];
            float[] actual = new float[30];
            plain.scoreRecords(
                records,
                lines,
                CodeRecords.planes(code),
                CodeRecords.codeLanes(dimension),
                4 * code.step(),
                terms,
                ordinals,
                2,
                17,
                expected,
                5);
            loops.scoreRecords(
                records,
                lines,
                CodeRecords.planes(code),
                CodeRecords.codeLanes(dimension),
                4 * code.step(),
                terms,
                ordinals,
                2,
                17,
                actual,
                5);
            assertThat(actual).as("%s values", dimension).isEqualTo(expected);
            assertThat(expected[4]).isZero();
            assertThat(expected[22]).isZero();
          }
        });
  }

  @ParameterizedTest
  @MethodSource("widths")
  void candidatesBelowALimitAreCountedAndKept(CodeLoops loops) {
    Seed.repeat(
        3,
        random -> {
          for (int count : ROW_COUNTS) {
            float[] bounds = new float[count + 16];
            int[] rows = new int[count + 16];
            for (int i = 0; i < bounds.length; i++) {
              bounds[i] =
                  switch (random.nextInt(12)) {
                    case 0 -> Float.POSITIVE_INFINITY;
                    case 1 -> Float.NEGATIVE_INFINITY;
                    case 2 -> Float.NaN;
                    default -> random.nextInt(10);
                  };
              rows[i] = i;
            }
            float[] extent = new float[2];
            float[] plainExtent = new float[2];
            loops.extent(bounds, count, extent);
            plain.extent(bounds, count, plainExtent);
            double[] numbers =
                IntStream.range(0, count)
                    .mapToDouble(i -> bounds[i])
                    .filter(value -> !Double.isNaN(value))
                    .toArray();
            assertThat(extent).isEqualTo(plainExtent);
            assertThat((double) extent[0])
                .isEqualTo(DoubleStream.of(numbers).min().orElse(Double.POSITIVE_INFINITY));
            assertThat((double) extent[1])
                .isEqualTo(DoubleStream.of(numbers).max().orElse(Double.NEGATIVE_INFINITY));
            for (float limit : new float[] {-1, 0, 5, 5.5f, 20, Float.POSITIVE_INFINITY}) {
              int below = 0;
              for (int i = 0; i < count; i++) {
                below += bounds[i] < limit ? 1 : 0;
              }
              assertThat(plain.countBelow(bounds, count, limit)).isEqualTo(below);
              assertThat(loops.countBelow(bounds, count, limit)).isEqualTo(below);
              float[] ownBounds = bounds.clone();
              int[] ownRows = rows.clone();
              float[] plainBounds = bounds.clone();
              int[] plainRows = rows.clone();
              assertThat(loops.keepBelow(ownBounds, ownRows, count, limit)).isEqualTo(below);
              assertThat(plain.keepBelow(plainBounds, plainRows, count, limit)).isEqualTo(below);
              assertThat(Arrays.copyOf(ownRows, below)).isEqualTo(Arrays.copyOf(plainRows, below));
              for (int i = 0; i < below; i++) {
                assertThat(ownBounds[i]).isEqualTo(bounds[ownRows[i]]).isLessThan(limit);
                assertThat(i == 0 || ownRows[i] > ownRows[i - 1]).isTrue();
              }
              int[] taken = new int[Candidates.room(below)];
              int[] plainTaken = new int[Candidates.room(below)];
              ownBounds = bounds.clone();
              ownRows = rows.clone();
              plainBounds = bounds.clone();
              plainRows = rows.clone();
              assertThat(loops.split(ownBounds, ownRows, count, limit, taken)).isEqualTo(below);
              assertThat(plain.split(plainBounds, plainRows, count, limit, plainTaken))
                  .isEqualTo(below);
              assertThat(Arrays.copyOf(taken, below)).isEqualTo(Arrays.copyOf(plainTaken, below));
              assertThat(Arrays.copyOf(ownRows, count - below))
                  .isEqualTo(Arrays.copyOf(plainRows, count - below));
              assertThat(Arrays.copyOf(ownBounds, count - below))
                  .isEqualTo(Arrays.copyOf(plainBounds, count - below));
              for (int i = 0; i < below; i++) {
                assertThat(bounds[taken[i]]).isLessThan(limit);
              }
            }
          }
        });
  }
}
