package io.capsdb.index;

/// What a search found, nearest first.
///
/// The arrays have equal length and are not copied: the receiver owns them.
///
/// @param distances ascending
/// @param keys what the searcher calls the rows; an ordinal for a search in one index
@SuppressWarnings(
    "ArrayRecordComponent") // made once per search and handed on; never compared or hashed
public record Hits(float[] distances, long[] keys) {
  public int size() {
    return keys.length;
  }
}
