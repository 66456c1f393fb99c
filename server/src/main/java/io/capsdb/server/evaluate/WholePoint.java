package io.capsdb.server.evaluate;

import io.capsdb.StoredPoint;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.point.IdSet;
import io.capsdb.point.Payload;

/// A point with all that a filter can ask of it.
record WholePoint(StoredPoint point) implements FilterEvaluator.Subject {
  @Override
  public Payload payload() {
    return point.payload();
  }

  @Override
  public boolean hasId(IdSet ids) {
    return ids.contains(point.id());
  }

  @Override
  public boolean hasVector(String name) {
    return point.vectors().containsKey(name);
  }
}
