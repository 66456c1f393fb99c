package io.capsdb.caps;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;

/// How far a search has to reach for its hits, measured when the index was built, with rows as
/// queries.
///
/// The *ratio* of a partition for a query: the distance of the query to the plane halfway between
/// the nearest centroid and that of the partition, divided by the radius of the hits. A ball around
/// the query has the less in a partition, the larger its ratio; beyond 1 it has nothing. How fast
/// that falls depends on the data, and little on the number of hits. Filters that leave out what
/// lies around the query bend it: a search scores some thousand matching rows before it relies on
/// it.
///
/// @param ratios for each of [#LOST], the ratio beyond which no more than that share of the hits
///     was found; empty where nothing was measured, as for Manhattan distances
/// @param visited rows of the partitions within the ratio of the default recall, on average, for
///     the nearest 10, 100 and 1,000 rows
@SuppressWarnings("ArrayRecordComponent") // made once, read by the index of the same package only
record Reach(float[] ratios, float[] visited) {
  static final Reach UNKNOWN = new Reach(new float[0], new float[0]);

  /// Shares of hits that may be lost, falling.
  static final double[] LOST = {
    0.5, 0.3, 0.2, 0.1, 0.07, 0.05, 0.03, 0.02, 0.015, 0.01, 0.007, 0.005, 0.003, 0.002, 0.001, 0
  };

  /// Nearest rows for which the visited rows are measured; each ten times the one before.
  static final int[] NEAREST = {10, 100, 1_000};

  /// Of what may be lost, the share that is left to partitions: queries are not rows, and codes
  /// lose some too.
  private static final double SHARE = 0.25;

  /// The ratio beyond which partitions are passed over; positive infinity where none is.
  ///
  /// @param recall share of the hits that should be found, above 0, at most 1
  float ratio(double recall) {
    if (ratios.length == 0 || recall >= 1) {
      return Float.POSITIVE_INFINITY;
    }
    int i = 0;
    while (i + 1 < ratios.length && LOST[i] > SHARE * (1 - recall)) {
      i++;
    }
    return ratios[i];
  }

  /// About how many rows a search visits, at the default recall.
  ///
  /// @param nearest hits wanted, divided by the share of the rows that match
  /// @param rows of the index
  double visitedRows(double nearest, int rows) {
    if (visited.length == 0) {
      return rows;
    }
    double tens = Math.log10(Math.max(1, nearest)) - 1;
    int below = (int) Math.clamp(Math.floor(tens), 0, visited.length - 2.0);
    double low = Math.log10(Math.max(1, visited[below]));
    double high = Math.log10(Math.max(1, visited[below + 1]));
    return Math.min(rows, Math.pow(10, low + (tens - below) * (high - low)));
  }

  void write(CheckedWriter out) {
    out.writeFloats(ratios);
    out.writeFloats(visited);
  }

  static Reach read(CheckedReader in) {
    float[] ratios = in.readFloats();
    float[] visited = in.readFloats();
    boolean isWhole = ratios.length == LOST.length && visited.length == NEAREST.length;
    if (!isWhole && ratios.length + visited.length > 0) {
      throw in.corrupt("a reach of " + ratios.length + " ratios");
    }
    return new Reach(ratios, visited);
  }
}
