package io.capsdb;

import io.capsdb.point.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Where a live point stands in a leased set.
record Found(SegmentView view, int row) {
  /// With all that is stored of it.
  StoredPoint point() {
    return point(ReadOptions.WHOLE);
  }

  /// As far as it is asked for.
  StoredPoint point(ReadOptions options) {
    Segment segment = view.segment();
    return new StoredPoint(
        segment.id(row),
        view.version(row),
        options.hasVectors() ? segment.vectors(row) : Map.of(),
        options.hasVectors() ? segment.sparse(row) : Map.of(),
        options.hasPayload() ? view.payload(row) : Payload.empty());
  }

  /// Points at some places, in the same order.
  static List<StoredPoint> points(
      List<Found> places, ReadOptions options, Cancellation cancellation) {
    List<StoredPoint> points = new ArrayList<>(places.size());
    for (Found place : places) {
      cancellation.passRow();
      points.add(place.point(options));
    }
    return points;
  }
}
