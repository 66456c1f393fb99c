package io.capsdb.bench.report;

/// What was run, on which data, by which machine.
///
/// @param isGenerated whether a program made the data up
record Run(
    String dataset,
    String about,
    boolean isGenerated,
    long rows,
    int dimension,
    String metric,
    String commit,
    String command,
    String machine) {

  /// Bytes of the vectors.
  long rawBytes() {
    return 4 * rows * dimension;
  }
}
