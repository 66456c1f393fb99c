package io.capsdb.bench.rest;

/// How long answers took.
///
/// @param seconds of each, ascending
/// @param rate answers a second, all clients together
/// @param errors answers other than 200, and none
@SuppressWarnings("ArrayRecordComponent") // written once, then only read
record Times(double[] seconds, double rate, int errors) {
  double millis(double share) {
    return seconds.length == 0
        ? Double.NaN
        : 1e3 * seconds[(int) Math.min(seconds.length - 1L, (long) (share * seconds.length))];
  }

  double p50() {
    return millis(0.5);
  }

  double p99() {
    return millis(0.99);
  }
}
