package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.CollectionConfig;
import io.capsdb.VectorConfig;
import io.capsdb.formats.Json;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Reads vectors straight into arrays of floats.
final class VectorReader {
  private static final int FIRST_VALUES = 64;
  private static final int MAX_NAMES = 64;

  private VectorReader() {}

  /// The vectors of a point: an array for the vector without a name, or an object by name.
  static Map<String, float[]> readAll(JsonParser in, CollectionConfig config) throws IOException {
    if (in.currentToken() == JsonToken.START_ARRAY) {
      return Map.of(
          CollectionConfig.ANONYMOUS, read(in, dimension(config, CollectionConfig.ANONYMOUS)));
    }
    Json.require(in, JsonToken.START_OBJECT, "an array of numbers, or an object of such by name");
    Map<String, float[]> vectors = new HashMap<>();
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      vectors.put(name, read(in, dimension(config, name)));
      if (vectors.size() > MAX_NAMES) {
        throw Json.error(in, "at most " + MAX_NAMES + " vectors are allowed");
      }
    }
    return vectors;
  }

  /// How many values a vector of a collection has; a guess for one that it does not have.
  static int dimension(CollectionConfig config, String name) {
    VectorConfig vector = config.vectors().get(name);
    return vector == null ? FIRST_VALUES : vector.dimension();
  }

  /// The array at which the parser stands, as float32.
  ///
  /// @param expected values, to begin with
  /// @throws Json.OutOfBoundsException if a value is not a finite float32
  static float[] read(JsonParser in, int expected) throws IOException {
    if (in.currentToken() == JsonToken.START_OBJECT) {
      throw RequestReader.notServed(in, "a vector that is an object (sparse, or to be inferred)");
    }
    Json.require(in, JsonToken.START_ARRAY, "an array of numbers");
    float[] values = new float[expected];
    int count = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() == JsonToken.START_ARRAY) {
        throw RequestReader.notServed(in, "a multivector");
      }
      if (count == values.length) {
        if (count == VectorConfig.MAX_DIMENSION) {
          throw new Json.OutOfBoundsException(
              Json.path(in), "a vector has at most dimension " + VectorConfig.MAX_DIMENSION);
        }
        values =
            Arrays.copyOf(
                values, Math.min(VectorConfig.MAX_DIMENSION, Math.max(FIRST_VALUES, 2 * count)));
      }
      values[count++] = readValue(in);
    }
    return count == values.length ? values : Arrays.copyOf(values, count);
  }

  private static float readValue(JsonParser in) throws IOException {
    if (in.currentToken() == null || !in.currentToken().isNumeric()) {
      throw Json.error(in, "expected a number, found " + Json.describe(in.currentToken()));
    }
    float value = (float) in.getDoubleValue();
    if (!Float.isFinite(value)) {
      throw new Json.OutOfBoundsException(
          Json.path(in),
          "value "
              + Json.shorten(in.getText())
              + " invalid, must be from "
              + -Float.MAX_VALUE
              + " to "
              + Float.MAX_VALUE);
    }
    return value;
  }
}
