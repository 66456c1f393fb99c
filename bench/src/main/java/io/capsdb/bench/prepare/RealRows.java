package io.capsdb.bench.prepare;

import io.capsdb.formats.RowSource;
import io.capsdb.point.Payload;
import io.capsdb.vector.Floats;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// The rows of public files, in memory.
///
/// @param vectors prepared for the metric
/// @param payloads one for each vector
record RealRows(List<float[]> vectors, List<Payload> payloads) {

  static RealRows read(Metric metric, RowSource source) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    List<Payload> payloads = new ArrayList<>();
    try (source) {
      for (Optional<RowSource.Row> next = source.next(); next.isPresent(); next = source.next()) {
        vectors.add(metric.prepare(Objects.requireNonNull(next.get().vector())));
        payloads.add(next.get().payload());
      }
    }
    return new RealRows(vectors, payloads);
  }

  RealRows part(int from, int to) {
    return new RealRows(vectors.subList(from, to), payloads.subList(from, to));
  }

  int size() {
    return vectors.size();
  }

  float[][] array() {
    return vectors.toArray(float[][]::new);
  }

  VectorMatrix matrix(Arena arena) {
    int dimension = vectors.getFirst().length;
    MemorySegment segment = arena.allocate(4L * size() * dimension, 64);
    for (int row = 0; row < size(); row++) {
      MemorySegment.copy(
          vectors.get(row), 0, segment, Floats.LITTLE_ENDIAN, 4L * row * dimension, dimension);
    }
    return new VectorMatrix(segment, size(), dimension);
  }

  String text(String field, int row) {
    return String.valueOf(payloads.get(row).fields().get(field));
  }

  /// A number field, times a factor, rounded.
  int number(String field, int row, double factor) {
    if (!(payloads.get(row).fields().get(field) instanceof Number number)) {
      throw new IllegalArgumentException("row " + row + " has no number '" + field + "'");
    }
    return (int) Math.round(number.doubleValue() * factor);
  }

  /// Numbers the texts of a field from 0, in alphabetical order.
  TreeMap<String, Integer> codes(String field) {
    TreeMap<String, Integer> codes = new TreeMap<>();
    for (int row = 0; row < size(); row++) {
      codes.put(text(field, row), 0);
    }
    int next = 0;
    for (var entry : codes.entrySet()) {
      entry.setValue(next++);
    }
    return codes;
  }
}
