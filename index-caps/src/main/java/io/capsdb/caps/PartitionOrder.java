package io.capsdb.caps;

/// Decides in which order the rows of one partition stand.
sealed interface PartitionOrder permits InputOrder, FrequencyOrder, LeadOrder {
  /// @param rows of a partition, ascending
  Ordered order(int[] rows);

  /// The rows of a partition in their order.
  ///
  /// @param tokens the decision list of the partition: numbers of facts of the frequency tree
  /// @param slotEnd for each token, the rows before the end of its slot
  @SuppressWarnings("ArrayRecordComponent") // handed on once
  record Ordered(int[] rows, int[] tokens, int[] slotEnd) {
    private static final int[] NONE = {};

    /// Without slots.
    static Ordered of(int[] rows) {
      return new Ordered(rows, NONE, NONE);
    }
  }
}
