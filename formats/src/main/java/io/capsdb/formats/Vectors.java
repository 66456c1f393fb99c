package io.capsdb.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// What holds for the vectors of every file.
final class Vectors {
  static final int MAX_DIMENSION = 65_536;

  private Vectors() {}

  /// The array of numbers at which the parser stands.
  static float[] read(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_ARRAY, "an array of numbers");
    float[] values = new float[128];
    int count = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = (float) Json.number(in);
    }
    return Arrays.copyOf(values, count);
  }

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
