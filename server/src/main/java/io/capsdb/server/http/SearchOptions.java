package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.SearchRequest;
import io.capsdb.formats.Json;
import java.io.IOException;
import java.util.OptionalLong;

/// The `params` of a search. What tunes indexes that we do not have (`hnsw_ef`, `quantization`,
/// `indexed_only`, `acorn`) is checked and changes nothing.
///
/// @param candidates matching rows that a probe scores at least
/// @param recall share of the hits that should be found
record SearchOptions(boolean isExact, boolean isExplained, OptionalLong candidates, double recall) {
  static final SearchOptions NONE =
      new SearchOptions(false, false, OptionalLong.empty(), SearchRequest.DEFAULT_RECALL);

  static SearchOptions read(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    boolean isExact = false;
    SearchOptions caps = NONE;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      if (in.nextToken() == JsonToken.VALUE_NULL) {
        requireKnown(in, key);
        continue;
      }
      switch (key) {
        case "exact" -> isExact = Json.flag(in);
        case "hnsw_ef" -> Json.whole(in, 1, Long.MAX_VALUE);
        case "indexed_only" -> Json.flag(in);
        case "quantization" -> checkQuantization(in);
        case "acorn" -> checkAcorn(in);
        case "caps" -> caps = readCaps(in);
        default -> requireKnown(in, key);
      }
    }
    return new SearchOptions(
        isExact || caps.isExact, caps.isExplained, caps.candidates, caps.recall);
  }

  private static void requireKnown(JsonParser in, String key) {
    switch (key) {
      case "exact", "hnsw_ef", "indexed_only", "quantization", "acorn", "caps" -> {}
      default ->
          throw RequestReader.unknown(
              in, key, "params has exact, caps, hnsw_ef, quantization, indexed_only and acorn");
    }
  }

  /// Our own options. An unknown one is a matter of validation: it could be one of a later version.
  private static SearchOptions readCaps(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    boolean isExact = false;
    boolean isExplained = false;
    OptionalLong candidates = OptionalLong.empty();
    double recall = SearchRequest.DEFAULT_RECALL;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "explain" -> isExplained = Json.flag(in);
        case "candidates" -> candidates = OptionalLong.of(Json.whole(in, 1, Long.MAX_VALUE));
        case "recall_target" -> recall = readRecall(in);
        case "index" -> isExact = readIndex(in);
        default ->
            throw new Json.OutOfBoundsException(
                Json.path(in),
                "unknown option, there are explain, recall_target, index and candidates");
      }
    }
    return new SearchOptions(isExact, isExplained, candidates, recall);
  }

  private static double readRecall(JsonParser in) throws IOException {
    double recall = Json.number(in);
    if (recall > 0 && recall <= 1) {
      return recall;
    }
    throw new Json.OutOfBoundsException(
        Json.path(in), "value " + recall + " invalid, must be above 0 and at most 1");
  }

  private static boolean readIndex(JsonParser in) throws IOException {
    String index = Json.string(in);
    return switch (index) {
      case "auto", "caps" -> false;
      case "exact" -> true;
      default ->
          throw new Json.OutOfBoundsException(
              Json.path(in),
              "value '" + Json.shorten(index) + "' invalid, must be auto, caps or exact");
    };
  }

  private static void checkQuantization(JsonParser in) throws IOException {
    Fields quantization = Fields.read(in).allowOnly("ignore", "rescore", "oversampling");
    quantization.flag("ignore");
    quantization.flag("rescore");
    quantization.number("oversampling", 1, Double.MAX_VALUE);
  }

  private static void checkAcorn(JsonParser in) throws IOException {
    Fields acorn = Fields.read(in).allowOnly("enable", "max_selectivity");
    acorn.flag("enable");
    acorn.number("max_selectivity", 0, 1);
  }
}
