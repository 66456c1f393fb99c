package io.capsdb;

import java.util.Arrays;
import java.util.List;

/// Whether points are equal in all that can be read of them.
final class SamePoints {
  private SamePoints() {}

  static boolean isSame(List<StoredPoint> left, List<StoredPoint> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      StoredPoint one = left.get(i);
      StoredPoint other = right.get(i);
      if (!one.id().equals(other.id())
          || one.version() != other.version()
          || !one.payload().equals(other.payload())
          || !one.vectors().keySet().equals(other.vectors().keySet())
          || !one.vectors().entrySet().stream()
              .allMatch(
                  entry -> Arrays.equals(entry.getValue(), other.vectors().get(entry.getKey())))) {
        return false;
      }
    }
    return true;
  }
}
