package io.capsdb.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.vector.SparseVector;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The vectors of a row that has them by name, in the order of the file; it may have none.
///
/// @param dense arrays; the name `""` is the anonymous vector
/// @param sparse vectors most of whose values are zero
public record NamedVectors(Map<String, float[]> dense, Map<String, SparseVector> sparse) {
  private static final long MAX_INDEX = 0xffffffffL;

  public NamedVectors {
    dense = Collections.unmodifiableMap(new LinkedHashMap<>(dense));
    sparse = Collections.unmodifiableMap(new LinkedHashMap<>(sparse));
  }

  /// The object at which the parser stands: by name an array of numbers, or `{"indices": […],
  /// "values": […]}`.
  static NamedVectors read(JsonParser in) throws IOException {
    Map<String, float[]> dense = new LinkedHashMap<>();
    Map<String, SparseVector> sparse = new LinkedHashMap<>();
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      if (in.nextToken() == JsonToken.START_OBJECT) {
        sparse.put(name, readSparse(in));
      } else {
        dense.put(name, Vectors.read(in));
      }
    }
    return new NamedVectors(dense, sparse);
  }

  private static SparseVector readSparse(JsonParser in) throws IOException {
    int @Nullable [] indices = null;
    float @Nullable [] values = null;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "indices" -> indices = readIndices(in);
        case "values" -> values = Vectors.read(in);
        default -> throw Json.error(in, "a sparse vector has indices and values");
      }
    }
    if (indices == null || values == null) {
      throw Json.error(in, (indices == null ? "indices" : "values") + " is missing");
    }
    return SparseVector.of(indices, values);
  }

  private static int[] readIndices(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_ARRAY, "an array of whole numbers");
    int[] indices = new int[64];
    int count = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (count == indices.length) {
        indices = Arrays.copyOf(indices, 2 * count);
      }
      indices[count++] = (int) Json.whole(in, 0, MAX_INDEX);
    }
    return Arrays.copyOf(indices, count);
  }

  /// Why one of them cannot be used, if so. A sparse vector is finite already.
  Optional<String> check() {
    for (Map.Entry<String, float[]> vector : dense.entrySet()) {
      Optional<String> reason = Vectors.check(vector.getValue());
      if (reason.isPresent()) {
        return Optional.of("'" + vector.getKey() + "': " + reason.get());
      }
    }
    return Optional.empty();
  }
}
