package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.PlanChoice;
import io.capsdb.SearchLimits;
import io.capsdb.formats.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The `params` of a search. `hnsw_ef` is the width of the walk where a graph is searched, and
/// stands for a recall elsewhere ([WalkWidth]).
/// What tunes indexes that we do not have (`quantization`, `indexed_only`, `acorn`) is checked and
/// changes nothing; strict mode bounds it all the same.
///
/// @param exact whether all matching points are scored
/// @param explained whether the plan is answered
/// @param candidates matching rows that a probe scores at least
/// @param recall share of the hits that should be found
/// @param plan which index is searched
/// @param width of the walk where a graph is searched and candidates are not given; it stands for a
///     recall elsewhere
/// @param verify share of the searches that are run again, exactly, to measure recall
/// @param maxMillis after which a search answers what it has found
/// @param maxScanned rows scored, after which it does
/// @param rerank rows whose vectors are read after the codes alone have put all in order
/// @param oversampling as it was asked for
record SearchOptions(
    Optional<Boolean> exact,
    Optional<Boolean> explained,
    OptionalLong candidates,
    OptionalDouble recall,
    Optional<PlanChoice> plan,
    OptionalLong width,
    OptionalDouble verify,
    OptionalLong maxMillis,
    OptionalLong maxScanned,
    OptionalInt rerank,
    OptionalDouble oversampling) {
  /// More would be as many as an exact search reads.
  private static final int MOST_RERANKED = 100_000;

  static final SearchOptions NONE = of(Optional.empty());
  static final SearchOptions EXACT = of(Optional.of(true));

  private static SearchOptions of(Optional<Boolean> exact) {
    return new SearchOptions(
        exact,
        Optional.empty(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalDouble.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalInt.empty(),
        OptionalDouble.empty());
  }

  boolean isExact() {
    return exact.orElse(false);
  }

  /// Candidates, or the width of a walk.
  OptionalLong effort() {
    boolean isWalked = plan.orElse(PlanChoice.AUTO) == PlanChoice.GRAPH;
    return candidates.isEmpty() && isWalked ? width : candidates;
  }

  /// The recall that was asked for, by itself or by a width. A recall of any carrier counts more
  /// than a width, so that a collection that has one keeps it, whatever clients send out of habit.
  OptionalDouble recallTarget() {
    return recall.isPresent() || width.isEmpty()
        ? recall
        : OptionalDouble.of(WalkWidth.recall(width.getAsLong()));
  }

  SearchLimits limits() {
    return new SearchLimits(maxMillis, maxScanned);
  }

  /// The same, in full.
  SearchOptions withoutLimits() {
    return new SearchOptions(
        exact,
        explained,
        candidates,
        recall,
        plan,
        width,
        verify,
        OptionalLong.empty(),
        OptionalLong.empty(),
        rerank,
        oversampling);
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
        recall.isPresent() ? recall : others.recall,
        plan.or(others::plan),
        width.isPresent() ? width : others.width,
        verify.isPresent() ? verify : others.verify,
        maxMillis.isPresent() ? maxMillis : others.maxMillis,
        maxScanned.isPresent() ? maxScanned : others.maxScanned,
        rerank.isPresent() ? rerank : others.rerank,
        oversampling.isPresent() ? oversampling : others.oversampling);
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

  /// Numbers and truth values are written plainly, as Java writes them too: `5.0E-4`. `plan` and
  /// `analyze` ask for the plan.
  private static String json(String name, String value) {
    boolean isBare = value.matches("true|false|-?[0-9]{1,18}(\\.[0-9]{1,24})?(E-?[0-9]{1,3})?");
    boolean isPlan = name.equals("explain") && (value.equals("plan") || value.equals("analyze"));
    String written = isPlan ? "true" : isBare ? value : quoted(value);
    return "{" + quoted(name) + ":" + written + "}";
  }

  private static String quoted(String text) {
    return '"' + text.replaceAll("[^A-Za-z0-9_.-]", "?") + '"';
  }

  static SearchOptions read(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object");
    OptionalLong width = OptionalLong.empty();
    Optional<Boolean> exact = Optional.empty();
    OptionalDouble oversampling = OptionalDouble.empty();
    SearchOptions caps = NONE;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      if (in.nextToken() == JsonToken.VALUE_NULL) {
        requireKnown(in, key);
        continue;
      }
      switch (key) {
        case "exact" -> exact = Optional.of(Json.flag(in));
        case "hnsw_ef" -> width = OptionalLong.of(Json.whole(in, 1, Long.MAX_VALUE));
        case "indexed_only" -> Json.flag(in);
        case "quantization" -> oversampling = readOversampling(in);
        case "acorn" -> checkAcorn(in);
        case "caps" -> caps = readCaps(in);
        default -> requireKnown(in, key);
      }
    }
    return new SearchOptions(
        exact.orElse(false) || caps.exact.isEmpty() ? exact : caps.exact,
        caps.explained,
        caps.candidates,
        caps.recall,
        caps.plan,
        width,
        caps.verify,
        caps.maxMillis,
        caps.maxScanned,
        caps.rerank,
        oversampling);
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
    Optional<PlanChoice> plan = Optional.empty();
    OptionalLong candidates = OptionalLong.empty();
    OptionalDouble recall = OptionalDouble.empty();
    OptionalDouble verify = OptionalDouble.empty();
    OptionalLong millis = OptionalLong.empty();
    OptionalLong scanned = OptionalLong.empty();
    OptionalInt rerank = OptionalInt.empty();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "explain" -> explained = Optional.of(Json.flag(in));
        case "candidates" -> candidates = OptionalLong.of(Json.whole(in, 1, Long.MAX_VALUE));
        case "recall_target" -> recall = OptionalDouble.of(readRecall(in));
        case "verify" -> verify = OptionalDouble.of(readShare(in));
        case "max_ms" -> millis = OptionalLong.of(Json.whole(in, 1, SearchLimits.MAX_MILLIS));
        case "max_scanned" -> scanned = OptionalLong.of(Json.whole(in, 1, Long.MAX_VALUE));
        case "rerank" -> rerank = OptionalInt.of((int) Json.whole(in, 1, MOST_RERANKED));
        case "index" -> {
          String index = readIndex(in);
          exact = Optional.of(index.equals("exact"));
          plan = Optional.of(index.equals("graph") ? PlanChoice.GRAPH : PlanChoice.AUTO);
        }
        default ->
            throw new Json.OutOfBoundsException(
                Json.path(in),
                "unknown option, there are explain, recall_target, index, candidates, rerank, verify,"
                    + " max_ms and max_scanned");
      }
    }
    return new SearchOptions(
        exact,
        explained,
        candidates,
        recall,
        plan,
        OptionalLong.empty(),
        verify,
        millis,
        scanned,
        rerank,
        OptionalDouble.empty());
  }

  private static double readRecall(JsonParser in) throws IOException {
    double recall = Json.number(in);
    if (recall > 0 && recall <= 1) {
      return recall;
    }
    throw new Json.OutOfBoundsException(
        Json.path(in), "value " + recall + " invalid, must be above 0 and at most 1");
  }

  private static double readShare(JsonParser in) throws IOException {
    double share = Json.number(in);
    if (share >= 0 && share <= 1) {
      return share;
    }
    throw new Json.OutOfBoundsException(
        Json.path(in), "value " + share + " invalid, must be from 0 to 1");
  }

  private static String readIndex(JsonParser in) throws IOException {
    String index = Json.string(in);
    return switch (index) {
      case "auto", "caps", "graph", "exact" -> index;
      default ->
          throw new Json.OutOfBoundsException(
              Json.path(in),
              "value '" + Json.shorten(index) + "' invalid, must be auto, caps, graph or exact");
    };
  }

  private static OptionalDouble readOversampling(JsonParser in) throws IOException {
    Fields quantization = Fields.read(in).allowOnly("ignore", "rescore", "oversampling");
    quantization.flag("ignore");
    quantization.flag("rescore");
    return quantization.number("oversampling", 1, Double.MAX_VALUE);
  }

  private static void checkAcorn(JsonParser in) throws IOException {
    Fields acorn = Fields.read(in).allowOnly("enable", "max_selectivity");
    acorn.flag("enable");
    acorn.number("max_selectivity", 0, 1);
  }
}
