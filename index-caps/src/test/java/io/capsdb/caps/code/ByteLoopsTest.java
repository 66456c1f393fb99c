package io.capsdb.caps.code;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The vector loops answer what the plain ones do: codes and bounds to the bit.
class ByteLoopsTest {
  private static final int[] DIMENSIONS = {1, 7, 8, 9, 16, 33, 64, 100, 129, 1_025, 2_100};
  private static final int[] ROW_COUNTS = {0, 1, 15, 16, 17, 64, 65, 130};

  private final ByteLoops plain = new ScalarByteLoops();

  static List<ByteLoops> widths() {
    return List.of(
        PanamaByteWidths.of(64),
        PanamaByteWidths.of(128),
        PanamaByteWidths.of(256),
        PanamaByteWidths.of(512));
  }

  @Test
  void eachWidthIsItsOwn() {
    assertThat(widths().stream().map(ByteLoops::name))
        .containsExactly("panama-64", "panama-128", "panama-256", "panama-512");
    assertThat(plain.name()).isEqualTo("plain");
  }

  private static float sum(float[] values) {
    float sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("widths")
  void vectorsGetTheSameCodes(ByteLoops loops) {
    Seed.repeat(
        3,
        random -> {
          for (int dimension : DIMENSIONS) {
            int padded = ByteLayout.padded(dimension);
            float[] vector = TestData.around(random, new float[padded], 100);
            float[] low = TestData.around(random, new float[padded + 7], 100);
            boolean isManhattan = random.nextBoolean();
            int[] expected = new int[padded / 4];
            int[] actual = new int[padded / 4];
            float[] beyond = new float[16];
            float[] plainBeyond = new float[16];
            beyond[3] = 2;
            plainBeyond[3] = 2;
            plain.code(vector, low, 7, 0.7f, isManhattan, expected, plainBeyond);
            loops.code(vector, low, 7, 0.7f, isManhattan, actual, beyond);
            assertThat(actual).as("%s values", dimension).isEqualTo(expected);
            double outside = sum(plainBeyond);
            assertThat(Math.abs(sum(beyond) - outside))
                .isLessThanOrEqualTo((padded + 4) * 0x1p-24 * outside);
          }
        });
  }

  /// What the code of a vector is, place by place.
  @Test
  void aCodeIsTheNearestStep() {
    float[] vector = {-1, 0, 0.26f, 0.24f, 63.5f, 64, 1_000, 5};
    float[] low = new float[8];
    float[] beyond = new float[16];
    int[] words = new int[2];
    plain.code(vector, low, 0, 0.5f, false, words, beyond);
    int[] codes = new int[8];
    for (int i = 0; i < 8; i++) {
      codes[i] = words[i % 2] >>> (8 * (i / 2)) & 0xff;
    }
    assertThat(codes).containsExactly(0, 0, 1, 0, 127, 127, 127, 10);
    assertThat(sum(beyond)).isEqualTo(1 + 0.25f + 936.5f * 936.5f);
    Arrays.fill(beyond, 0);
    plain.code(vector, low, 0, 0.5f, true, words, beyond);
    assertThat(sum(beyond)).isEqualTo(1 + 0.5f + 936.5f);
  }

  private static MemorySegment groups(RandomGenerator random, int words, int rows, int offset) {
    long bytes = (long) CodeLayout.groups(rows) * ByteLayout.ROW_OF_WORDS * words;
    MemorySegment groups = Arena.ofAuto().allocate(Math.max(1, offset + bytes), 64);
    int most = random.nextInt(3) == 0 ? 0 : 127;
    for (long at = offset; at < groups.byteSize(); at++) {
      int code = most == 0 ? 127 * random.nextInt(2) : random.nextInt(128);
      groups.set(ValueLayout.JAVA_BYTE, at, (byte) code);
    }
    return groups;
  }

  @SuppressWarnings("ArrayRecordComponent") // made to be compared at once
  private record Scanned(float[] bounds, int[] rows) {}

  private static Scanned scan(
      ByteLoops loops,
      MemorySegment groups,
      int offset,
      int rowCount,
      int[] words,
      ByteTerms terms,
      long @Nullable [] mask) {
    Candidates candidates = new Candidates();
    candidates.reserve(1);
    candidates.add(42, 43);
    loops.scan(groups, offset, rowCount, words, terms, mask, 1_000, candidates);
    assertThat(candidates.rows()).as("what was there").startsWith(42);
    return new Scanned(
        Arrays.copyOfRange(candidates.bounds(), 1, candidates.count()),
        Arrays.copyOfRange(candidates.rows(), 1, candidates.count()));
  }

  @ParameterizedTest
  @MethodSource("widths")
  void scansFindTheSameRowsAtTheSameBounds(ByteLoops loops) {
    Seed.repeat(
        1,
        random -> {
          for (int dimension : DIMENSIONS) {
            int[] words = new int[ByteLayout.words(dimension)];
            for (int word = 0; word < words.length; word++) {
              words[word] = random.nextInt() & 0x7f7f7f7f;
            }
            for (int rows : ROW_COUNTS) {
              int offset = 64 * random.nextInt(3);
              MemorySegment groups = groups(random, words.length, rows, offset);
              long[] mask = new long[(rows + 63) / 64 + 1];
              for (int row = 0; row < rows; row++) {
                mask[row >> 6] |= random.nextInt(3) == 0 ? 1L << row : 0;
              }
              boolean isManhattan = random.nextBoolean();
              float middle = isManhattan ? dimension * 20f : dimension * 2_000f;
              for (float limit : new float[] {Float.POSITIVE_INFINITY, middle, -1e30f}) {
                ByteTerms terms =
                    ByteTerms.of(
                        isManhattan,
                        dimension,
                        random.nextFloat() + 0.1f,
                        random.nextFloat() * middle / 4,
                        random.nextInt(4),
                        limit);
                for (long[] chosen : Arrays.asList(null, mask, new long[mask.length])) {
                  Scanned expected = scan(plain, groups, offset, rows, words, terms, chosen);
                  Scanned actual = scan(loops, groups, offset, rows, words, terms, chosen);
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

  /// The largest differences that there are, which overflow what is too narrow.
  @ParameterizedTest
  @MethodSource("widths")
  void theLargestSumsAreExact(ByteLoops loops) {
    for (int dimension : DIMENSIONS) {
      int[] words = new int[ByteLayout.words(dimension)];
      Arrays.fill(words, 0x7f7f7f7f);
      MemorySegment zeros =
          Arena.ofAuto().allocate(2L * ByteLayout.ROW_OF_WORDS * words.length, 64);
      int values = 4 * words.length;
      for (boolean isManhattan : new boolean[] {false, true}) {
        ByteTerms terms = new ByteTerms(isManhattan, 1, 0, 0, 0, Float.POSITIVE_INFINITY);
        Scanned scanned = scan(loops, zeros, 0, 19, words, terms, null);
        assertThat(scanned.rows()).as("rows beyond the last are none").hasSize(19);
        float sum = isManhattan ? 127f * values : 127f * 127f * values;
        for (float bound : scanned.bounds()) {
          assertThat(bound).as("%s values", dimension).isBetween(sum * 0.999999f, sum * 1.000001f);
        }
      }
    }
  }
}
