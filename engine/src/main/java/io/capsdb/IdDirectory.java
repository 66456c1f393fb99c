package io.capsdb;

import io.capsdb.point.PointId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Where the newest row of each id is. The one writer keeps it; readers use it as a short cut into
/// the set that they lease, and fall back on a scan of that set when the two do not agree.
///
/// The writer publishes a set first, brings the directory up to date, and then names the set
/// settled. So while a set is both the newest and settled, the directory shows just its rows.
final class IdDirectory {
  /// @param row of the newest version
  record Location(Segment segment, int row) {}

  private final Map<PointId, Location> locations = new ConcurrentHashMap<>();
  private volatile @Nullable SegmentSet settled;

  /// The newest location of an id; null when it is not there.
  @Nullable Location locate(PointId id) {
    return locations.get(id);
  }

  boolean contains(PointId id) {
    return locations.containsKey(id);
  }

  void put(PointId id, Location location) {
    locations.put(id, location);
  }

  void putAll(Map<PointId, Location> placed) {
    locations.putAll(placed);
  }

  /// The live rows of a segment are where the ids are now.
  void putAll(SegmentView view) {
    for (int row = 0; row < view.rowCount(); row++) {
      if (view.isLive(row)) {
        locations.put(view.segment().id(row), new Location(view.segment(), row));
      }
    }
  }

  void remove(PointId id) {
    locations.remove(id);
  }

  /// Tells that the directory shows the rows of a set.
  void settle(SegmentSet set) {
    settled = set;
  }

  boolean isSettled(SegmentSet set) {
    return settled == set;
  }

  /// The live row of an id in a leased set, whichever set that is.
  Optional<Found> find(SegmentSet set, PointId id) {
    Location location = locations.get(id);
    Optional<Found> found =
        location == null ? Optional.empty() : Optional.ofNullable(found(set, location));
    return found.or(() -> Optional.ofNullable(scan(set, List.of(id)).get(id)));
  }

  /// The live rows of ids in a leased set; empty when the directory does not show that set.
  ///
  /// @param isNewest whether the set is still the newest; asked after the last look-up
  Optional<Map<PointId, Found>> findAll(
      SegmentSet set, List<PointId> ids, java.util.function.BooleanSupplier isNewest) {
    if (settled != set) {
      return Optional.empty();
    }
    Map<PointId, Found> all = HashMap.newHashMap(ids.size());
    for (PointId id : ids) {
      Location location = locations.get(id);
      if (location == null) {
        continue;
      }
      Found found = found(set, location);
      if (found == null) {
        return Optional.empty();
      }
      all.put(id, found);
    }
    return settled == set && isNewest.getAsBoolean() ? Optional.of(all) : Optional.empty();
  }

  private static @Nullable Found found(SegmentSet set, Location location) {
    for (SegmentView view : set.views()) {
      if (view.segment() == location.segment() && view.isLive(location.row())) {
        return new Found(view, location.row());
      }
    }
    return null;
  }

  /// The live rows of ids in a set, without the directory.
  static Map<PointId, Found> scan(SegmentSet set, List<PointId> ids) {
    Map<PointId, Found> all = new HashMap<>();
    Set<PointId> wanted = new HashSet<>(ids);
    for (SegmentView view : set.views()) {
      if (view.segment() instanceof SealedSegment sealed) {
        for (PointId id : wanted) {
          OptionalInt row = sealed.find(id);
          if (row.isPresent() && view.isLive(row.getAsInt())) {
            all.put(id, new Found(view, row.getAsInt()));
          }
        }
        continue;
      }
      for (int row = 0; row < view.rowCount(); row++) {
        if (view.isLive(row) && wanted.contains(view.segment().id(row))) {
          all.put(view.segment().id(row), new Found(view, row));
        }
      }
    }
    return all;
  }

  /// The ids that are there, without those that are not.
  List<PointId> present(List<PointId> ids) {
    List<PointId> present = new ArrayList<>(ids.size());
    for (PointId id : ids) {
      if (contains(id)) {
        present.add(id);
      }
    }
    return present;
  }
}
