package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.ReadOptions;
import io.capsdb.StoredPoint;
import io.capsdb.filter.Filter;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFilters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.ToIntFunction;

/// A sample of points, and for each the nearest others of the sample.
final class MatrixRoutes {
  private static final int SAMPLE = 10;
  private static final int NEAREST = 3;

  /// All pairs of a sample are scored.
  private static final int MAX_SAMPLE = 1_000;

  private MatrixRoutes() {}

  static List<Route> all() {
    String matrix = "/collections/{collection_name}/points/search/matrix";
    return List.of(
        Route.ask(
            "search_matrix_pairs", matrix + "/pairs", call -> answer(call, MatrixRoutes::pairs)),
        Route.ask(
            "search_matrix_offsets",
            matrix + "/offsets",
            call -> answer(call, MatrixRoutes::offsets)));
  }

  /// What is asked.
  private record Body(Filter filter, int sample, int limit, String using) {
    static Body read(JsonParser in) throws IOException {
      Filter filter = Filter.ALL;
      int sample = SAMPLE;
      int limit = NEAREST;
      String using = CollectionConfig.ANONYMOUS;
      for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
        in.nextToken();
        boolean isNull = in.currentToken() == JsonToken.VALUE_NULL;
        switch (key) {
          case "filter" -> filter = isNull ? filter : JsonFilters.read(in);
          case "sample" -> sample = isNull ? sample : (int) Json.whole(in, 2, MAX_SAMPLE);
          case "limit" -> limit = isNull ? limit : (int) Json.whole(in, 1, MAX_SAMPLE);
          case "using" -> using = isNull ? using : Json.string(in);
          case "shard_key" -> RequestReader.requireNoShardKey(in);
          default ->
              throw RequestReader.unknown(in, key, "there are filter, sample, limit and using");
        }
      }
      return new Body(filter, sample, limit, using);
    }
  }

  /// A point of the sample near to another one, by their places in it.
  private record Pair(int row, int column, double score) {}

  /// Writes what was found.
  @FunctionalInterface
  private interface Form {
    void write(List<StoredPoint> sample, List<Pair> pairs, JsonGenerator out) throws IOException;
  }

  private static Answer answer(Call call, Form form) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    Body body = RequestReader.read(call, Body::read);
    StrictMode strict = StrictMode.of(collection);
    strict.checkLimit(body.limit());
    strict.checkRead(body.filter());
    Neighbours neighbours = Neighbours.of(collection.config(), body.using());
    Filter filter = QueryRunner.and(body.filter(), new Filter.HasVector(body.using()));
    List<StoredPoint> sample =
        new ArrayList<>(
            collection.sample(
                filter,
                body.sample(),
                new SplittableRandom(call.startNanos()),
                new ReadOptions(false, true, call::isCancelled)));
    sample.sort(Comparator.comparing(StoredPoint::id));
    List<Pair> pairs = new ArrayList<>();
    for (int row = 0; row < sample.size(); row++) {
      if (call.isCancelled()) {
        throw new CancellationException();
      }
      pairs.addAll(neighbours.nearest(sample, row, body.limit()));
    }
    return Answers.ok(call, out -> form.write(sample, pairs, out));
  }

  private record Neighbours(io.capsdb.vector.Metric metric, String using) {
    static Neighbours of(CollectionConfig config, String using) {
      var vector = config.vectors().get(using);
      if (vector == null) {
        throw new IllegalArgumentException(
            "there is no vector named '"
                + using
                + "', the collection has "
                + config.vectors().keySet());
      }
      return new Neighbours(vector.metric(), using);
    }

    private List<Pair> nearest(List<StoredPoint> sample, int row, int limit) {
      List<Pair> pairs = new ArrayList<>();
      float[] from = sample.get(row).vectors().get(using);
      for (int column = 0; column < sample.size(); column++) {
        float[] to = sample.get(column).vectors().get(using);
        if (column != row && from != null && to != null) {
          pairs.add(new Pair(row, column, Scorer.similarity(metric, from, to)));
        }
      }
      pairs.sort(Comparator.comparingDouble((Pair pair) -> -pair.score()));
      return pairs.subList(0, Math.min(limit, pairs.size())).stream()
          .map(pair -> new Pair(pair.row(), pair.column(), shown(pair.score())))
          .toList();
    }

    /// The score of the metric.
    private double shown(double similarity) {
      return switch (metric) {
        case COSINE, DOT -> similarity;
        case EUCLID -> Math.sqrt(-similarity);
        case MANHATTAN -> -similarity;
      };
    }
  }

  private static void pairs(List<StoredPoint> sample, List<Pair> pairs, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("pairs");
    for (Pair pair : pairs) {
      out.writeStartObject();
      out.writeFieldName("a");
      PointWriter.id(sample.get(pair.row()).id(), out);
      out.writeFieldName("b");
      PointWriter.id(sample.get(pair.column()).id(), out);
      out.writeNumberField("score", PointWriter.finite((float) pair.score()));
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void offsets(List<StoredPoint> sample, List<Pair> pairs, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    column("offsets_row", pairs, Pair::row, out);
    column("offsets_col", pairs, Pair::column, out);
    out.writeArrayFieldStart("scores");
    for (Pair pair : pairs) {
      out.writeNumber(PointWriter.finite((float) pair.score()));
    }
    out.writeEndArray();
    out.writeArrayFieldStart("ids");
    for (StoredPoint point : sample) {
      PointWriter.id(point.id(), out);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void column(
      String name, List<Pair> pairs, ToIntFunction<Pair> place, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (Pair pair : pairs) {
      out.writeNumber(place.applyAsInt(pair));
    }
    out.writeEndArray();
  }
}
