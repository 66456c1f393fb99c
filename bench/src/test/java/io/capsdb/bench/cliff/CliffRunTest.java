package io.capsdb.bench.cliff;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import io.capsdb.bench.data.Truth;
import io.capsdb.bench.segment.OneSegment;
import io.capsdb.index.RowOrder;
import io.capsdb.vector.Floats;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// That the grid can be measured and told; what it finds on so few rows says nothing.
class CliffRunTest {
  private static final int ROWS = 3_000;
  private static final int DIMENSION = 32;

  @TempDir Path folder;

  @Test
  void everyPlanIsMeasuredAtEveryPoint() {
    try (Arena arena = Arena.ofShared()) {
      DataSet set = CliffSet.of(base(arena), 3);
      Map<String, Truth> truths = new HashMap<>();
      set.workloads().forEach((name, ranges) -> truths.put(name, Truth.compute(set, ranges, 10)));
      try (OneSegment segment =
          OneSegment.load(set, List.of(0, 1), folder, RowOrder.GAIN, List.of())) {
        List<CliffPoint> points = new CliffRun(set, truths, segment.collection()).points(10);
        assertThat(points).hasSize(1 + 3 * (CliffSet.SHARES.size() - 1));
        for (CliffPoint point : points) {
          assertThat(point.plans()).containsOnlyKeys(Plan.values());
          assertThat(point.cost(Plan.EXACT).recall()).isEqualTo(1);
          assertThat(point.auto().micros()).isPositive();
        }
        CliffPage page = new CliffPage(set, 0.99);
        assertThat(page.table(points)).contains("| none | 100 % |", "| opposed | 0.0316 % |");
        assertThat(page.chart(points).svg()).contains("independent");
        assertThat(page.verdicts(points)).hasSize(4);
      }
    }
  }

  private static DataSet base(Arena arena) {
    SplittableRandom random = new SplittableRandom(8);
    MemorySegment segment = arena.allocate(4L * ROWS * DIMENSION, 64);
    for (int i = 0; i < ROWS * DIMENSION; i++) {
      segment.setAtIndex(Floats.LITTLE_ENDIAN, i, (float) random.nextGaussian());
    }
    VectorMatrix rows = new VectorMatrix(segment, ROWS, DIMENSION);
    float[][] queries = {rows.row(1), rows.row(2), rows.row(3)};
    return new DataSet(
        "ball",
        Metric.EUCLID,
        true,
        "one ball",
        List.of(),
        new int[0][],
        rows,
        queries,
        Map.of(DataSet.NONE, Ranges.free(3, 0)));
  }
}
