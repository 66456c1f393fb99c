package io.capsdb.caps;

/// Finds the partition of an ordinal. Immutable and safe for use by many threads.
final class PartitionFinder {
  /// Ordinals for which one place to begin is kept: half of a partition as it mostly is.
  private static final int BLOCK_BITS = 8;

  private final int[] start;
  private final int[] firstOfBlock;

  /// @param partitionStart first ordinal of each partition, then the number of ordinals
  PartitionFinder(int[] partitionStart) {
    this.start = partitionStart;
    int rows = partitionStart[partitionStart.length - 1];
    this.firstOfBlock = new int[(rows >> BLOCK_BITS) + 1];
    int partition = 0;
    for (int block = 0; block << BLOCK_BITS < rows; block++) {
      while (start[partition + 1] <= block << BLOCK_BITS) {
        partition++;
      }
      firstOfBlock[block] = partition;
    }
  }

  int partitionCount() {
    return start.length - 1;
  }

  /// @param ordinal from 0 on, below the number of ordinals
  int find(int ordinal) {
    int partition = firstOfBlock[ordinal >> BLOCK_BITS];
    while (start[partition + 1] <= ordinal) {
      partition++;
    }
    return partition;
  }
}
