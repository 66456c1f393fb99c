package io.capsdb.bench.soak;

import io.capsdb.Collection;
import io.capsdb.SearchRequest;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.segment.OneSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Searches at a steady rate on one thread and keeps how long each took.
final class SoakSearcher {
  private static final int KEPT = 1 << 21;

  private final Collection collection;
  private final LongSupplier nanoClock;
  private final List<SearchRequest> requests = new ArrayList<>();
  private final int[] nanos = new int[KEPT];
  private volatile int count;
  private volatile boolean isStopped;

  /// The searches are those of all workloads in turn.
  SoakSearcher(DataSet set, Collection collection, int k, LongSupplier nanoClock) {
    this.collection = collection;
    this.nanoClock = nanoClock;
    for (int query = 0; query < set.queries().length; query++) {
      for (String workload : set.workloads().keySet()) {
        requests.add(
            SearchRequest.nearest(set.queries()[query])
                .filter(OneSegment.filter(set, set.ranges(workload), query))
                .limit(k)
                .withPayload(false));
      }
    }
  }

  /// Searches done since the last [#begin].
  int count() {
    return count;
  }

  /// Forgets what was measured.
  void begin() {
    count = 0;
    isStopped = false;
  }

  void stop() {
    isStopped = true;
  }

  /// Searches without pause; answers searches a second.
  double fullRate(double seconds) {
    begin();
    long start = nanoClock.getAsLong();
    while (nanoClock.getAsLong() - start < seconds * 1e9) {
      one();
    }
    return count / seconds;
  }

  /// Searches at a rate until it is stopped. A search that is late begins at once.
  void run(double rate) {
    long start = nanoClock.getAsLong();
    for (long i = 0; !isStopped && count < KEPT; i++) {
      long due = start + (long) (i * 1e9 / rate);
      for (long wait = due - nanoClock.getAsLong(); wait > 0; wait = due - nanoClock.getAsLong()) {
        LockSupport.parkNanos(wait);
      }
      one();
    }
  }

  private void one() {
    int place = count;
    long begin = nanoClock.getAsLong();
    collection.search(requests.get(place % requests.size()));
    nanos[place % KEPT] = (int) Math.min(Integer.MAX_VALUE, nanoClock.getAsLong() - begin);
    count = place + 1;
  }

  /// A quantile of the times of some searches, in microseconds; NaN when there were none.
  ///
  /// @param from number of the first one
  /// @param share 0 to 1
  double micros(int from, int to, double share) {
    int[] own = java.util.Arrays.copyOfRange(nanos, Math.min(from, KEPT), Math.min(to, KEPT));
    if (own.length == 0) {
      return Double.NaN;
    }
    java.util.Arrays.sort(own);
    return own[Math.min(own.length - 1, (int) (share * own.length))] / 1e3;
  }
}
