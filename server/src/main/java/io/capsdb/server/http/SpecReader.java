package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.CollectionConfig;
import io.capsdb.SearchRequest;
import io.capsdb.formats.Json;
import io.capsdb.server.http.QueryBody.Input;
import io.capsdb.server.http.QueryBody.Pair;
import io.capsdb.server.http.QueryBody.Spec;
import io.capsdb.server.http.QueryBody.Strategy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the value of `query`: a vector, an id, or an object that says what is asked.
///
/// @param using name of the vector, as far as it is known yet
record SpecReader(JsonParser in, CollectionConfig config, String using) {
  private static final int MAX_EXAMPLES = 1_000;
  private static final int MAX_WEIGHTS = 64;
  private static final int RANK_CONSTANT = 2;

  /// As much for being different as for being near.
  private static final double EVEN = 0.5;

  /// What a recommendation begins from.
  static final class Examples {
    private List<Input> positive = List.of();
    private List<Input> negative = List.of();
    private Strategy strategy = Strategy.AVERAGE_VECTOR;

    Spec toSpec(JsonParser in) {
      boolean needsPositive = strategy == Strategy.AVERAGE_VECTOR;
      if (positive.isEmpty() && (needsPositive || negative.isEmpty())) {
        throw new Json.OutOfBoundsException(
            Json.path(in).isEmpty() ? "positive" : Json.path(in) + ".positive",
            "at least one example is needed");
      }
      return new Spec.Recommend(positive, negative, strategy);
    }
  }

  /// What a discovery begins from.
  static final class Discovered {
    private @Nullable Input target;
    private @Nullable List<Pair> context;

    Spec toSpec(JsonParser in) {
      if (target == null && context == null) {
        throw Json.error(in, "target is missing, and context too");
      }
      return new Spec.Discover(Optional.ofNullable(target), context == null ? List.of() : context);
    }
  }

  Spec read() throws IOException {
    return switch (in.currentToken()) {
      case START_ARRAY, VALUE_NUMBER_INT, VALUE_STRING -> new Spec.Nearest(readInput());
      case START_OBJECT -> readObject();
      case null, default ->
          throw Json.error(
              in,
              "expected a vector, an id or an object with nearest, found "
                  + Json.describe(in.currentToken()));
    };
  }

  Input readDense() throws IOException {
    return new Input.Dense(VectorReader.read(in, VectorReader.dimension(config, using)));
  }

  /// A vector, or a sparse one, which is an object.
  Input readVector() throws IOException {
    return in.currentToken() == JsonToken.START_OBJECT
        ? new Input.Sparse(VectorReader.readSparse(in))
        : readDense();
  }

  /// A vector or an id.
  Input readInput() throws IOException {
    return switch (in.currentToken()) {
      case START_ARRAY, START_OBJECT -> readVector();
      case VALUE_NUMBER_INT, VALUE_STRING -> new Input.Stored(IdReader.read(in));
      case null, default ->
          throw Json.error(
              in, "expected a vector or an id, found " + Json.describe(in.currentToken()));
    };
  }

  private boolean isNull() {
    return in.currentToken() == JsonToken.VALUE_NULL;
  }

  private Spec readObject() throws IOException {
    @Nullable Spec spec = null;
    Optional<Input> target = Optional.empty();
    @Nullable List<Pair> context = null;
    @Nullable Diversifying mmr = null;
    @Nullable Object formula = null;
    Map<String, @Nullable Object> defaults = Map.of();
    VectorReader.SparseValues sparse = new VectorReader.SparseValues();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (sparse.read(in, key)) {
        continue;
      }
      if (key.equals("mmr")) {
        mmr = isNull() ? null : readDiversifying();
        continue;
      }
      if (key.equals("defaults")) {
        defaults = FormulaReader.defaults(in);
        continue;
      }
      if (spec != null && !isNull()) {
        throw Json.error(in, "a query object asks one thing");
      }
      switch (key) {
        case "nearest" -> spec = new Spec.Nearest(readInput());
        case "recommend" -> spec = readRecommend();
        case "discover" -> {
          Discovery discovery = readDiscover();
          target = Optional.of(discovery.target());
          spec = new Spec.Discover(target, discovery.context());
        }
        case "context" -> context = readContext();
        case "order_by" -> spec = new Spec.Ordered(OrderReader.read(in));
        case "sample" -> spec = readSample();
        case "fusion" -> spec = readFusion();
        case "rrf" -> spec = readRankFusion();
        case "formula" -> formula = FormulaReader.value(in);
        case "relevance_feedback" -> spec = new FeedbackReader(this).read();
        case "text", "image", "object" -> throw RequestReader.notServed(in, "a query by " + key);
        default ->
            throw RequestReader.unknown(
                in,
                key,
                "a query object has nearest, recommend, discover, context, order_by, sample,"
                    + " fusion, rrf, formula or relevance_feedback");
      }
    }
    if (formula != null) {
      if (spec != null || context != null || sparse.isBegun()) {
        throw Json.error(in, "a query object asks one thing");
      }
      spec = new Spec.Computed(FormulaReader.read(formula, defaults, Json.path(in)));
    } else if (!defaults.isEmpty()) {
      throw Json.error(in, "formula is missing: defaults are of its names");
    }
    if (mmr != null) {
      if (!(spec instanceof Spec.Nearest(Input input))) {
        throw Json.error(in, "nearest is missing: mmr chooses among the nearest");
      }
      spec = new Spec.Diverse(input, mmr.diversity(), mmr.candidates());
    }
    if (sparse.isBegun()) {
      if (spec != null || context != null) {
        throw Json.error(in, "a query object asks one thing");
      }
      return new Spec.Nearest(new Input.Sparse(sparse.toVector(in)));
    }
    if (context != null) {
      spec = new Spec.Discover(Optional.empty(), context);
    }
    if (spec == null) {
      throw Json.error(in, "nearest is missing");
    }
    return spec;
  }

  /// @param candidates 0 for as many as hits
  private record Diversifying(double diversity, int candidates) {}

  private Diversifying readDiversifying() throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with diversity and candidates_limit");
    double diversity = EVEN;
    int candidates = 0;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "diversity" -> diversity = isNull() ? diversity : readShare();
        case "candidates_limit" ->
            candidates = isNull() ? candidates : (int) Json.whole(in, 1, SearchRequest.MAX_LIMIT);
        default -> throw RequestReader.unknown(in, key, "mmr has diversity and candidates_limit");
      }
    }
    return new Diversifying(diversity, candidates);
  }

  private double readShare() throws IOException {
    double share = Json.number(in);
    if (share < 0 || share > 1) {
      throw new Json.OutOfBoundsException(
          Json.path(in), "value " + share + " invalid, must be from 0 to 1");
    }
    return share;
  }

  private Spec readRecommend() throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with positive and negative");
    Examples examples = new Examples();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      if (!readExamples(key, examples)) {
        throw RequestReader.unknown(in, key, "recommend has positive, negative and strategy");
      }
    }
    return examples.toSpec(in);
  }

  /// Reads one member of a recommendation; false for another key.
  boolean readExamples(String key, Examples into) throws IOException {
    switch (key) {
      case "positive" -> into.positive = isNull() ? into.positive : readInputs();
      case "negative" -> into.negative = isNull() ? into.negative : readInputs();
      case "strategy" -> into.strategy = isNull() ? into.strategy : readStrategy();
      default -> {
        return false;
      }
    }
    return true;
  }

  private Strategy readStrategy() throws IOException {
    String name = Json.string(in);
    return switch (name) {
      case "average_vector" -> Strategy.AVERAGE_VECTOR;
      case "best_score" -> Strategy.BEST_SCORE;
      case "sum_scores" -> Strategy.SUM_SCORES;
      default ->
          throw Json.error(
              in,
              "unknown strategy '"
                  + Json.shorten(name)
                  + "', must be average_vector, best_score or sum_scores");
    };
  }

  private List<Input> readInputs() throws IOException {
    Json.require(in, JsonToken.START_ARRAY, "an array of vectors and ids");
    List<Input> inputs = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      requireRoom(inputs.size(), MAX_EXAMPLES);
      inputs.add(readInput());
    }
    return inputs;
  }

  void requireRoom(int count) {
    requireRoom(count, MAX_EXAMPLES);
  }

  private void requireRoom(int count, int most) {
    if (count == most) {
      throw new Json.OutOfBoundsException(Json.path(in), "at most " + most + " are allowed");
    }
  }

  private record Discovery(Input target, List<Pair> context) {}

  private Discovery readDiscover() throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with target and context");
    @Nullable Input target = null;
    List<Pair> context = List.of();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "target" -> target = readInput();
        case "context" -> context = isNull() ? context : readContext();
        default -> throw RequestReader.unknown(in, key, "discover has target and context");
      }
    }
    if (target == null) {
      throw Json.error(in, "target is missing");
    }
    return new Discovery(target, context);
  }

  /// Reads one member of a discovery in the older form; false for another key.
  boolean readDiscovered(String key, Discovered into) throws IOException {
    switch (key) {
      case "target" -> into.target = isNull() ? into.target : readInput();
      case "context" -> into.context = isNull() ? into.context : readContext();
      default -> {
        return false;
      }
    }
    return true;
  }

  /// One pair, or a list of them.
  private List<Pair> readContext() throws IOException {
    if (in.currentToken() == JsonToken.START_OBJECT) {
      return List.of(readPair());
    }
    Json.require(in, JsonToken.START_ARRAY, "an array of pairs");
    List<Pair> pairs = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      requireRoom(pairs.size(), MAX_EXAMPLES);
      pairs.add(readPair());
    }
    return pairs;
  }

  private Pair readPair() throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with positive and negative");
    @Nullable Input positive = null;
    @Nullable Input negative = null;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "positive" -> positive = readInput();
        case "negative" -> negative = readInput();
        default -> throw RequestReader.unknown(in, key, "a pair has positive and negative");
      }
    }
    if (positive == null || negative == null) {
      throw Json.error(in, (positive == null ? "positive" : "negative") + " is missing");
    }
    return new Pair(positive, negative);
  }

  private Spec readSample() throws IOException {
    String kind = Json.string(in);
    if (!kind.equals("random")) {
      throw Json.error(in, "unknown sample '" + Json.shorten(kind) + "', there is random");
    }
    return new Spec.Sampled();
  }

  private Spec readFusion() throws IOException {
    String kind = Json.string(in);
    return switch (kind) {
      case "rrf" -> new Spec.RankFusion(RANK_CONSTANT, List.of());
      case "dbsf" -> new Spec.ScoreFusion();
      default ->
          throw Json.error(in, "unknown fusion '" + Json.shorten(kind) + "', must be rrf or dbsf");
    };
  }

  private Spec readRankFusion() throws IOException {
    Json.require(in, JsonToken.START_OBJECT, "an object with k and weights");
    int k = RANK_CONSTANT;
    List<Double> weights = new ArrayList<>();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "k" -> k = isNull() ? k : (int) Json.whole(in, 1, Integer.MAX_VALUE);
        case "weights" -> {
          if (isNull()) {
            continue;
          }
          Json.require(in, JsonToken.START_ARRAY, "an array of numbers");
          while (in.nextToken() != JsonToken.END_ARRAY) {
            requireRoom(weights.size(), MAX_WEIGHTS);
            double weight = Json.number(in);
            if (weight < 0) {
              throw new Json.OutOfBoundsException(
                  Json.path(in), "value " + weight + " invalid, must be at least 0");
            }
            weights.add(weight);
          }
        }
        default -> throw RequestReader.unknown(in, key, "rrf has k and weights");
      }
    }
    return new Spec.RankFusion(k, weights);
  }
}
