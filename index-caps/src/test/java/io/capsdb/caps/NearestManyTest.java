package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.index.Hits;
import io.capsdb.index.TopK;
import io.capsdb.testdata.Seed;
import org.junit.jupiter.api.Test;

class NearestManyTest {
  private static final float[] SPECIAL = {
    0, -0f, Float.MIN_VALUE, -1, 1, Float.MAX_VALUE, Float.POSITIVE_INFINITY
  };

  @Test
  void keepsWhatAHeapKeepsInTheSameOrder() {
    Seed.repeat(
        50,
        random -> {
          int most = 1 + random.nextInt(40);
          int count = random.nextInt(500);
          NearestMany nearest = new NearestMany(most);
          TopK heap = new TopK(most);
          for (int row = 0; row < count; row++) {
            // Few values, so that many are equally near.
            float distance =
                random.nextInt(4) == 0
                    ? SPECIAL[random.nextInt(SPECIAL.length)]
                    : random.nextInt(60) / 7f;
            nearest.offer(distance, row);
            heap.offer(distance + 0f, row);
          }
          Hits expected = heap.drain();
          Hits found = nearest.drain();
          assertThat(found.size()).isEqualTo(Math.min(most, count));
          for (int i = 0; i < found.size(); i++) {
            assertThat(found.distances()[i] + 0f).isEqualTo(expected.distances()[i]);
          }
          for (int i = 1; i < found.size(); i++) {
            boolean isBefore =
                Float.compare(found.distances()[i - 1], found.distances()[i]) < 0
                    || found.keys()[i - 1] < found.keys()[i];
            assertThat(isBefore).as("place %s", i).isTrue();
          }
        });
  }

  @Test
  void whatIsNoNumberIsInfinitelyFar() {
    NearestMany nearest = new NearestMany(3);
    nearest.offer(Float.NaN, 1);
    nearest.offer(Float.POSITIVE_INFINITY, 2);
    nearest.offer(5, 3);
    assertThat(nearest.drain().keys()).containsExactly(3, 1, 2);
  }
}
