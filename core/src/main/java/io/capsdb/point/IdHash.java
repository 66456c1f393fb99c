package io.capsdb.point;

import java.util.UUID;

/// A hash of an id that never changes: clients keep to the slices that it deals points out to.
///
/// A number is mixed as it is; of a UUID the upper half is mixed, added to the lower half, and the
/// sum is mixed. Mixing is multiplying by two odd constants between three shifts, so that ids that
/// follow one another are spread evenly.
public final class IdHash {
  private static final long FIRST = 0xbf58476d1ce4e5b9L;
  private static final long SECOND = 0x94d049bb133111ebL;

  private IdHash() {}

  /// 64 bits, to be read as unsigned.
  public static long of(PointId id) {
    return switch (id) {
      case PointId.Numeric(long value) -> mix(value);
      case PointId.Uuid(UUID value) ->
          mix(mix(value.getMostSignificantBits()) + value.getLeastSignificantBits());
    };
  }

  private static long mix(long bits) {
    long first = (bits ^ (bits >>> 30)) * FIRST;
    long second = (first ^ (first >>> 27)) * SECOND;
    return second ^ (second >>> 31);
  }
}
