package io.capsdb.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.testdata.Seed;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

class SampleTest {
  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        2,
        63,
        64,
        65,
        4_095,
        4_096,
        4_097,
        4_099,
        8_191,
        8_192,
        8_193,
        99_991,
        262_143,
        262_144,
        1_000_003,
        Integer.MAX_VALUE
      })
  void ordinalsAreEvenlySpreadAndFoundAgain(int size) {
    Sample sample = new Sample(size);
    assertThat(sample.count()).isEqualTo(Sample.mostOf(size)).isLessThanOrEqualTo(size);
    assertThat(sample.firstCount()).isEqualTo(Math.min(size, 4_096));
    int[] all = sample.ordinals().clone();
    Arrays.sort(all);
    requireEvenlySpread(all, size);
    int[] first = Arrays.copyOf(sample.ordinals(), sample.firstCount());
    requireEvenlySpread(first, size);
    assertThat(Sample.first(size).ordinals()).isEqualTo(first);
    Seed.repeat(
        4,
        random -> {
          int share = 1 + random.nextInt(3);
          RoaringBitmap holders = new RoaringBitmap();
          long[] expected = new long[(sample.count() + 63) / 64];
          for (int i = 0; i < sample.count(); i++) {
            if (random.nextInt(share) == 0) {
              holders.add(sample.ordinals()[i]);
              expected[i >> 6] |= 1L << i;
            }
          }
          for (int i = 0; i < 1_000 && size > sample.count(); i++) {
            int other = random.nextInt(size);
            if (Arrays.binarySearch(all, other) < 0) {
              holders.add(other);
            }
          }
          long[] mask = random.longs(expected.length).toArray();
          sample.mask(holders, sample.count(), mask);
          assertThat(mask).isEqualTo(expected);
          int words = sample.firstCount() / 64;
          sample.mask(holders, 64 * words, mask);
          assertThat(Arrays.copyOf(mask, words)).isEqualTo(Arrays.copyOf(expected, words));
        });
  }

  private static void requireEvenlySpread(int[] ordinals, int size) {
    long step = size / Math.max(1, ordinals.length);
    for (int i = 0; i < ordinals.length; i++) {
      assertThat(ordinals[i]).isBetween(0, size - 1);
      if (i > 0) {
        assertThat((long) ordinals[i] - ordinals[i - 1]).isBetween(step, step + 1);
      }
    }
  }

  @Test
  void equalSizesHaveEqualSamples() {
    assertThat(new Sample(123_456).ordinals()).isEqualTo(new Sample(123_456).ordinals());
  }
}
