package io.capsdb.server.evaluate;

import java.util.List;

/// What an evaluation found. Times are of one thread, and of those passes over the queries that
/// took about as long as the fastest; microseconds of whole searches, payloads not fetched.
///
/// @param name of the collection or data set
/// @param k hits that were asked for
/// @param truthSeconds what finding the exact answers took
/// @param seconds what the whole took
public record Evaluation(
    String name,
    long points,
    int dimension,
    String metric,
    int k,
    int queries,
    double truthSeconds,
    double seconds,
    String version,
    List<Index> indexes,
    List<Workload> workloads,
    List<String> notes) {

  /// What an index costs.
  ///
  /// @param bytes on the disk beside vectors and payloads; negative where it is not known
  /// @param buildSeconds what building it took; negative where it is not known
  public record Index(String name, long bytes, double buildSeconds) {}

  /// @param filter as text; of one query, where they differ
  /// @param share of the points that match, on average over the queries
  public record Workload(String name, String filter, double share, List<Series> series) {}

  /// The runs of one index, those of least effort first.
  public record Series(String index, List<Run> runs) {}

  /// All queries of a workload at one setting.
  ///
  /// @param setting as tables show it
  /// @param asked the recall that was asked for; negative where none was
  /// @param recall share of the right hits that were found
  /// @param histogram queries by their recall: 0 to below 0.1, …, 0.9 to below 1, and 1
  /// @param rate queries each second
  /// @param rowsScored for a query, on average
  /// @param missing queries with fewer hits than there are
  /// @param wrong hits that are none: not matching, twice, or out of order
  public record Run(
      String setting,
      double asked,
      double recall,
      List<Integer> histogram,
      double rate,
      double p50,
      double p95,
      double p99,
      double rowsScored,
      int missing,
      int wrong) {}
}
