package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.capsdb.Collection;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Filters;
import io.capsdb.Hit;
import io.capsdb.SearchRequest;
import io.capsdb.filter.Filter;
import io.capsdb.io.MemoryDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SearchApiTest {
  private static final String QUERY = "/collections/films/points/query";
  private static final String SEARCH = "/collections/films/points/search";

  private final ApiClient client = new ApiClient();

  @BeforeEach
  void fill() {
    client.fill(
        "films",
        "Dot",
        """
        [{'id':1,'vector':[1,0,0,0],'payload':{'city':'Berlin','n':1}},
         {'id':2,'vector':[2,0,0,0],'payload':{'city':'Rome','n':2}},
         {'id':3,'vector':[3,0,0,0],'payload':{'city':'Berlin','n':3}},
         {'id':4,'vector':[0,4,0,0],'payload':{'city':'Rome','n':4}}]
        """);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static List<Integer> ids(JsonNode points) {
    List<Integer> ids = new ArrayList<>();
    points.forEach(point -> ids.add(point.get("id").asInt()));
    return ids;
  }

  private List<Integer> query(String body) {
    return ids(client.post(QUERY, body).result().get("points"));
  }

  @Test
  void theNearestPointsComeFirst() {
    JsonNode result = client.post(QUERY, "{'query':[1,0,0,0],'limit':2}").result();
    assertThat(result.toString())
        .isEqualTo(
            "{\"points\":[{\"id\":3,\"version\":1,\"score\":3.0},"
                + "{\"id\":2,\"version\":1,\"score\":2.0}]}");
  }

  @Test
  void aStoredPointOrNearestWillDoAsWell() {
    assertThat(query("{'query':1,'limit':3}")).containsExactly(3, 2, 4);
    assertThat(query("{'query':{'nearest':1},'limit':3}")).containsExactly(3, 2, 4);
    assertThat(query("{'query':{'nearest':[0,1,0,0]},'limit':1}")).containsExactly(4);
    assertThat(client.post(QUERY, "{'query':77}").status()).isEqualTo(404);
  }

  @Test
  void optionsNarrowTheHits() {
    String berlin = "'filter':{'must':[{'key':'city','match':{'value':'Berlin'}}]}";
    assertThat(query("{'query':[1,0,0,0]," + berlin + "}")).containsExactly(3, 1);
    assertThat(query("{'query':[1,0,0,0],'offset':1,'limit':2}")).containsExactly(2, 1);
    assertThat(query("{'query':[1,0,0,0],'score_threshold':2}")).containsExactly(3, 2);
    assertThat(query("{'query':[1,0,0,0],'using':null,'params':{'exact':true,'hnsw_ef':64}}"))
        .containsExactly(3, 2, 1, 4);
  }

  @Test
  void payloadsAndVectorsAreAnsweredWhenAskedFor() {
    JsonNode hit =
        client
            .post(QUERY, "{'query':[1,0,0,0],'limit':1,'with_payload':['n'],'with_vector':true}")
            .result()
            .at("/points/0");
    assertThat(hit.toString())
        .isEqualTo(
            "{\"id\":3,\"version\":1,\"score\":3.0,\"payload\":{\"n\":3},"
                + "\"vector\":[3.0,0.0,0.0,0.0]}");
  }

  @Test
  void theOlderFormAnswersAList() {
    assertThat(ids(client.post(SEARCH, "{'vector':[1,0,0,0],'limit':2}").result()))
        .containsExactly(3, 2);
    assertThat(ids(client.post(SEARCH, "{'vector':[1,0,0,0],'top':1}").result()))
        .containsExactly(3);
    assertThat(
            ids(
                client
                    .post(SEARCH, "{'vector':{'name':'','vector':[1,0,0,0]},'limit':1}")
                    .result()))
        .containsExactly(3);
    JsonNode explained =
        client
            .post(SEARCH, "{'vector':[1,0,0,0],'limit':1,'params':{'caps':{'explain':true}}}")
            .json();
    assertThat(explained.at("/caps/plan").asText()).isEqualTo("exact");
  }

  @Test
  void thePlanStandsBesideThePointsWhenAskedFor() {
    JsonNode plain = client.post(QUERY, "{'query':[1,0,0,0]}").result();
    assertThat(plain.has("caps")).isFalse();
    String filter = "'filter':{'must':[{'key':'n','range':{'gte':2}}]}";
    JsonNode asked =
        client
            .post(QUERY, "{'query':[1,0,0,0]," + filter + ",'params':{'caps':{'explain':true}}}")
            .result();
    JsonNode always =
        client.post(QUERY + "/explain", "{'query':[1,0,0,0]," + filter + "}").result();
    for (JsonNode result : List.of(asked, always)) {
      assertThat(ids(result.get("points"))).containsExactly(3, 2, 4);
      assertThat(result.at("/caps/plan").asText()).isEqualTo("exact");
      assertThat(result.at("/caps/max_matches").asInt()).isEqualTo(3);
      assertThat(result.at("/caps/points").asInt()).isEqualTo(4);
      assertThat(result.at("/caps/filter").asText()).isEqualTo("n in [2.0, ∞)");
    }
  }

  @Test
  void namedVectorsAreSearchedByName() {
    client.put(
        "/collections/two",
        "{'vectors':{'a':{'size':2,'distance':'Euclid'},'b':{'size':2,'distance':'Dot'}}}");
    client.put(
        "/collections/two/points",
        "{'points':[{'id':1,'vector':{'a':[0,0],'b':[9,9]}},{'id':2,'vector':{'a':[3,4]}}]}");
    JsonNode near =
        client.post("/collections/two/points/query", "{'query':[0,0],'using':'a'}").result();
    assertThat(ids(near.get("points"))).containsExactly(1, 2);
    assertThat(near.at("/points/1/score").floatValue()).isEqualTo(5f);
    assertThat(
            ids(
                client
                    .post("/collections/two/points/query", "{'query':[1,1],'using':'b'}")
                    .result()
                    .get("points")))
        .containsExactly(1);
    ApiClient.Reply nameless = client.post("/collections/two/points/query", "{'query':[0,0]}");
    assertThat(nameless.status()).isEqualTo(400);
    assertThat(nameless.error()).contains("no vector named", "a", "b");
  }

  /// Scores beyond float32 are answered as the largest float32, as JSON has no infinity.
  @Test
  void scoresOfHugeVectorsAreNumbers() {
    for (String distance : List.of("Dot", "Euclid", "Manhattan", "Cosine")) {
      String name = "huge" + distance;
      client.fill(
          name,
          distance,
          "[{'id':1,'vector':[2e18,2e18,0,1]},{'id':2,'vector':[1,1,1,1]},"
              + "{'id':3,'vector':[-2e18,2e18,0,1]}]");
      JsonNode points =
          client
              .post("/collections/" + name + "/points/query", "{'query':[2e18,2e18,2e18,1]}")
              .result()
              .get("points");
      assertThat(ids(points)).as(distance).containsExactlyInAnyOrder(1, 2, 3);
    }
  }

  /// What REST finds is what the library finds, over sealed and live segments, to the last bit.
  @Test
  void findsWhatTheLibraryFinds() {
    long seed = Long.getLong("seed", 20_261);
    Random random = new Random(seed);
    Database database =
        Database.open(
            Path.of("memory"),
            DatabaseOptions.defaults()
                .withDisk(new MemoryDisk())
                .withLog(false)
                .withMinIndexRows(256));
    try (ApiClient other = new ApiClient(database, HttpConfig.defaults("0.1.0"))) {
      other.put("/collections/big", "{'vectors':{'size':16,'distance':'Cosine'}}");
      Collection collection = database.collection("big");
      for (int batch = 0; batch < 3; batch++) {
        StringBuilder body = new StringBuilder("{\"points\":[");
        for (int i = 0; i < 2_000; i++) {
          long id = batch * 2_000L + i;
          float[] vector = vector(random);
          body.append(i == 0 ? "" : ",")
              .append("{\"id\":%d,\"vector\":%s,".formatted(id, java.util.Arrays.toString(vector)))
              .append("\"payload\":{\"n\":%d}}".formatted(random.nextInt(10)));
        }
        assertThat(other.put("/collections/big/points", body + "]}").status()).isEqualTo(200);
        if (batch < 2) {
          collection.seal();
        }
      }
      int probes = 0;
      for (int i = 0; i < 40; i++) {
        float[] target = vector(random);
        int n = random.nextInt(10);
        boolean isFiltered = i % 2 == 0;
        Filter filter = isFiltered ? Filters.eq("n", n) : Filter.ALL;
        var expected = collection.search(SearchRequest.nearest(target).filter(filter).limit(20));
        JsonNode found =
            other
                .post(
                    "/collections/big/points/query/explain",
                    "{'query':%s,'limit':20%s}"
                        .formatted(
                            java.util.Arrays.toString(target),
                            isFiltered
                                ? ",'filter':{'must':[{'key':'n','match':{'value':" + n + "}}]}"
                                : ""))
                .result();
        assertThat(found.get("points")).as("seed %d", seed).hasSize(20);
        for (int k = 0; k < 20; k++) {
          Hit hit = expected.hits().get(k);
          JsonNode point = found.at("/points/" + k);
          assertThat(point.get("id").asText()).as("seed %d", seed).isEqualTo(hit.id().toString());
          assertThat(Float.parseFloat(point.get("score").asText())).isEqualTo(hit.score());
          assertThat(point.get("version").asLong()).isEqualTo(hit.version());
        }
        probes += found.at("/caps/plan").asText().equals("probe") ? 1 : 0;
        JsonNode ranked =
            other
                .post(
                    "/collections/big/points/query",
                    "{'query':%s,'limit':20,'params':{'caps':{'rerank':30,'explain':true}}}"
                        .formatted(java.util.Arrays.toString(target)))
                .result();
        assertThat(ranked.get("points")).as("seed %d", seed).hasSize(20);
        assertThat(ranked.at("/caps/plan").asText()).isEqualTo("rank");
        assertThat(ranked.at("/caps/vectors_read").asLong()).isGreaterThanOrEqualTo(30);
      }
      assertThat(probes).as("searches that probed, seed %d", seed).isPositive();
    }
  }

  private static float[] vector(Random random) {
    float[] vector = new float[16];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }
}
