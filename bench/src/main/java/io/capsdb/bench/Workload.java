package io.capsdb.bench;

import io.capsdb.filter.Filter;
import java.util.function.IntFunction;

/// One kind of query on a data set.
///
/// @param name as tables show it
/// @param filterOf the filter of each query, by its number
public record Workload(String name, IntFunction<Filter> filterOf) {}
