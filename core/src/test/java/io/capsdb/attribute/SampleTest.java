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
        1_000_003,
        Integer.MAX_VALUE
      })
  void ordinalsAreEvenlySpreadAndFoundAgain(int size) {
    Sample sample = new Sample(size);
    assertThat(sample.count()).isEqualTo(Math.min(size, Sample.MOST));
    assertThat(sample.isWhole()).isEqualTo(size <= Sample.MOST);
    long step = size / Math.max(1, sample.count());
    for (int i = 0; i < sample.count(); i++) {
      assertThat(sample.ordinals()[i]).isBetween(0, size - 1);
      if (i > 0) {
        assertThat((long) sample.ordinals()[i] - sample.ordinals()[i - 1])
            .isBetween(step, step + 1);
      }
    }
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
          for (int i = 0; i < 1_000 && size > 0 && !sample.isWhole(); i++) {
            int other = random.nextInt(size);
            if (Arrays.binarySearch(sample.ordinals(), other) < 0) {
              holders.add(other);
            }
          }
          long[] mask = random.longs(expected.length).toArray();
          sample.mask(holders, mask);
          assertThat(mask).isEqualTo(expected);
        });
  }

  @Test
  void equalSizesHaveEqualSamples() {
    assertThat(new Sample(123_456).ordinals()).isEqualTo(new Sample(123_456).ordinals());
  }
}
