package io.capsdb.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.testdata.Seed;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeysTest {
  @Test
  void keysAreOrderedByDistanceThenByRow() {
    float[] rising = {Float.NEGATIVE_INFINITY, -2, -1e-40f, 0, 1e-40f, 3, 1e30f, Float.NaN};
    long before = Long.MIN_VALUE;
    for (float distance : rising) {
      for (int row : new int[] {0, 1, Integer.MAX_VALUE}) {
        long key = Keys.of(distance, row);
        assertThat(key).as("%s, %s", distance, row).isGreaterThan(before);
        assertThat(key).isLessThan(Long.MAX_VALUE);
        assertThat(Float.compare(Keys.distance(key), distance)).isZero();
        assertThat(Keys.row(key)).isEqualTo(row);
        before = key;
      }
    }
  }

  @Test
  void aBeamKeepsTheSmallestAndAFrontierGivesThemInOrder() {
    Seed.repeat(
        20,
        random -> {
          int count = random.nextInt(500);
          int width = 1 + random.nextInt(200);
          long[] keys = LongStream.generate(() -> random.nextLong(1_000)).limit(count).toArray();
          Beam beam = new Beam();
          beam.begin(width);
          Frontier frontier = new Frontier();
          for (long key : keys) {
            beam.add(key);
            frontier.add(key);
          }
          Arrays.sort(keys);
          assertThat(beam.size()).isEqualTo(Math.min(width, count));
          for (int i = 0; i < beam.size(); i++) {
            assertThat(beam.key(i)).isEqualTo(keys[i]);
          }
          for (long key : keys) {
            assertThat(frontier.takeFirst()).isEqualTo(key);
          }
          assertThat(frontier.isEmpty()).isTrue();
        });
  }
}
