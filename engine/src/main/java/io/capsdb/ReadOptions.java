package io.capsdb;

import java.util.function.BooleanSupplier;

/// What a read tells of each point beside its id, and whether somebody still waits for it.
///
/// @param hasPayload whether points carry their payload
/// @param hasVectors whether points carry copies of their vectors: of many points a lot of memory
/// @param isCancelled asked every so many rows; once it is true, the read ends with a
///     [java.util.concurrent.CancellationException]
public record ReadOptions(boolean hasPayload, boolean hasVectors, BooleanSupplier isCancelled) {
  /// All that is stored, for a caller who waits.
  public static final ReadOptions WHOLE = new ReadOptions(true, true, () -> false);
}
