package io.capsdb.bench.report;

/// One setting of an engine on one workload, as measured.
///
/// @param selectivity share of the rows that satisfy the filter, on average
/// @param recall share of the best matches that were found
/// @param cpuQps queries per second of processor time
record Point(
    String dataset,
    int k,
    int threads,
    String engine,
    String workload,
    double selectivity,
    String setting,
    double recall,
    double cpuQps,
    double wallQps,
    double p50Micros,
    double p99Micros) {}
