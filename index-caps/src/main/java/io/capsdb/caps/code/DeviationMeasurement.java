package io.capsdb.caps.code;

import io.capsdb.vector.Kernels;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Measures how far the estimates of coded rows are off: evenly spread rows are asked for the
/// distances of the rows of the partitions next to them.
final class DeviationMeasurement {
  private static final int QUERIES = 64;

  /// A query is compared with the rows of so many partitions.
  private static final int PARTITIONS = 3;

  /// Where no pair of rows tells: that of binary codes.
  private static final double UNKNOWN = QueryCode.DEVIATION;

  private final SignFrame frame;
  private final MemorySegment groups;
  private final int[] partitionStart;
  private final long[] offsets;
  private final float[][] centroids;
  private final IntFunction<float[]> rows;
  private double squares;
  private long count;

  DeviationMeasurement(
      SignFrame frame,
      MemorySegment groups,
      int[] partitionStart,
      float[][] centroids,
      IntFunction<float[]> rows) {
    this.frame = frame;
    this.groups = groups;
    this.partitionStart = partitionStart;
    this.offsets = BinaryCodes.offsets(partitionStart, frame.bits());
    this.centroids = centroids;
    this.rows = rows;
  }

  /// The root of the mean of squared errors, each as a multiple of *f* and the distance of the
  /// query to the centroid.
  float measure() {
    int total = partitionStart[centroids.length];
    int queries = Math.min(QUERIES, total);
    for (int i = 0; i < queries; i++) {
      int ordinal = (int) ((long) i * total / queries);
      ask(ordinal, rows.apply(ordinal));
    }
    double deviation = count == 0 ? UNKNOWN : Math.sqrt(squares / count);
    return (float) Math.min(deviation, QueryCode.MOST_STEP / 2);
  }

  private void ask(int ordinal, float[] query) {
    QueryCode code = frame.code(query);
    if (!code.isUsable()) {
      return;
    }
    float[] distances = new float[centroids.length];
    for (int p = 0; p < distances.length; p++) {
      distances[p] = Kernels.best().squaredL2(query, centroids[p]);
    }
    float[] sorted = distances.clone();
    Arrays.sort(sorted);
    float farthest = sorted[Math.min(PARTITIONS, sorted.length) - 1];
    IntStream.range(0, distances.length)
        .filter(p -> distances[p] <= farthest)
        .limit(PARTITIONS)
        .forEach(p -> compare(ordinal, query, code, p, distances[p]));
  }

  private void compare(int ordinal, float[] query, QueryCode code, int p, float distance) {
    int from = partitionStart[p];
    Candidates candidates = new Candidates();
    CodeKernels.LOOPS.scan(
        groups,
        offsets[p],
        partitionStart[p + 1] - from,
        code,
        code.terms(distance, 0, Float.POSITIVE_INFINITY),
        null,
        from,
        candidates);
    int words = CodeLayout.words(frame.bits());
    for (int i = 0; i < candidates.count(); i++) {
      int row = candidates.rows()[i];
      long at = CodeLayout.address(offsets[p], row - from, frame.bits());
      float f = Corrections.f(groups, at, words);
      double unit = f * Math.sqrt(distance);
      double error =
          (candidates.bounds()[i] - Kernels.best().squaredL2(query, rows.apply(row))) / unit;
      if (row != ordinal && Double.isFinite(error)) {
        squares += error * error;
        count++;
      }
    }
  }
}
