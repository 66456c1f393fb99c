package io.capsdb;

import io.capsdb.point.PointId;
import java.util.List;
import java.util.Optional;

/// Some points in the order of their ids.
///
/// @param next the id at which the next page begins; empty on the last one
public record ScrollPage(List<StoredPoint> points, Optional<PointId> next) {
  public ScrollPage {
    points = List.copyOf(points);
  }
}
