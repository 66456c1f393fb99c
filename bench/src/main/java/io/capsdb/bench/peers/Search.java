package io.capsdb.bench.peers;

import java.io.IOException;

/// Answers the queries of one workload at one setting. Not for more than one thread: each thread
/// opens its own.
@FunctionalInterface
interface Search {
  /// The nearest rows that satisfy a query, at most `k`, in any order.
  ///
  /// @param query number of the query in the data set; its filter is put together inside this call,
  ///     because a program that embeds the engine has to do that too
  int[] find(int query) throws IOException;
}
