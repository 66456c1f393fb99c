package io.capsdb.caps;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;

/// How far a search has to reach for its hits, measured when the index was built, with rows as
/// queries.
///
/// The *excess* of a partition for a query is `(d - d1) / r`: how much farther its centroid is than
/// the nearest one, in squared distances, divided by the squared radius of the hits. The farther
/// the centroid, the less of the ball around the query lies in the partition. How fast that falls
/// depends on the data and on how wide the ball is among the partitions, which the *width* `r / d1`
/// tells: a filter widens the ball just as asking for more hits does. So the excess is measured for
/// a row of ranks, and looked up by width.
///
/// @param widths for each rank of [#RANKS] that was measured, the median width; rising
/// @param excesses for each of these ranks and each of [#LOST], the excess beyond which no more
///     than that share of the nearest rows was found
/// @param visited for each of these ranks, the rows of the partitions within the excess of the
///     default recall, on average
@SuppressWarnings("ArrayRecordComponent") // made once, read by the index of the same package only
record Reach(float[] widths, float[] excesses, float[] visited) {
  static final Reach UNKNOWN = new Reach(new float[0], new float[0], new float[0]);

  /// Shares of hits that may be lost, falling.
  static final double[] LOST = {
    0.5, 0.3, 0.2, 0.1, 0.07, 0.05, 0.03, 0.02, 0.015, 0.01, 0.007, 0.005, 0.003, 0.002, 0.001, 0
  };

  /// Nearest rows for which all is measured; each ten times the one before.
  static final int[] RANKS = {10, 100, 1_000, 10_000};

  boolean isKnown() {
    return widths.length > 0;
  }

  /// The excess beyond which partitions are passed over; positive infinity where nothing is known.
  ///
  /// @param lost share of the hits that may be lost to that, at least 0, at most 1
  /// @param width squared radius by squared distance of the nearest centroid
  float excess(double lost, double width) {
    if (widths.length == 0) {
      return Float.POSITIVE_INFINITY;
    }
    int above = 0;
    while (above < widths.length && widths[above] < width) {
      above++;
    }
    if (above == 0 || above == widths.length) {
      return excessOf(Math.min(above, widths.length - 1), lost);
    }
    float low = widths[above - 1];
    double part = Math.log(width / low) / Math.log((double) widths[above] / low);
    float from = excessOf(above - 1, lost);
    return (float) (from + part * (excessOf(above, lost) - from));
  }

  /// Between the shares that were measured, straight over the logarithm of the share.
  private float excessOf(int rank, double lost) {
    int row = rank * LOST.length;
    int i = 0;
    while (i + 1 < LOST.length && LOST[i] > lost) {
      i++;
    }
    if (i == 0 || LOST[i] == 0) {
      return excesses[row + i];
    }
    double part = Math.log(LOST[i - 1] / lost) / Math.log(LOST[i - 1] / LOST[i]);
    return (float) (excesses[row + i - 1] + part * (excesses[row + i] - excesses[row + i - 1]));
  }

  /// About how many rows a search visits, at the default recall.
  ///
  /// @param nearest hits wanted, divided by the share of the rows that match
  /// @param rows of the index
  double visitedRows(double nearest, int rows) {
    if (visited.length == 0) {
      return rows;
    }
    if (visited.length == 1) {
      return Math.min(rows, visited[0] * Math.max(1, nearest / RANKS[0]));
    }
    double tens = Math.log10(Math.max(1, nearest)) - 1;
    int below = (int) Math.clamp(Math.floor(tens), 0, visited.length - 2.0);
    double low = Math.log10(Math.max(1, visited[below]));
    double high = Math.log10(Math.max(1, visited[below + 1]));
    return Math.min(rows, Math.pow(10, low + (tens - below) * (high - low)));
  }

  void write(CheckedWriter out) {
    out.writeFloats(widths);
    out.writeFloats(excesses);
    out.writeFloats(visited);
  }

  static Reach read(CheckedReader in) {
    float[] widths = in.readFloats();
    float[] excesses = in.readFloats();
    float[] visited = in.readFloats();
    if (widths.length > RANKS.length
        || excesses.length != widths.length * LOST.length
        || visited.length != widths.length) {
      throw in.corrupt("a reach of " + widths.length + " ranks and " + excesses.length + " values");
    }
    return new Reach(widths, excesses, visited);
  }
}
