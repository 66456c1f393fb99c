package io.capsdb.server.http;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The recall that clients expect of an `hnsw_ef`, for indexes that have no graph to walk.
///
/// A convention, which follows the widths that people choose, and no measurement of a graph. How
/// many partitions a recall takes, each index knows from its own measurements, so one table will do
/// for all collections.
final class WalkWidth {
  /// Of narrower walks too: who asks for less wants speed, and below this recall there is little
  /// left to win.
  private static final double LEAST_RECALL = 0.9;

  /// From each width on.
  private static final NavigableMap<Long, Double> RECALLS =
      new TreeMap<>(
          Map.of(
              32L, 0.95,
              64L, 0.97,
              128L, 0.99,
              256L, 0.995,
              512L, 0.998,
              1_024L, 0.999));

  private WalkWidth() {}

  /// @param width at least 1
  static double recall(long width) {
    Map.Entry<Long, Double> entry = RECALLS.floorEntry(width);
    return entry == null ? LEAST_RECALL : entry.getValue();
  }
}
