package io.capsdb.filter;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A place on the earth, in degrees.
///
/// @param lon -180 to 180
/// @param lat -90 to 90
public record GeoPoint(double lon, double lat) {
  private static final double EARTH_METRES = 6_371_008.8;

  public GeoPoint {
    if (!(lon >= -180 && lon <= 180)) {
      throw new IllegalArgumentException("lon must be in -180..180, was " + lon);
    }
    if (!(lat >= -90 && lat <= 90)) {
      throw new IllegalArgumentException("lat must be in -90..90, was " + lat);
    }
  }

  /// The place that a value of a payload is: an object with numbers `lon` and `lat`.
  public static Optional<GeoPoint> of(@Nullable Object value) {
    if (value instanceof Map<?, ?> map
        && map.get("lon") instanceof Number lon
        && map.get("lat") instanceof Number lat
        && Math.abs(lon.doubleValue()) <= 180
        && Math.abs(lat.doubleValue()) <= 90) {
      return Optional.of(new GeoPoint(lon.doubleValue(), lat.doubleValue()));
    }
    return Optional.empty();
  }

  /// Metres along the surface of a ball (haversine).
  public double metresTo(GeoPoint other) {
    double latSine = Math.sin(Math.toRadians(other.lat - lat) / 2);
    double lonSine = Math.sin(Math.toRadians(other.lon - lon) / 2);
    double chord =
        latSine * latSine
            + Math.cos(Math.toRadians(lat))
                * Math.cos(Math.toRadians(other.lat))
                * lonSine
                * lonSine;
    return 2 * EARTH_METRES * Math.asin(Math.min(1, Math.sqrt(chord)));
  }
}
