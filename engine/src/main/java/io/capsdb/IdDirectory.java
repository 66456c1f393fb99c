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

/// Where the newest row of each id is. The one writer keeps it: rows of chunks here, those of
/// sealed segments in [SealedKeys]. Readers look sealed rows up in the tables of the set that they
/// lease. For rows of chunks they use what is here as a short cut into that set, and fall back on a
/// scan of it when the two do not agree.
///
/// The writer publishes a set first, brings the directory up to date, and then names the set
/// settled. So while a set is both the newest and settled, the directory shows just its rows.
final class IdDirectory {
  /// @param row of the newest version
  record Location(Segment segment, int row) {}

  /// The live rows of chunks.
  private final Map<PointId, Location> locations = new ConcurrentHashMap<>();

  private final SealedKeys sealed;
  private volatile @Nullable SegmentSet settled;

  IdDirectory(SealedKeys sealed) {
    this.sealed = sealed;
  }

  SealedKeys sealed() {
    return sealed;
  }

  /// The newest location of an id; null when it is not there. For the writer.
  @Nullable Location locate(SegmentSet newest, PointId id) {
    Location recent = locations.get(id);
    return recent == null ? sealed.locate(newest, id) : recent;
  }

  void putAll(Map<PointId, Location> placed) {
    locations.putAll(placed);
  }

  /// The live rows of a chunk are where the ids are now.
  void putAll(SegmentView view) {
    for (int row = 0; row < view.rowCount(); row++) {
      if (view.isLive(row)) {
        locations.put(view.segment().id(row), new Location(view.segment(), row));
      }
    }
  }

  void remove(List<PointId> ids) {
    ids.forEach(locations::remove);
    sealed.remove(ids);
  }

  /// The rows of chunks are in a segment now.
  void seal(List<SegmentView> chunks) {
    for (SegmentView chunk : chunks) {
      for (int row = 0; row < chunk.rowCount(); row++) {
        locations.computeIfPresent(
            chunk.segment().id(row), (_, at) -> at.segment() == chunk.segment() ? null : at);
      }
    }
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
    Optional<Found> found = Optional.ofNullable(shown(set, id, locations.get(id)));
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
      Location recent = locations.get(id);
      Found found = shown(set, id, recent);
      if (found != null) {
        all.put(id, found);
      } else if (recent != null) {
        return Optional.empty();
      }
    }
    return settled == set && isNewest.getAsBoolean() ? Optional.of(all) : Optional.empty();
  }

  /// The row of an id in a set: in the chunk that is named, or where none is in a sealed segment.
  private static @Nullable Found shown(SegmentSet set, PointId id, @Nullable Location recent) {
    for (SegmentView view : set.views()) {
      if (recent != null) {
        if (view.segment() == recent.segment() && view.isLive(recent.row())) {
          return new Found(view, recent.row());
        }
      } else if (view.segment() instanceof SealedSegment table) {
        OptionalInt row = table.find(id);
        if (row.isPresent() && view.isLive(row.getAsInt())) {
          return new Found(view, row.getAsInt());
        }
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
  List<PointId> present(SegmentSet newest, List<PointId> ids) {
    List<PointId> present = new ArrayList<>(ids.size());
    for (PointId id : ids) {
      if (locate(newest, id) != null) {
        present.add(id);
      }
    }
    return present;
  }
}
