package io.capsdb;

import io.capsdb.filter.Filter;
import java.util.List;
import java.util.OptionalDouble;

/// How a search was done; what `explain` shows.
///
/// @param name `exact` (the vectors of all matching rows were read), `list` (all matching rows were
///     scored by their codes first), `probe` (partitions were visited, nearest first) or `graph`
///     (a graph was walked; the nearest rows and all others count as its partitions)
/// @param filter the filter in its normal form
/// @param estimatedMatches about how many rows match, as the plan was made
/// @param minMatches rows that were seen to match
/// @param maxMatches no more rows match; equal to `minMatches` where all of them were seen
/// @param points live points with the vector that was searched
/// @param segments segments that took part
/// @param partitions partitions of all of them
/// @param partitionsProbed partitions visited
/// @param partitionsPruned partitions passed over because they are not likely to hold a hit
/// @param slotsSkipped slots that cannot match
/// @param slotsWhole slots taken without a test
/// @param slotsTested slots whose rows were tested
/// @param documentsVerified rows whose payload was read to decide
/// @param rowsScored rows whose distance was estimated from a code or computed
/// @param vectorsRead rows whose vector was read to compute the distance
/// @param isComplete whether everything that can match was visited; the hits of an `exact` plan are
///     exact then
/// @param stoppedBy why the search ended: `nothing left`, `reach` (all partitions likely to hold a
///     hit were visited), `budget`, or a limit of the request, `max_ms` or `max_scanned`
/// @param recallEstimate the share of the hits that should have been found: 1 where all that can
///     match was scored by its vectors, otherwise the recall that was asked for, which the search
///     reached for by what was measured of the partitions. Empty where nothing was promised: for
///     searches that a limit ended, of a number of candidates, `ranked` ones, and walks of a graph
/// @param rejected the plans that were not taken
/// @param stages what each stage took
public record SearchPlan(
    String name,
    Filter filter,
    long estimatedMatches,
    long minMatches,
    long maxMatches,
    long points,
    int segments,
    long partitions,
    long partitionsProbed,
    long partitionsPruned,
    long slotsSkipped,
    long slotsWhole,
    long slotsTested,
    long documentsVerified,
    long rowsScored,
    long vectorsRead,
    boolean isComplete,
    String stoppedBy,
    OptionalDouble recallEstimate,
    List<Rejected> rejected,
    Stages stages) {
  static final String MOST_MILLIS = "max_ms";
  static final String MOST_ROWS = "max_scanned";

  /// A plan that was not taken.
  ///
  /// @param nanos what it was thought to cost
  /// @param takenNanos what the plan that was taken was thought to cost
  public record Rejected(String name, double nanos, double takenNanos) {
    public long micros() {
      return Math.round(nanos / 1_000);
    }

    public String reason() {
      return "about " + micros() + " µs, the plan taken " + Math.round(takenNanos / 1_000) + " µs";
    }
  }

  /// Nanoseconds by stage, in their order.
  ///
  /// @param filter resolving the filter
  /// @param plan estimating the matches, and choosing
  /// @param search visiting and scoring
  /// @param fetch reading ids and payloads
  public record Stages(long filter, long plan, long search, long fetch) {}

  public SearchPlan {
    rejected = List.copyOf(rejected);
  }

  /// Whether a limit of the request ended the search, so that hits may be missing.
  public boolean isCut() {
    return stoppedBy.equals(MOST_MILLIS) || stoppedBy.equals(MOST_ROWS);
  }
}
