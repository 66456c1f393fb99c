package io.capsdb.bench.report;

/// What an index cost to build.
///
/// @param bytesBeyondRaw what it keeps beside the vectors
record Build(
    String dataset,
    String engine,
    double cpuSeconds,
    double wallSeconds,
    long bytesBeyondRaw,
    String version,
    String settings) {}
