package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.formats.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// The `params` of a search. What tunes indexes that we do not have (`hnsw_ef`, `quantization`,
/// `indexed_only`, `acorn`) is checked and changes nothing.
///
/// @param exact whether all matching points are scored
/// @param explained whether the plan is answered
/// @param candidates matching rows that a probe scores at least
/// @param recall share of the hits that should be found
record SearchOptions(
    Optional<Boolean> exact,
    Optional<Boolean> explained,
    OptionalLong candidates,
    OptionalDouble recall) {
  static final SearchOptions NONE =
      new SearchOptions(
          Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalDouble.empty());

  boolean isExact() {
    return exact.orElse(false);
  }

  boolean isExplained() {
    return explained.orElse(false);
  }

  /// These options, and those of another carrier where these say nothing.
  SearchOptions orElse(SearchOptions others) {
    return new SearchOptions(
        exact.or(others::exact),
        explained.or(others::explained),
        candidates.isPresent() ? candidates : others.candidates,
        recall.isPresent() ? recall : others.recall);
  }

  /// Reads one option that came as a header or in the query string.
  ///
  /// @param name as in `params.caps`
  /// @throws Problem 422 if there is no such option, or the value is none of its
  static SearchOptions of(String name, String value) {
    try (JsonParser in = Json.factory().createParser(json(name, value))) {
      in.nextToken();
      return readCaps(in);
    } catch (IOException | IllegalArgumentException e) {
      throw Problem.validation(
          "the options of a search",
          "caps " + Json.shorten(name) + ": value '" + Json.shorten(value) + "' is not allowed");
    }
  }

  /// Numbers and truth values are written plainly, `plan` and `analyze` ask for the plan.
  private static String json(String name, String value) {
    boolean isBare = value.matches("true|false|-?[0-9]{1,18}(\\.[0-9]{1,18})?");
    boolean isPlan = name.equals("explain") && (value.equals("plan") || value.equals("analyze"));
    String written = isPlan ? "true" : isBare ? value : quoted(value);
    return "{" + quoted(name) + ":" + written + "}";
  }

  private static String quoted(String text) {
    return '"' + text.replaceAll("[^A-Za-z0-9_.-]", "?") + '"';
  }

  static SearchOptions read(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    Optional<Boolean> exact = Optional.empty();
    SearchOptions caps = NONE;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      if (in.nextToken() == JsonToken.VALUE_NULL) {
        requireKnown(in, key);
        continue;
      }
      switch (key) {
        case "exact" -> exact = Optional.of(Json.flag(in));
        case "hnsw_ef" -> Json.whole(in, 1, Long.MAX_VALUE);
        case "indexed_only" -> Json.flag(in);
        case "quantization" -> checkQuantization(in);
        case "acorn" -> checkAcorn(in);
        case "caps" -> caps = readCaps(in);
        default -> requireKnown(in, key);
      }
    }
    return exact.orElse(false)
        ? new SearchOptions(exact, caps.explained, caps.candidates, caps.recall)
        : caps;
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
  static SearchOptions readCaps(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    Optional<Boolean> exact = Optional.empty();
    Optional<Boolean> explained = Optional.empty();
    OptionalLong candidates = OptionalLong.empty();
    OptionalDouble recall = OptionalDouble.empty();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "explain" -> explained = Optional.of(Json.flag(in));
        case "candidates" -> candidates = OptionalLong.of(Json.whole(in, 1, Long.MAX_VALUE));
        case "recall_target" -> recall = OptionalDouble.of(readRecall(in));
        case "index" -> exact = Optional.of(readIndex(in));
        default ->
            throw new Json.OutOfBoundsException(
                Json.path(in),
                "unknown option, there are explain, recall_target, index and candidates");
      }
    }
    return new SearchOptions(exact, explained, candidates, recall);
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
