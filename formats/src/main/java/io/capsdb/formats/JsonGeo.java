package io.capsdb.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.filter.Filter;
import io.capsdb.filter.GeoPoint;
import io.capsdb.filter.GeoRing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Tests of places: `geo_radius`, `geo_bounding_box`, `geo_polygon`.
final class JsonGeo {
  private static final int MAX_HOLES = 100;

  private JsonGeo() {}

  /// A test that waits for its field.
  record Area(Function<String, Filter> make) {
    Filter on(JsonParser in, String field) {
      if (field.isEmpty()) {
        throw Json.error(in, "key is missing");
      }
      return make.apply(field);
    }
  }

  static Area readRadius(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with center and radius");
    @Nullable GeoPoint center = null;
    double radius = -1;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "center" -> center = readPlace(in);
        case "radius" -> radius = readMetres(in);
        default -> throw unknown(in, key, "it has center and radius");
      }
    }
    GeoPoint around = required(in, center, "center");
    if (radius < 0) {
      throw Json.error(in, "radius is missing");
    }
    double metres = radius;
    return new Area(field -> new Filter.GeoRadius(field, around, metres));
  }

  private static double readMetres(JsonParser in) throws IOException {
    double metres = Json.number(in);
    if (metres < 0) {
      throw new Json.OutOfBoundsException(
          Json.path(in), "value " + metres + " invalid, must be at least 0");
    }
    return metres;
  }

  static Area readBox(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with top_left and bottom_right");
    @Nullable GeoPoint topLeft = null;
    @Nullable GeoPoint bottomRight = null;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "top_left" -> topLeft = readPlace(in);
        case "bottom_right" -> bottomRight = readPlace(in);
        default -> throw unknown(in, key, "it has top_left and bottom_right");
      }
    }
    GeoPoint first = required(in, topLeft, "top_left");
    GeoPoint second = required(in, bottomRight, "bottom_right");
    return new Area(field -> new Filter.GeoBox(field, first, second));
  }

  static Area readPolygon(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with exterior");
    @Nullable GeoRing exterior = null;
    List<GeoRing> interiors = new ArrayList<>();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "exterior" -> exterior = readRing(in);
        case "interiors" -> {
          if (in.currentToken() == JsonToken.VALUE_NULL) {
            continue;
          }
          Json.require(in, JsonToken.START_ARRAY, "an array of rings");
          while (in.nextToken() != JsonToken.END_ARRAY) {
            interiors.add(readRing(in));
            if (interiors.size() > MAX_HOLES) {
              throw new Json.OutOfBoundsException(
                  Json.path(in), "at most " + MAX_HOLES + " rings are allowed");
            }
          }
        }
        default -> throw unknown(in, key, "it has exterior and interiors");
      }
    }
    GeoRing outer = required(in, exterior, "exterior");
    return new Area(field -> new Filter.GeoPolygon(field, outer, interiors));
  }

  private static GeoRing readRing(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with points");
    List<GeoPoint> points = new ArrayList<>();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!key.equals("points")) {
        throw unknown(in, key, "it has points");
      }
      Json.require(in, JsonToken.START_ARRAY, "an array of places");
      while (in.nextToken() != JsonToken.END_ARRAY) {
        if (points.size() == GeoRing.MAX_POINTS) {
          throw new Json.OutOfBoundsException(
              Json.path(in), "at most " + GeoRing.MAX_POINTS + " points are allowed");
        }
        points.add(readPlace(in));
      }
    }
    try {
      return new GeoRing(points);
    } catch (IllegalArgumentException e) {
      throw new Json.OutOfBoundsException(Json.path(in), String.valueOf(e.getMessage()));
    }
  }

  private static GeoPoint readPlace(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with lon and lat");
    double lon = Double.NaN;
    double lat = Double.NaN;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "lon" -> lon = Json.number(in);
        case "lat" -> lat = Json.number(in);
        default -> throw unknown(in, key, "a place has lon and lat");
      }
    }
    if (Double.isNaN(lon) || Double.isNaN(lat)) {
      throw Json.error(in, (Double.isNaN(lon) ? "lon" : "lat") + " is missing");
    }
    try {
      return new GeoPoint(lon, lat);
    } catch (IllegalArgumentException e) {
      throw new Json.OutOfBoundsException(Json.path(in), String.valueOf(e.getMessage()));
    }
  }

  private static <T> T required(JsonParser in, @Nullable T value, String name) {
    if (value == null) {
      throw Json.error(in, name + " is missing");
    }
    return value;
  }

  private static JsonFormatException unknown(JsonParser in, String key, String allowed) {
    return Json.error(in, "unknown key '" + Json.shorten(key) + "', " + allowed);
  }
}
