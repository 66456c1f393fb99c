package io.capsdb.bench.data;

import io.capsdb.Hit;
import io.capsdb.point.PointId;
import java.util.List;

/// The rows of a data set that hits are: rows are stored under their numbers.
public final class HitRows {
  private HitRows() {}

  /// In the order of the hits.
  public static int[] of(List<Hit> hits) {
    return hits.stream().mapToInt(hit -> row(hit.id())).toArray();
  }

  /// @throws IllegalStateException if it is no number
  public static int row(PointId id) {
    return switch (id) {
      case PointId.Numeric(long number) -> (int) number;
      case PointId.Uuid other -> throw new IllegalStateException("id " + other);
    };
  }
}
