package io.capsdb.filter;

import java.util.List;

/// A closed line around an area: at least four places, the last the same as the first. Edges are
/// straight in degrees.
public record GeoRing(List<GeoPoint> points) {
  /// Most places of one ring; bounds what one test costs.
  public static final int MAX_POINTS = 10_000;

  public GeoRing {
    points = List.copyOf(points);
    if (points.size() < 4 || points.size() > MAX_POINTS) {
      throw new IllegalArgumentException(
          "a ring must have 4 to " + MAX_POINTS + " points, has " + points.size());
    }
    if (!points.getFirst().equals(points.getLast())) {
      throw new IllegalArgumentException("the last point of a ring must be its first");
    }
  }

  /// Whether a place lies inside, by the number of edges that a ray to the east crosses.
  boolean encloses(GeoPoint place) {
    boolean isInside = false;
    for (int i = 1; i < points.size(); i++) {
      GeoPoint a = points.get(i - 1);
      GeoPoint b = points.get(i);
      if (a.lat() > place.lat() != b.lat() > place.lat()
          && place.lon()
              < (b.lon() - a.lon()) * (place.lat() - a.lat()) / (b.lat() - a.lat()) + a.lon()) {
        isInside = !isInside;
      }
    }
    return isInside;
  }
}
