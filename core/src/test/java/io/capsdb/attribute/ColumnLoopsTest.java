package io.capsdb.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.testdata.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnLoopsTest {
  private static final int[] COUNTS = {0, 1, 7, 8, 15, 16, 17, 63, 64, 65, 127, 128, 500};

  static List<ColumnLoops> all() {
    return List.of(
        new ScalarColumnLoops(),
        PanamaColumnWidths.of(64),
        PanamaColumnWidths.of(128),
        PanamaColumnWidths.of(256),
        PanamaColumnWidths.of(512));
  }

  /// The meaning, one code after the other; the words before and after the mask are left alone.
  private static void requireMask(int[] codes, int low, int high, int from, long[] mask) {
    for (int i = 0; i < 64 * mask.length; i++) {
      boolean isSet = (mask[i >> 6] >>> i & 1) != 0;
      boolean isInside = i < codes.length && codes[i] >= low && codes[i] <= high;
      if (isSet != isInside && i < (codes.length + 63) / 64 * 64) {
        throw new AssertionError(
            "code %s at %s from %s of %s in %s .. %s: %s"
                .formatted(
                    i < codes.length ? codes[i] : "none", i, from, codes.length, low, high, isSet));
      }
    }
  }

  private static int[] bounds(RandomGenerator random, int most) {
    int low = 1 + random.nextInt(most);
    return switch (random.nextInt(5)) {
      case 0 -> new int[] {low, low};
      case 1 -> new int[] {1, most};
      case 2 -> new int[] {low, most};
      default -> new int[] {low, low + random.nextInt(most - low + 1)};
    };
  }

  /// Codes over the whole range, the last ones among them, and none.
  private static int[] codes(RandomGenerator random, int count, int most) {
    return IntStream.range(0, count)
        .map(
            _ ->
                switch (random.nextInt(5)) {
                  case 0 -> 0;
                  case 1 -> most;
                  case 2 -> 1;
                  default -> random.nextInt(most + 1);
                })
        .toArray();
  }

  @ParameterizedTest
  @MethodSource("all")
  void codesInAnIntervalAreTold(ColumnLoops loops) {
    Seed.repeat(
        3,
        random -> {
          for (int count : COUNTS) {
            int from = random.nextInt(70);
            for (int most : new int[] {1, 127, 128, 255, 32_768, 65_535, 1 << 20}) {
              int[] codes = codes(random, from + count, most);
              int[] own = Arrays.copyOfRange(codes, from, from + count);
              int[] bounds = bounds(random, most);
              long[] mask = random.longs((count + 63) / 64 + 1).toArray();
              long beyond = mask[mask.length - 1];
              Column column = Column.of(codes, most);
              switch (column) {
                case Column.Bytes(byte[] narrow) ->
                    loops.between(narrow, bounds[0], bounds[1], from, count, mask);
                case Column.Shorts(short[] narrow) ->
                    loops.between(narrow, bounds[0], bounds[1], from, count, mask);
                case Column.Ints(int[] wide) ->
                    loops.between(wide, bounds[0], bounds[1], from, count, mask);
              }
              requireMask(own, bounds[0], bounds[1], from, mask);
              assertThat(mask[mask.length - 1]).as("the word beyond").isEqualTo(beyond);
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 254, 255, 256, 65_534, 65_535, 65_536, 1_000_000})
  void aColumnIsAsNarrowAsItsCodesAllow(int most) {
    Seed.repeat(
        2,
        random -> {
          int[] codes = codes(random, 300, most);
          codes[17] = most;
          Column column = Column.of(codes, most);
          Class<?> expected =
              most <= 255
                  ? Column.Bytes.class
                  : most <= 65_535 ? Column.Shorts.class : Column.Ints.class;
          assertThat(column).isInstanceOf(expected);
          for (int i = 0; i < 300; i++) {
            assertThat(column.code(i)).isEqualTo(codes[i]);
          }
          int[] some = random.ints(65, 0, 300).toArray();
          Column part = column.of(some);
          assertThat(part).isInstanceOf(expected);
          for (int i = 0; i < 65; i++) {
            assertThat(part.code(i)).isEqualTo(codes[some[i]]);
          }
          int[] bounds = bounds(random, most);
          long[] mask = new long[5];
          column.between(bounds[0], bounds[1], 13, 300, mask);
          requireMask(Arrays.copyOfRange(codes, 13, 300), bounds[0], bounds[1], 13, mask);
          part.between(bounds[0], bounds[1], 0, 65, mask);
          requireMask(
              IntStream.of(some).map(i -> codes[i]).toArray(),
              bounds[0],
              bounds[1],
              0,
              Arrays.copyOf(mask, 2));
        });
  }

  @Test
  void widthsAreThePowersOfTwoBelow() {
    assertThat(PanamaColumnWidths.of(1_024).ints().vectorBitSize()).isEqualTo(512);
    assertThat(PanamaColumnWidths.of(512).bytes().vectorBitSize()).isEqualTo(512);
    assertThat(PanamaColumnWidths.of(256).shorts().vectorBitSize()).isEqualTo(256);
    assertThat(PanamaColumnWidths.of(128).ints().vectorBitSize()).isEqualTo(128);
    assertThat(PanamaColumnWidths.of(64).ints().vectorBitSize()).isEqualTo(64);
  }
}
