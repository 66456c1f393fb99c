package io.capsdb.formats;

import java.util.Optional;

/// What holds for the vectors of every file.
final class Vectors {
  private Vectors() {}

  /// Why a vector cannot be used, if so.
  static Optional<String> check(float[] vector) {
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        return Optional.of("vector[" + i + "] is " + vector[i] + ", must be finite");
      }
    }
    return Optional.empty();
  }
}
