package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.formats.Json;
import io.capsdb.server.http.QueryBody.Input;
import io.capsdb.server.http.QueryBody.Rated;
import io.capsdb.server.http.QueryBody.Spec;
import io.capsdb.server.http.QueryBody.Strength;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads `relevance_feedback`: a target, rated examples, and how much they count.
///
/// @param specs reads vectors and ids, from the same parser
record FeedbackReader(SpecReader specs) {
  private JsonParser in() {
    return specs.in();
  }

  Spec read() throws IOException {
    Json.require(in(), JsonToken.START_OBJECT, "an object with target, feedback and strategy");
    @Nullable Input target = null;
    @Nullable List<Rated> rated = null;
    @Nullable Strength strength = null;
    for (String key = in().nextFieldName(); key != null; key = in().nextFieldName()) {
      in().nextToken();
      switch (key) {
        case "target" -> target = specs.readInput();
        case "feedback" -> rated = readRated();
        case "strategy" -> strength = readStrategy();
        default ->
            throw RequestReader.unknown(
                in(), key, "relevance_feedback has target, feedback and strategy");
      }
    }
    return new Spec.Feedback(
        present(target, "target"), present(rated, "feedback"), present(strength, "strategy"));
  }

  private <T> T present(@Nullable T value, String name) {
    return Optional.ofNullable(value).orElseThrow(() -> Json.error(in(), name + " is missing"));
  }

  private List<Rated> readRated() throws IOException {
    Json.require(in(), JsonToken.START_ARRAY, "an array of examples with scores");
    List<Rated> rated = new ArrayList<>();
    while (in().nextToken() != JsonToken.END_ARRAY) {
      specs.requireRoom(rated.size());
      Json.require(in(), JsonToken.START_OBJECT, "an object with example and score");
      @Nullable Input example = null;
      @Nullable Double score = null;
      for (String key = in().nextFieldName(); key != null; key = in().nextFieldName()) {
        in().nextToken();
        switch (key) {
          case "example" -> example = specs.readInput();
          case "score" -> score = Json.number(in());
          default -> throw RequestReader.unknown(in(), key, "feedback has example and score");
        }
      }
      rated.add(new Rated(present(example, "example"), present(score, "score")));
    }
    return rated;
  }

  private Strength readStrategy() throws IOException {
    Json.require(in(), JsonToken.START_OBJECT, "an object with naive");
    @Nullable Strength strength = null;
    for (String key = in().nextFieldName(); key != null; key = in().nextFieldName()) {
      in().nextToken();
      if (!key.equals("naive")) {
        throw RequestReader.unknown(in(), key, "a strategy has naive");
      }
      strength = readNaive();
    }
    return present(strength, "naive");
  }

  private Strength readNaive() throws IOException {
    Json.require(in(), JsonToken.START_OBJECT, "an object with a, b and c");
    @Nullable Double a = null;
    @Nullable Double b = null;
    @Nullable Double c = null;
    for (String key = in().nextFieldName(); key != null; key = in().nextFieldName()) {
      in().nextToken();
      switch (key) {
        case "a" -> a = Json.number(in());
        case "b" -> b = Json.number(in());
        case "c" -> c = Json.number(in());
        default -> throw RequestReader.unknown(in(), key, "naive has a, b and c");
      }
    }
    return new Strength(present(a, "a"), present(b, "b"), present(c, "c"));
  }
}
