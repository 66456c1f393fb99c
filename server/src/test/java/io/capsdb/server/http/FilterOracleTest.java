package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Hit;
import io.capsdb.Point;
import io.capsdb.PointSelector;
import io.capsdb.SearchRequest;
import io.capsdb.VectorConfig;
import io.capsdb.filter.Filter;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFilters;
import io.capsdb.formats.JsonPayloads;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.server.http.oracle.JsonDraws;
import io.capsdb.server.http.oracle.JsonOracle;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// 2,000 random filters of all forms on 1,000 random points: the same points as an evaluator of the
/// tests' own finds, in a collection without indexes, in one with, and in one that is half and
/// half.
class FilterOracleTest {
  private static final int FILTERS = 2_000;
  private static final String OTHER = "other";

  private final SplittableRandom random = new SplittableRandom(20_261_127);
  private final JsonDraws draws = new JsonDraws(random);
  private final List<JsonOracle> oracles = new ArrayList<>();
  private final List<Point> points = new ArrayList<>();

  private void drawPoints() throws IOException {
    for (int id = 0; id < JsonDraws.POINTS; id++) {
      ObjectNode payload = draws.payload();
      Map<String, float[]> vectors = new HashMap<>();
      vectors.put("", vector());
      if (random.nextInt(3) == 0) {
        vectors.put(OTHER, vector());
      }
      points.add(new Point(PointId.of(id), vectors, parse(payload.toString())));
      oracles.add(new JsonOracle(id, List.copyOf(vectors.keySet()), payload, false));
    }
  }

  private float[] vector() {
    float[] vector = new float[4];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = random.nextInt(100) / 10f;
    }
    return vector;
  }

  private static Payload parse(String json) throws IOException {
    try (var in = Json.factory().createParser(json)) {
      in.nextToken();
      return JsonPayloads.read(in);
    }
  }

  private static CollectionConfig config() {
    return new CollectionConfig(
        Map.of("", new VectorConfig(4, Metric.EUCLID), OTHER, new VectorConfig(4, Metric.EUCLID)));
  }

  private static Database database(int minIndexRows) {
    return Database.open(
        Path.of("memory"),
        DatabaseOptions.defaults()
            .withDisk(new MemoryDisk())
            .withLog(false)
            .withIdleMillis(1_000_000)
            .withMinIndexRows(minIndexRows));
  }

  @Test
  void everyFormOfFilterFindsWhatTheOracleFinds() throws IOException {
    drawPoints();
    try (Database live = database(1_000_000);
        Database sealed = database(1)) {
      Collection documents = live.createCollection("documents", config());
      documents.upsert(points);
      Collection indexed = sealed.createCollection("indexed", config());
      indexed.upsert(points);
      indexed.seal();
      Collection half = sealed.createCollection("half", config());
      half.upsert(points.subList(300, 800));
      half.seal();
      half.upsert(points.subList(0, 500));
      half.upsert(points.subList(750, 1_000));
      int found = 0;
      for (int i = 0; i < FILTERS; i++) {
        ObjectNode filter = draws.filter(3);
        Set<Long> expected = new TreeSet<>();
        for (JsonOracle oracle : oracles) {
          if (oracle.matches(filter)) {
            expected.add(oracle.id());
          }
        }
        found += expected.size() > 0 && expected.size() < points.size() ? 1 : 0;
        for (Collection collection :
            i % 4 == 2 ? List.of(documents, indexed, half) : List.of(documents, indexed)) {
          requireFound(collection, filter.toString(), expected, i);
        }
      }
      // A test in which nearly all filters are true of all or of nothing would say little.
      assertThat(found).isGreaterThan(FILTERS / 3);
    }
  }

  /// By count and search for each filter, by scroll and as written and read again for some.
  private static void requireFound(
      Collection collection, String json, Set<Long> expected, int number) {
    String what = collection.name() + ": " + json;
    Filter filter = JsonFilters.read(json);
    assertThat(collection.count(filter)).as(what).isEqualTo(expected.size());
    boolean isExact = number % 4 == 0;
    Set<Long> hits = new TreeSet<>();
    for (Hit hit :
        collection
            .search(
                SearchRequest.nearest(new float[] {1, 2, 3, 4})
                    .filter(filter)
                    .limit(1_000)
                    .withPayload(false)
                    .exact(isExact))
            .hits()) {
      hits.add(((PointId.Numeric) hit.id()).value());
    }
    assertThat(hits).as(what).isEqualTo(expected);
    if (number % 16 == 0) {
      Set<Long> scrolled = new TreeSet<>();
      collection
          .scroll(filter, Optional.empty(), 10_000)
          .points()
          .forEach(point -> scrolled.add(((PointId.Numeric) point.id()).value()));
      assertThat(scrolled).as(what).isEqualTo(expected);
    }
    if (number % 4 == 1) {
      Filter again = JsonFilters.read(JsonFilters.write(filter));
      assertThat(collection.count(again)).as("written: %s", what).isEqualTo(expected.size());
    }
  }

  @Test
  void aFilterSelectsWhatIsChanged() throws IOException {
    drawPoints();
    try (Database database = database(1)) {
      Collection collection = database.createCollection("films", config());
      collection.upsert(points);
      collection.seal();
      for (int i = 0; i < 20; i++) {
        ObjectNode filter = draws.filter(2);
        Filter read = JsonFilters.read(filter.toString());
        long expected = collection.count(read);
        long before = collection.count(Filter.ALL);
        collection.changePayload(
            new PointSelector.ByFilter(read),
            new io.capsdb.PayloadChange.Merge(Payload.of(Map.of("round", (long) i))));
        Filter round = io.capsdb.Filters.eq("round", i);
        assertThat(collection.count(round)).isEqualTo(expected);
        // Tests of ids hold for points whose payload was changed, too, and facets count them.
        for (io.capsdb.StoredPoint point : collection.scroll(round, Optional.empty(), 3).points()) {
          Filter own =
              new Filter.And(
                  List.of(
                      round,
                      new Filter.HasId(io.capsdb.point.IdSet.of(List.of(point.id()))),
                      new Filter.HasVector("")));
          assertThat(collection.count(own)).isOne();
        }
        assertThat(collection.facet("round", round, 5))
            .isEqualTo(
                expected == 0 ? List.of() : List.of(new io.capsdb.FacetValue((long) i, expected)));
        assertThat(collection.count(Filter.ALL)).isEqualTo(before);
      }
    }
  }
}
