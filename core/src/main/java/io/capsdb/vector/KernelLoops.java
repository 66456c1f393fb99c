package io.capsdb.vector;

import java.lang.foreign.MemorySegment;

/// The loops behind [Kernels]; lengths are checked already.
interface KernelLoops {
  String name();

  float squaredL2(float[] a, float[] b);

  float dot(float[] a, float[] b);

  float manhattan(float[] a, float[] b);

  /// Distances to `count` rows, one after the other from byte `offset` on. Those to rows of any
  /// type have the bits of those to the same values as floats.
  void block(
      Metric metric,
      float[] query,
      MemorySegment rows,
      ElementType type,
      long offset,
      long rowBytes,
      int count,
      float[] out);

  /// Distances to the rows `ordinals[0 .. count - 1]`.
  void gather(
      Metric metric,
      float[] query,
      MemorySegment rows,
      ElementType type,
      long rowBytes,
      int[] ordinals,
      int count,
      float[] out);

  /// Distances to `stride` columns: value `j` of column `i` is `columns[j * stride + i]`.
  ///
  /// @param stride a multiple of [Kernels#COLUMNS]
  void columns(Metric metric, float[] query, float[] columns, int stride, float[] out);

  /// The same from [Kernels#TOGETHER] queries at once, with the same bits.
  default void columns(
      Metric metric, float[][] queries, float[] columns, int stride, float[][] out) {
    for (int i = 0; i < Kernels.TOGETHER; i++) {
      columns(metric, queries[i], columns, stride, out[i]);
    }
  }
}
