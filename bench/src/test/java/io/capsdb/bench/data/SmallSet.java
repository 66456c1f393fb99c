package io.capsdb.bench.data;

import io.capsdb.vector.Floats;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Six rows on a line, at 0 to 5, asked for from 0 and from 5. The attribute `half` is 0 for the
/// first three rows, `number` is the row.
final class SmallSet {
  static final int ROWS = 6;

  private SmallSet() {}

  static DataSet of(Arena arena, Map<String, Ranges> workloads) {
    MemorySegment segment = arena.allocate(2L * ROWS * Float.BYTES);
    int[][] columns = new int[2][ROWS];
    for (int row = 0; row < ROWS; row++) {
      MemorySegment.copy(
          new float[] {row, 0}, 0, segment, Floats.LITTLE_ENDIAN, 2L * row * Float.BYTES, 2);
      columns[0][row] = row < ROWS / 2 ? 0 : 1;
      columns[1][row] = row;
    }
    Map<String, Ranges> all = new TreeMap<>(workloads);
    all.put(DataSet.NONE, Ranges.free(2, 2));
    return new DataSet(
        "small",
        Metric.EUCLID,
        true,
        "six rows",
        List.of("half", "number"),
        columns,
        new VectorMatrix(segment, ROWS, 2),
        new float[][] {{0, 0}, {5, 0}},
        all);
  }
}
