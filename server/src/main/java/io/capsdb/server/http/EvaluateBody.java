package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.CollectionConfig;
import io.capsdb.filter.Filter;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFilters;
import io.capsdb.server.evaluate.Contender;
import io.capsdb.server.evaluate.Query;
import io.capsdb.server.evaluate.Sweep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// An evaluation as it was asked for.
///
/// @param queries given vectors; where there are none, points are chosen
/// @param sample points to choose
/// @param filters to measure under, beside none
/// @param shares of the points that filters are made for
record EvaluateBody(
    String using,
    int k,
    List<Query> queries,
    int sample,
    List<Filter> filters,
    List<Double> shares,
    List<Contender> contenders,
    Sweep sweep) {
  private static final int MAX_QUERIES = 10_000;
  private static final int MAX_FILTERS = 64;
  private static final int MAX_K = 1_000;

  static EvaluateBody read(JsonParser in, CollectionConfig config) throws IOException {
    String using = CollectionConfig.ANONYMOUS;
    int k = 10;
    int sample = 200;
    List<Query> queries = List.of();
    List<Filter> filters = List.of();
    List<Double> shares = List.of();
    List<Contender> contenders = List.of(Contender.CAPS, Contender.EXACT);
    List<Double> recalls = Sweep.DEFAULT.recalls();
    List<Integer> widths = Sweep.DEFAULT.widths();
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      switch (key) {
        case "using" -> using = Json.string(in);
        case "k" -> k = (int) Json.whole(in, 1, MAX_K);
        case "sample" -> sample = (int) Json.whole(in, 1, MAX_QUERIES);
        case "queries" -> {
          int expected = VectorReader.dimension(config, using);
          queries = list(in, MAX_QUERIES, each -> Query.of(VectorReader.read(each, expected)));
        }
        case "filters" -> filters = list(in, MAX_FILTERS, JsonFilters::read);
        case "shares" -> shares = list(in, MAX_FILTERS, EvaluateBody::share);
        case "indexes" -> contenders = list(in, MAX_FILTERS, EvaluateBody::contender);
        case "recall_targets" -> recalls = list(in, MAX_FILTERS, EvaluateBody::share);
        case "widths" -> widths = list(in, MAX_FILTERS, each -> (int) Json.whole(each, 1, 100_000));
        default ->
            throw RequestReader.unknown(
                in,
                key,
                "an evaluation has k, using, queries or sample, filters, shares, indexes,"
                    + " recall_targets and widths");
      }
    }
    return new EvaluateBody(
        using,
        k,
        queries,
        sample,
        filters,
        shares,
        contenders.stream().distinct().toList(),
        new Sweep(recalls, widths));
  }

  private static <T> List<T> list(JsonParser in, int most, RequestReader.Body<T> element)
      throws IOException {
    Json.require(in, JsonToken.START_ARRAY, "an array");
    List<T> values = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (values.size() == most) {
        throw new Json.OutOfBoundsException(Json.path(in), "at most " + most + " are allowed");
      }
      values.add(element.read(in));
    }
    return values;
  }

  private static Double share(JsonParser in) throws IOException {
    double share = Json.number(in);
    if (share > 0 && share < 1) {
      return share;
    }
    throw new Json.OutOfBoundsException(
        Json.path(in), "value " + share + " invalid, must be above 0 and below 1");
  }

  private static Contender contender(JsonParser in) throws IOException {
    String word = Json.string(in);
    try {
      return Contender.of(word);
    } catch (IllegalArgumentException e) {
      throw new Json.OutOfBoundsException(
          Json.path(in),
          "value '" + Json.shorten(word) + "' invalid, there are " + Contender.words());
    }
  }
}
