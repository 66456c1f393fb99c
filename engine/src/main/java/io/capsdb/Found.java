package io.capsdb;

/// Where a live point stands in a leased set.
record Found(SegmentView view, int row) {
  StoredPoint point() {
    Segment segment = view.segment();
    return new StoredPoint(
        segment.id(row),
        view.version(row),
        segment.vectors(row),
        segment.sparse(row),
        view.payload(row));
  }
}
