package io.capsdb.index;

/// What a search did, counted as it goes; shown by `explain`. Written by the one thread that
/// searches.
public final class SearchCounters {
  /// Partitions of all indexes that took part.
  public long partitions;

  /// Partitions visited.
  public long partitionsProbed;

  /// Partitions passed over because they are not likely to hold a hit.
  public long partitionsPruned;

  /// Slots left out because their facts make the filter false.
  public long slotsSkipped;

  /// Slots taken whole because their facts make the filter true.
  public long slotsWhole;

  /// Slots whose rows were tested one by one.
  public long slotsTested;

  /// Rows whose payload document was read to decide about them.
  public long documentsVerified;

  /// Rows whose distance was estimated from a code or computed from the vector.
  public long rowsScored;

  /// Rows whose vector was read to compute the distance.
  public long vectorsRead;
}
