package io.capsdb.caps.code;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The codes of centroids, with which the nearest of many are found without reading all of them.
///
/// Made when an index is opened. Immutable and safe for use by many threads.
final class CentroidCodes {
  private final MemorySegment groups;
  private final int count;

  private CentroidCodes(MemorySegment groups, int count) {
    this.groups = groups;
    this.count = count;
  }

  static CentroidCodes of(float[][] centroids, SignFrame frame) {
    long bytes = CodeLayout.groups(centroids.length) * CodeLayout.groupBytes(frame.bits());
    MemorySegment groups = Arena.ofAuto().allocate(Math.max(64, bytes), 64);
    CodeWriter.encodeRows(
        groups,
        0,
        frame.bits(),
        frame.aroundMean(),
        centroids.length,
        centroid -> centroids[centroid].clone());
    return new CentroidCodes(groups, centroids.length);
  }

  /// Adds all centroids, with the estimates of their squared distances.
  void estimate(QueryCode query, Candidates candidates) {
    CodeKernels.LOOPS.scan(
        groups,
        0,
        count,
        query,
        query.terms(query.fromMean(), 0, Float.POSITIVE_INFINITY),
        null,
        0,
        candidates);
  }
}
