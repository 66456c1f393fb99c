package io.capsdb.bench.peers;

/// How fast one setting answered one workload.
///
/// @param cpuQps queries per second of processor time of the searching thread; the sum over the
///     threads where there are more
/// @param wallQps queries per second of time
/// @param p50Micros median time of a query
/// @param p99Micros time that 99 of 100 queries stay below
/// @param repetitions of all queries
record Timing(double cpuQps, double wallQps, double p50Micros, double p99Micros, int repetitions) {}
