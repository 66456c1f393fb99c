package io.capsdb.caps;

/// The rows that a filter selects, by partition: where so few match that listing all of them costs
/// less than testing the rows of the partitions on the way. Not for more than one thread.
final class ListedRows {
  private final int[] end;
  private final int[] rows;

  /// @param ordinals in any order
  ListedRows(int[] ordinals, PartitionFinder finder) {
    // Counts first, one place later, then where each partition goes on, and at last where it ends.
    this.end = new int[finder.partitionCount() + 1];
    this.rows = new int[ordinals.length];
    int[] partitions = new int[ordinals.length];
    for (int i = 0; i < ordinals.length; i++) {
      partitions[i] = finder.find(ordinals[i]);
      end[partitions[i] + 1]++;
    }
    for (int partition = 1; partition < end.length; partition++) {
      end[partition] += end[partition - 1];
    }
    for (int i = 0; i < ordinals.length; i++) {
      rows[end[partitions[i]]++] = ordinals[i];
    }
  }

  /// Number of rows of a partition.
  int count(int partition) {
    return end[partition] - first(partition);
  }

  /// Sets bit `i & 63` of `mask[i >> 6]` for each row `from + i` of a partition.
  ///
  /// @param from first ordinal of the partition
  /// @param mask zero before the call
  void fill(int partition, int from, long[] mask) {
    for (int i = first(partition); i < end[partition]; i++) {
      int place = rows[i] - from;
      mask[place >> 6] |= 1L << place;
    }
  }

  private int first(int partition) {
    return partition == 0 ? 0 : end[partition - 1];
  }
}
