package io.capsdb;

import io.capsdb.point.PointId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.UUID;

/// The ids of the rows of a sealed segment: 8 bytes for each row, 16 where there are UUIDs among
/// them. An id is made when it is asked for. Safe for use by many threads once it is built.
final class IdColumn {
  private final long[] high; // a number, or the first half of a UUID
  private final long[] low; // the other halves; empty where there is no UUID
  private final BitSet uuids;

  private IdColumn(long[] high, long[] low, BitSet uuids) {
    this.high = high;
    this.low = low;
    this.uuids = uuids;
  }

  /// Takes ids row by row. Not for more than one thread.
  static final class Builder {
    private final long[] high;
    private long[] low = new long[0];
    private final BitSet uuids = new BitSet();
    private int count;

    Builder(int rowCount) {
      this.high = new long[rowCount];
    }

    void add(PointId id) {
      switch (id) {
        case PointId.Numeric(long number) -> high[count] = number;
        case PointId.Uuid(UUID uuid) -> {
          if (low.length == 0) {
            low = new long[high.length];
          }
          high[count] = uuid.getMostSignificantBits();
          low[count] = uuid.getLeastSignificantBits();
          uuids.set(count);
        }
      }
      count++;
    }

    /// @throws IllegalStateException if a row has no id
    IdColumn build() {
      if (count != high.length) {
        throw new IllegalStateException(count + " ids for " + high.length + " rows");
      }
      return new IdColumn(high, low, uuids);
    }
  }

  static IdColumn of(PointId... ids) {
    Builder builder = new Builder(ids.length);
    Arrays.stream(ids).forEach(builder::add);
    return builder.build();
  }

  int size() {
    return high.length;
  }

  /// How many of them are UUIDs.
  int uuidCount() {
    return uuids.cardinality();
  }

  /// The number of a row, or the first half of its UUID.
  long high(int row) {
    return high[row];
  }

  /// The second half of the UUID of a row; 0 for a number.
  long low(int row) {
    return low.length == 0 ? 0 : low[row];
  }

  PointId get(int row) {
    return low.length > 0 && uuids.get(row)
        ? PointId.of(new UUID(high[row], low[row]))
        : PointId.of(high[row]);
  }
}
