package io.capsdb.caps.code;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The codes of centroids, with which the nearest of many are found without reading all of them.
///
/// Made when an index is opened. Immutable and safe for use by many threads.
public final class CentroidCodes {
  private final MemorySegment groups;
  private final int count;

  private CentroidCodes(MemorySegment groups, int count) {
    this.groups = groups;
    this.count = count;
  }

  /// @param centroids each a copy, which is changed
  /// @param codes of the rows; a query is coded once for both
  public static CentroidCodes of(float[][] centroids, BinaryCodes codes) {
    int dimension = centroids[0].length;
    long bytes = CodeLayout.groups(centroids.length) * CodeLayout.groupBytes(dimension);
    MemorySegment groups = Arena.ofAuto().allocate(bytes, 64);
    CodeWriter.encodePartition(
        groups, 0, codes.rotation(), codes.rotatedMean(), codes.rotatedMean(), centroids);
    return new CentroidCodes(groups, centroids.length);
  }

  /// Adds all centroids, with the estimates of their squared distances.
  public void estimate(QueryCode query, Candidates candidates) {
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
