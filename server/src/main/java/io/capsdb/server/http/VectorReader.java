package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.CollectionConfig;
import io.capsdb.VectorConfig;
import io.capsdb.formats.Json;
import io.capsdb.vector.SparseVector;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads vectors straight into arrays of floats, and sparse ones.
final class VectorReader {
  private static final int FIRST_VALUES = 64;
  private static final int MAX_NAMES = 128;
  private static final long MAX_INDEX = 0xffffffffL;

  private VectorReader() {}

  /// The vectors of a point, by their names.
  record Vectors(Map<String, float[]> dense, Map<String, SparseVector> sparse) {}

  /// The vectors of a point: an array for the vector without a name, or an object by name.
  static Vectors readAll(JsonParser in, CollectionConfig config) throws IOException {
    if (in.currentToken() == JsonToken.START_ARRAY) {
      return new Vectors(
          Map.of(
              CollectionConfig.ANONYMOUS, read(in, dimension(config, CollectionConfig.ANONYMOUS))),
          Map.of());
    }
    Json.require(in, JsonToken.START_OBJECT, "an array of numbers, or an object of such by name");
    Map<String, float[]> vectors = new HashMap<>();
    Map<String, SparseVector> sparse = new HashMap<>();
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      if (config.sparse().containsKey(name)) {
        sparse.put(name, readSparse(in));
      } else {
        vectors.put(name, read(in, dimension(config, name)));
      }
      if (vectors.size() + sparse.size() > MAX_NAMES) {
        throw Json.error(in, "at most " + MAX_NAMES + " vectors are allowed");
      }
    }
    return new Vectors(vectors, sparse);
  }

  /// The object at which the parser stands: `{"indices": […], "values": […]}`, in any order.
  static SparseVector readSparse(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with indices and values");
    SparseValues read = new SparseValues();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!read.read(in, key)) {
        throw RequestReader.unknown(in, key, "a sparse vector has indices and values");
      }
    }
    return read.toVector(in);
  }

  /// The members of a sparse vector, as far as they have come.
  static final class SparseValues {
    private int @Nullable [] indices;
    private float @Nullable [] values;

    boolean isBegun() {
      return indices != null || values != null;
    }

    /// Reads one member; false for another key.
    boolean read(JsonParser in, String key) throws IOException {
      switch (key) {
        case "indices" -> indices = readIndices(in);
        case "values" -> values = VectorReader.read(in, FIRST_VALUES);
        default -> {
          return false;
        }
      }
      return true;
    }

    /// @throws Json.OutOfBoundsException if an index comes twice, or there are not as many of both
    SparseVector toVector(JsonParser in) {
      if (indices == null || values == null) {
        throw Json.error(in, (indices == null ? "indices" : "values") + " is missing");
      }
      try {
        return SparseVector.of(indices, values);
      } catch (IllegalArgumentException e) {
        throw new Json.OutOfBoundsException(Json.path(in), String.valueOf(e.getMessage()));
      }
    }
  }

  private static int[] readIndices(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_ARRAY, "an array of whole numbers");
    int[] indices = new int[FIRST_VALUES];
    int count = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (count == SparseVector.MAX_VALUES) {
        throw new Json.OutOfBoundsException(
            Json.path(in), "at most " + SparseVector.MAX_VALUES + " are allowed");
      }
      if (count == indices.length) {
        indices = Arrays.copyOf(indices, 2 * count);
      }
      indices[count++] = (int) Json.whole(in, 0, MAX_INDEX);
    }
    return Arrays.copyOf(indices, count);
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
    // Read as float32 at once: a float64 between would be rounded twice, and take longer.
    float value = in.getFloatValue();
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
