package io.capsdb.server.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/// How many requests a minute the collections that have such a limit let in. Safe for use by many
/// threads.
final class RateLimits {
  private static final double MINUTE_NANOS = 60e9;
  private static final double SECOND_NANOS = 1e9;

  /// Collections that are remembered; the one that was asked for longest ago is forgotten.
  private static final int MOST = 10_000;

  /// Guarded by itself.
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  /// What may still come at a moment.
  private record Bucket(double left, long nanos) {}

  /// Counts a request.
  ///
  /// @param key what is limited
  /// @param perMinute requests, which may also come all at once
  /// @param nanos the time
  /// @return seconds to wait where it is one too many
  OptionalInt admit(String key, long perMinute, long nanos) {
    synchronized (buckets) {
      Bucket old = buckets.getOrDefault(key, new Bucket(perMinute, nanos));
      double since = Math.max(0, nanos - old.nanos());
      double left = Math.min((double) perMinute, old.left() + since * perMinute / MINUTE_NANOS);
      boolean isIn = left >= 1;
      buckets.put(key, new Bucket(isIn ? left - 1 : left, nanos));
      if (buckets.size() > MOST) {
        buckets.remove(buckets.keySet().iterator().next());
      }
      if (isIn) {
        return OptionalInt.empty();
      }
      double wait = (1 - left) * MINUTE_NANOS / perMinute / SECOND_NANOS;
      return OptionalInt.of((int) Math.ceil(wait));
    }
  }
}
