package io.capsdb.caps;

import io.capsdb.attribute.OrdinalRange;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.util.List;
import java.util.Optional;

/// Where tenants lie, where they come first in the layout: each large one has partitions of its
/// own, which follow one another; behind them come partitions in which small ones lie, tenant by
/// tenant.
///
/// Nothing is known here of who the tenants are: the rows of a filter are looked for where its
/// postings say that they lie.
///
/// | bytes | what |
/// |---|---|
/// | 4 | format, 1 |
/// | 4 | first partition of small tenants |
/// | 4 | number of large tenants |
/// | … | each: its first partition, one more than its last, [Reach] |
///
/// @param regions of the large tenants, ascending
/// @param packedFrom the first partition of small tenants; the largest number where tenants are not
///     laid first
record Tenants(List<Region> regions, int packedFrom) {
  static final Tenants NONE = new Tenants(List.of(), Integer.MAX_VALUE);

  private static final int FORMAT = 1;

  /// More partitions of small tenants are walked over like all others.
  private static final int MOST_PACKED = 8;

  /// The partitions of a large tenant.
  ///
  /// @param first partition
  /// @param end one more than the last partition
  /// @param reach among the rows of the tenant alone; unknown where they are few
  record Region(int first, int end, Reach reach) {}

  Tenants {
    regions = List.copyOf(regions);
  }

  /// Whether tenants are not laid first.
  boolean isNone() {
    return packedFrom == Integer.MAX_VALUE;
  }

  /// The part of the index in which all rows of a filter lie; empty where that is not one tenant's.
  ///
  /// @param extent no row outside matches
  /// @param finder of the partitions of the index
  Optional<Region> scope(OrdinalRange extent, PartitionFinder finder) {
    if (isNone()) {
      return Optional.empty();
    }
    if (extent.isEmpty()) {
      return Optional.of(new Region(0, 0, Reach.UNKNOWN));
    }
    if (extent.to() == Integer.MAX_VALUE) {
      return Optional.empty();
    }
    int first = finder.find(extent.from());
    int last = finder.find(extent.to() - 1);
    if (first >= packedFrom) {
      return last - first < MOST_PACKED
          ? Optional.of(new Region(first, last + 1, Reach.UNKNOWN))
          : Optional.empty();
    }
    Region region = regionOf(first);
    return last < region.end() ? Optional.of(region) : Optional.empty();
  }

  private Region regionOf(int partition) {
    int low = 0;
    int high = regions.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (regions.get(middle).first() <= partition) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return regions.get(low);
  }

  void write(CheckedWriter out) {
    out.writeInt(FORMAT);
    out.writeInt(packedFrom);
    out.writeInt(regions.size());
    for (Region region : regions) {
      out.writeInt(region.first());
      out.writeInt(region.end());
      region.reach().write(out);
    }
  }

  /// @param partitionCount of the index
  static Tenants read(CheckedReader in, int partitionCount) {
    int format = in.readInt();
    if (format != FORMAT) {
      throw in.corrupt("tenants of format " + format + ", this version reads " + FORMAT);
    }
    int packedFrom = in.readInt();
    int count = in.readLength(20);
    Region[] regions = new Region[count];
    int end = 0;
    for (int i = 0; i < count; i++) {
      regions[i] = new Region(in.readInt(), in.readInt(), Reach.read(in));
      if (regions[i].first() != end || regions[i].end() <= end) {
        throw in.corrupt("the partitions of large tenant " + i + " do not follow the others");
      }
      end = regions[i].end();
    }
    if (packedFrom != end || packedFrom > partitionCount) {
      throw in.corrupt("small tenants begin at partition " + packedFrom + " of " + partitionCount);
    }
    return new Tenants(List.of(regions), packedFrom);
  }
}
