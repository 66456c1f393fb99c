package io.capsdb;

import java.util.List;

/// What a collection holds and does at the moment.
///
/// @param state green when no background work is pending
/// @param points live points
/// @param indexedPoints live points in sealed segments
/// @param segments sealed segments, and one more when there are newer points
/// @param sequence number of the last write
/// @param work what the background does, for example `sealing 60,000 points: 40 %`; empty when
///     nothing
/// @param running the pieces of work that `work` tells of, unless it tells of a failure
/// @param isFull whether new points are refused, as the disk has no room for them; the rest goes on
public record CollectionStatus(
    State state,
    long points,
    long indexedPoints,
    int segments,
    long sequence,
    String work,
    List<RunningWork> running,
    boolean isFull) {

  public enum State {
    /// Everything is sealed, but for a few newest points.
    GREEN,
    /// Points are being sealed or segments merged; all points are found meanwhile.
    YELLOW,
    /// The last background work failed, or the log did: `work` tells why. Reads go on.
    RED
  }

  public CollectionStatus {
    running = List.copyOf(running);
  }
}
