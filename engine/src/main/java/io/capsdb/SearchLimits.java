package io.capsdb;

import java.util.OptionalLong;

/// What a search may take at most, whatever that costs its hits: a search that reaches a limit
/// answers what it has found so far, and its plan says so.
///
/// Limits are looked at after each partition, so that a search takes at least one, and at most one
/// more than it should. Rows that must match are scored as a list only where the whole list is
/// within the limits. A graph is walked in one step, which its width bounds.
///
/// @param millis from the begin of the search, 1 to [#MAX_MILLIS]
/// @param rows whose distance is estimated or computed, at least 1
public record SearchLimits(OptionalLong millis, OptionalLong rows) {
  /// A day.
  public static final long MAX_MILLIS = 86_400_000;

  public static final SearchLimits NONE =
      new SearchLimits(OptionalLong.empty(), OptionalLong.empty());

  public SearchLimits {
    if (millis.isPresent() && (millis.getAsLong() < 1 || millis.getAsLong() > MAX_MILLIS)) {
      throw new IllegalArgumentException(
          "millis must be in 1.." + MAX_MILLIS + ", was " + millis.getAsLong());
    }
    if (rows.isPresent() && rows.getAsLong() < 1) {
      throw new IllegalArgumentException("rows must be at least 1, was " + rows.getAsLong());
    }
  }

  public boolean isNone() {
    return millis.isEmpty() && rows.isEmpty();
  }

  long nanos() {
    return millis.isPresent() ? millis.getAsLong() * 1_000_000 : Long.MAX_VALUE;
  }

  long mostRows() {
    return rows.orElse(Long.MAX_VALUE);
  }
}
