package io.capsdb.server.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// What the server tells of a collection.
///
/// @param status `green`, `yellow`, `grey` or `red`
/// @param problem what went wrong; empty when nothing did
/// @param vectorNames names of the vectors, sparse ones too; the anonymous one is `""`
/// @param dimension of the anonymous vector; 0 when there is none
/// @param distance of the anonymous vector, for example `Cosine`; empty when there is none
public record CollectionState(
    String status,
    String problem,
    List<String> vectorNames,
    int dimension,
    String distance,
    long points,
    long indexedPoints) {

  public CollectionState {
    vectorNames = List.copyOf(vectorNames);
  }

  public boolean isGreen() {
    return status.equals("green");
  }

  static CollectionState of(JsonNode result) {
    JsonNode vectors = result.path("config").path("params").path("vectors");
    List<String> names = new ArrayList<>();
    JsonNode anonymous = vectors.has("size") ? vectors : vectors.path("");
    if (vectors.has("size")) {
      names.add("");
    } else {
      vectors.fieldNames().forEachRemaining(names::add);
    }
    JsonNode sparse = result.path("config").path("params").path("sparse_vectors");
    sparse.fieldNames().forEachRemaining(names::add);
    return new CollectionState(
        result.path("status").asText(),
        result.path("optimizer_status").path("error").asText(""),
        names,
        anonymous.path("size").asInt(0),
        anonymous.path("distance").asText(""),
        result.path("points_count").asLong(),
        result.path("indexed_vectors_count").asLong());
  }
}
