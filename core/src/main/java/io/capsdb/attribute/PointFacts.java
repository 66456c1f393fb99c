package io.capsdb.attribute;

import io.capsdb.filter.Filter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.roaringbitmap.RoaringBitmap;

/// What the holder of a part knows of its points beside their payloads.
@FunctionalInterface
public interface PointFacts {
  /// Nothing: such tests are verified point by point.
  PointFacts NONE = _ -> Optional.empty();

  /// The ordinals of the part that pass a test, not to be changed; empty where that is not known.
  Optional<RoaringBitmap> ordinals(Filter.PointTest test);

  /// The same, asking once for each test.
  default PointFacts remembering() {
    Map<Filter.PointTest, Optional<RoaringBitmap>> known = new ConcurrentHashMap<>();
    return test -> known.computeIfAbsent(test, this::ordinals);
  }
}
