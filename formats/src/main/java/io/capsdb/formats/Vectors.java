package io.capsdb.formats;

import java.util.Optional;

/// What holds for the vectors of every file.
final class Vectors {
  static final int MAX_DIMENSION = 65_536;

  private Vectors() {}

  /// Why a vector cannot be used, if so.
  static Optional<String> check(float[] vector) {
    if (vector.length < 1 || vector.length > MAX_DIMENSION) {
      return Optional.of(
          "vector has " + vector.length + " values, must be from 1 to " + MAX_DIMENSION);
    }
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        return Optional.of("vector[" + i + "] is " + vector[i] + ", must be finite");
      }
    }
    return Optional.empty();
  }
}
