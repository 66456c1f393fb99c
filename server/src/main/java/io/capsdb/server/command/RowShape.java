package io.capsdb.server.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.formats.NamedVectors;
import io.capsdb.formats.RowSource;
import io.capsdb.server.client.RestClient;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which vectors rows have: of each name the dimension that most of them have, so that a bad row
/// does not decide it.
///
/// @param dimensions by name; the name `""` is the anonymous vector
/// @param sparse names of the sparse vectors
record RowShape(Map<String, Integer> dimensions, Set<String> sparse) {
  static RowShape of(Collection<RowSource.Row> rows) {
    Map<String, Map<Integer, Integer>> counts = new TreeMap<>();
    Set<String> sparse = new TreeSet<>();
    for (RowSource.Row row : rows) {
      if (row.rejection().isPresent()) {
        continue;
      }
      float[] vector = row.vector();
      if (vector != null) {
        count(counts, "", vector);
      }
      if (row.named().isPresent()) {
        NamedVectors named = row.named().get();
        named.dense().forEach((name, values) -> count(counts, name, values));
        sparse.addAll(named.sparse().keySet());
      }
    }
    Map<String, Integer> dimensions = new TreeMap<>();
    counts.forEach((name, of) -> dimensions.put(name, mostFrequent(of)));
    return new RowShape(dimensions, sparse);
  }

  private static void count(
      Map<String, Map<Integer, Integer>> counts, String name, float[] vector) {
    counts.computeIfAbsent(name, _ -> new LinkedHashMap<>()).merge(vector.length, 1, Integer::sum);
  }

  private static int mostFrequent(Map<Integer, Integer> counts) {
    return counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  boolean isEmpty() {
    return dimensions.isEmpty() && sparse.isEmpty();
  }

  /// Whether there is nothing but the vector without a name.
  boolean isAnonymous() {
    return sparse.isEmpty() && dimensions.keySet().equals(Set.of(""));
  }

  /// The settings of a collection for such rows: `vectors`, and `sparse_vectors` where there are
  /// some.
  ///
  /// @param datatype of the vectors; empty for float32
  ObjectNode params(String distance, Optional<String> datatype) {
    ObjectNode params = RestClient.object();
    ObjectNode vectors = params.putObject("vectors");
    for (Map.Entry<String, Integer> vector : dimensions.entrySet()) {
      ObjectNode into =
          dimensions.keySet().equals(Set.of("")) ? vectors : vectors.putObject(vector.getKey());
      into.put("size", vector.getValue()).put("distance", distance);
      datatype.ifPresent(type -> into.put("datatype", type));
    }
    if (!sparse.isEmpty()) {
      ObjectNode into = params.putObject("sparse_vectors");
      sparse.forEach(into::putObject);
    }
    return params;
  }

  /// In words, for example `image 4 dimensions, words sparse, Dot`.
  String describe(String distance) {
    StringBuilder text = new StringBuilder();
    dimensions.forEach(
        (name, dimension) ->
            text.append(name.isEmpty() ? "" : name + " ")
                .append(dimension)
                .append(" dimensions, "));
    sparse.forEach(name -> text.append(name).append(" sparse, "));
    return text.append(distance).toString();
  }
}
