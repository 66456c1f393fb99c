package io.capsdb;

import io.capsdb.point.PointId;
import java.util.OptionalInt;
import java.util.UUID;

/// The rows of a sealed segment in the order of their ids, each id once. Numbers come first.
///
/// An id is looked for where it would be if ids lay evenly, and from there in steps that double:
/// one
/// look for numbers without gaps, a few for random ones, at most about twice those of a binary
/// search for any others; beside these the two ends, which stay in the cache. Looks count, because
/// in a large segment each one waits for memory twice. Safe for use by many threads.
final class SortedIds {
  private static final int GUESSES = 3;

  private final IdColumn ids;
  private final int[] rows;
  private final int numbers;

  /// @param ids of all rows
  /// @param rows in the order of their ids; not to be changed
  SortedIds(IdColumn ids, int[] rows) {
    this.ids = ids;
    this.rows = rows;
    this.numbers = rows.length - ids.uuidCount();
  }

  int size() {
    return rows.length;
  }

  /// The row at a place in the order.
  int row(int place) {
    return rows[place];
  }

  /// The row of an id.
  OptionalInt find(PointId id) {
    int place = firstFrom(id);
    return place < rows.length && ids.get(rows[place]).equals(id)
        ? OptionalInt.of(rows[place])
        : OptionalInt.empty();
  }

  /// The place of the first id that is not below `id`.
  int firstFrom(PointId id) {
    return switch (id) {
      case PointId.Numeric(long value) -> firstFrom(value, 0, 0, numbers);
      case PointId.Uuid(UUID value) ->
          firstFrom(
              value.getMostSignificantBits(),
              value.getLeastSignificantBits(),
              numbers,
              rows.length);
    };
  }

  /// The same among the places of ids of one kind.
  private int firstFrom(long high, long low, int from, int to) {
    if (from == to || compare(from, high, low) >= 0) {
      return from;
    }
    if (compare(to - 1, high, low) < 0) {
      return to;
    }
    int below = from; // a place whose id is below
    int above = to - 1; // one whose id is not
    double range =
        distance(key(from), key(to - 1)); // 0 where UUIDs have their first half in common
    double places = range == 0 ? 0 : (to - 1 - from) / range;
    int guess = from;
    for (int i = 0; i < GUESSES && above - below > 1; i++) {
      double even = guess + distance(key(guess), high) * places;
      guess = (int) Math.clamp(even, below + 1, above - 1);
      int order = compare(guess, high, low);
      if (order == 0) {
        return guess;
      }
      if (order < 0) {
        below = guess;
      } else {
        above = guess;
      }
    }
    boolean isUp = guess == below;
    for (int step = 1; above - below > step; step *= 2) {
      int place = isUp ? below + step : above - step;
      boolean isBelow = compare(place, high, low) < 0;
      if (isBelow) {
        below = place;
      } else {
        above = place;
      }
      if (isBelow != isUp) {
        break;
      }
    }
    while (above - below > 1) {
      int middle = (below + above) >>> 1;
      if (compare(middle, high, low) < 0) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return above;
  }

  private long key(int place) {
    return ids.high(rows[place]);
  }

  /// How the id at a place is to another of the same kind.
  private int compare(int place, long high, long low) {
    int row = rows[place];
    int order = Long.compareUnsigned(ids.high(row), high);
    return order == 0 ? Long.compareUnsigned(ids.low(row), low) : order;
  }

  /// From one unsigned number to another. Rounded: what it is for is a guess.
  private static double distance(long from, long to) {
    return Long.compareUnsigned(from, to) <= 0 ? unsigned(to - from) : -unsigned(from - to);
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : value + 0x1p64;
  }
}
