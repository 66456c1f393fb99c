package io.capsdb.caps;

/// Leaves rows as they come.
record InputOrder() implements PartitionOrder {
  @Override
  public Ordered order(int[] rows) {
    return Ordered.of(rows);
  }
}
