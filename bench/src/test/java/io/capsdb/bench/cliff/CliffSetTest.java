package io.capsdb.bench.cliff;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import io.capsdb.bench.data.Truth;
import io.capsdb.vector.Floats;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CliffSetTest {
  private static final int ROWS = 4_000;
  private static final int DIMENSION = 8;
  private static final int QUERIES = 12;

  private final Arena arena = Arena.ofShared();
  private final DataSet set = CliffSet.of(base(), QUERIES);

  private DataSet base() {
    SplittableRandom random = new SplittableRandom(7);
    MemorySegment segment = arena.allocate(4L * ROWS * DIMENSION, 64);
    for (int i = 0; i < ROWS * DIMENSION; i++) {
      segment.setAtIndex(Floats.LITTLE_ENDIAN, i, (float) random.nextGaussian());
    }
    float[][] queries = new float[QUERIES + 5][DIMENSION];
    for (float[] query : queries) {
      for (int i = 0; i < DIMENSION; i++) {
        query[i] = (float) random.nextGaussian();
      }
    }
    return new DataSet(
        "ball",
        Metric.EUCLID,
        true,
        "one ball",
        List.of(),
        new int[0][],
        new VectorMatrix(segment, ROWS, DIMENSION),
        queries,
        Map.of(DataSet.NONE, Ranges.free(QUERIES + 5, 0)));
  }

  @AfterEach
  void closeArena() {
    arena.close();
  }

  @Test
  void eachRowHasAPlaceOfItsOwn() {
    for (int[] column : set.columns()) {
      assertThat(Arrays.stream(column).sorted().toArray())
          .isEqualTo(java.util.stream.IntStream.range(0, ROWS).toArray());
    }
  }

  @Test
  void filtersMatchTheirShareOfTheRows() {
    assertThat(set.queries()).hasNumberOfRows(QUERIES);
    for (Correlation correlation : Correlation.values()) {
      for (int share = 0; share < CliffSet.SHARES.size(); share++) {
        Ranges ranges = set.ranges(CliffSet.workload(correlation, share));
        for (int query = 0; query < QUERIES; query++) {
          assertThat(ranges.rows(query, set.columns(), ROWS))
              .hasSize((int) Math.max(1, Math.round(CliffSet.SHARES.get(share) * ROWS)));
        }
      }
    }
  }

  /// The mean distance of what matches is ordered as the names say, at every share.
  @Test
  void ownRowsAreNearerThanIndependentOnesAndOpposedOnesFarther() {
    for (int share = 1; share < CliffSet.SHARES.size() - 2; share++) {
      double own = meanDistance(Correlation.OWN, share);
      double independent = meanDistance(Correlation.INDEPENDENT, share);
      double opposed = meanDistance(Correlation.OPPOSED, share);
      assertThat(own).as("share %s", share).isLessThan(0.9 * independent);
      assertThat(opposed).as("share %s", share).isGreaterThan(1.1 * independent);
    }
  }

  private double meanDistance(Correlation correlation, int share) {
    Ranges ranges = set.ranges(CliffSet.workload(correlation, share));
    double sum = 0;
    long count = 0;
    for (int query = 0; query < QUERIES; query++) {
      for (int row : ranges.rows(query, set.columns(), ROWS)) {
        sum += Truth.distance(set, set.queries()[query], row);
        count++;
      }
    }
    return sum / count;
  }
}
