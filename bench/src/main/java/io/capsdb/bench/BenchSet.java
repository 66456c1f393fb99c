package io.capsdb.bench;

import io.capsdb.point.Payload;
import io.capsdb.vector.Metric;
import java.util.List;

/// A data set with queries and workloads, in memory.
///
/// @param vectors the rows to index; row number = id
/// @param payloads one for each row
/// @param queries vectors that are not among the rows
public record BenchSet(
    String name,
    Metric metric,
    List<float[]> vectors,
    List<Payload> payloads,
    List<float[]> queries,
    List<Workload> workloads) {}
