package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.io.MemoryDisk;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Sparse vectors over HTTP, in every request that can hold one.
class SparseApiTest {
  private static final String DOCS = "/collections/docs";
  private static final String POINTS = DOCS + "/points";

  private ApiClient client;

  @BeforeEach
  void fill() {
    client = new ApiClient();
    fill(client);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private static void fill(ApiClient client) {
    assertThat(
            client
                .put(
                    DOCS,
                    "{'vectors':{'image':{'size':2,'distance':'Dot'}},"
                        + "'sparse_vectors':{'words':{'index':{'on_disk':true}},"
                        + "'rare':{'modifier':'idf'}}}")
                .status())
        .isEqualTo(200);
    assertThat(
            client
                .put(
                    POINTS + "?wait=true",
                    "{'points':["
                        + "{'id':1,'vector':{'image':[1,0],'words':{'indices':[7,3],'values':[2,1]}},"
                        + "'payload':{'n':1}},"
                        + "{'id':2,'vector':{'words':{'indices':[3,4294967295],'values':[4,5]},"
                        + "'rare':{'indices':[1,2],'values':[1,1]}},'payload':{'n':2}},"
                        + "{'id':3,'vector':{'image':[0,1],'rare':{'indices':[1],'values':[1]}}},"
                        + "{'id':4,'vector':{'rare':{'indices':[1,9],'values':[1,1]}}}]}")
                .status())
        .isEqualTo(200);
  }

  private String query(String body) {
    StringBuilder text = new StringBuilder();
    for (JsonNode hit : client.post(POINTS + "/query", body).result().get("points")) {
      text.append(hit.get("id").asText()).append('=').append(hit.get("score").asText()).append(' ');
    }
    return text.toString().strip();
  }

  @Test
  void theSettingsAreAnswered() {
    JsonNode sparse = client.get(DOCS).result().at("/config/params/sparse_vectors");
    assertThat(sparse.toString())
        .isEqualTo("{\"rare\":{\"modifier\":\"idf\"},\"words\":{\"index\":{\"on_disk\":true}}}");
    assertThat(
            client
                .send("PATCH", DOCS, "{'sparse_vectors':{'words':{'index':{'on_disk':false}}}}")
                .status())
        .isEqualTo(200);
    assertThat(client.get(DOCS).result().at("/config/params/sparse_vectors/words/index").toString())
        .isEqualTo("{\"on_disk\":false}");
    assertThat(client.send("PATCH", DOCS, "{'sparse_vectors':{'other':{}}}").status())
        .isEqualTo(400);
    assertThat(
            client.send("PATCH", DOCS, "{'sparse_vectors':{'words':{'modifier':'idf'}}}").error())
        .contains("cannot be added later");
  }

  @Test
  void vectorsAreAnsweredByIndex() {
    assertThat(client.get(POINTS + "/2").result().get("vector").toString())
        .isEqualTo(
            "{\"rare\":{\"indices\":[1,2],\"values\":[1.0,1.0]},"
                + "\"words\":{\"indices\":[3,4294967295],\"values\":[4.0,5.0]}}");
    assertThat(
            client
                .post(POINTS, "{'ids':[1],'with_vector':['words']}")
                .result()
                .get(0)
                .get("vector")
                .toString())
        .isEqualTo("{\"words\":{\"indices\":[3,7],\"values\":[1.0,2.0]}}");
  }

  @Test
  void hitsAreThoseWithTheHighestSums() {
    String words = "'using':'words'";
    assertThat(query("{'query':{'indices':[3,7],'values':[1,10]}," + words + "}"))
        .isEqualTo("1=21.0 2=4.0");
    assertThat(query("{'query':{'nearest':{'indices':[3,7],'values':[1,10]}}," + words + "}"))
        .isEqualTo("1=21.0 2=4.0");
    assertThat(query("{'query':{'indices':[4294967295],'values':[2]}," + words + "}"))
        .isEqualTo("2=10.0");
    assertThat(query("{'query':{'indices':[5],'values':[2]}," + words + "}")).isEmpty();
    assertThat(query("{'query':{'indices':[3],'values':[1]}," + words + ",'limit':1,'offset':1}"))
        .isEqualTo("1=1.0");
    assertThat(query("{'query':{'indices':[3],'values':[1]}," + words + ",'score_threshold':2}"))
        .isEqualTo("2=4.0");
    assertThat(
            query(
                "{'query':{'indices':[3],'values':[1]},"
                    + words
                    + ",'filter':{'must':[{'key':'n','match':{'value':1}}]}}"))
        .isEqualTo("1=1.0");
    // By a stored point, which is no hit itself.
    assertThat(query("{'query':1," + words + "}")).isEqualTo("2=4.0");
    assertThat(
            client
                .post(
                    POINTS + "/search",
                    "{'vector':{'name':'words','vector':{'indices':[7],'values':[1]}},'limit':3,"
                        + "'with_vector':true}")
                .result()
                .get(0)
                .at("/vector/words/values/1")
                .asInt())
        .isEqualTo(2);
  }

  /// Index 1 is in all three vectors, 2 in one of them.
  @Test
  void rareIndicesCountMore() {
    float common = (float) Math.log(1 + 0.5 / 3.5);
    float rare = (float) Math.log(1 + 2.5 / 1.5);
    JsonNode hits =
        client
            .post(POINTS + "/query", "{'query':{'indices':[1,2],'values':[1,1]},'using':'rare'}")
            .result()
            .get("points");
    assertThat(hits).hasSize(3);
    assertThat(hits.get(0).get("id").asInt()).isEqualTo(2);
    assertThat(hits.get(0).get("score").floatValue()).isCloseTo(common + rare, within());
    assertThat(hits.get(1).get("id").asInt()).isEqualTo(3);
    assertThat(hits.get(1).get("score").floatValue()).isCloseTo(common, within());
  }

  private static org.assertj.core.data.Offset<Float> within() {
    return org.assertj.core.api.Assertions.within(1e-6f);
  }

  @Test
  void denseAndSparseAreFused() {
    assertThat(
            query(
                "{'prefetch':[{'query':[0,1],'using':'image','limit':2},"
                    + "{'query':{'indices':[3],'values':[1]},'using':'words','limit':2}],"
                    + "'query':{'fusion':'rrf'},'limit':4}"))
        .isEqualTo("1=0.6666667 2=0.5 3=0.5");
  }

  @Test
  void vectorsAreChangedAndDeleted() {
    client.put(
        POINTS + "/vectors",
        "{'points':[{'id':1,'vector':{'words':{'indices':[8],'values':[1]}}}]}");
    assertThat(query("{'query':{'indices':[8],'values':[3]},'using':'words'}")).isEqualTo("1=3.0");
    assertThat(client.get(POINTS + "/1").result().at("/vector/image").toString())
        .isEqualTo("[1.0,0.0]");
    client.post(POINTS + "/vectors/delete", "{'points':[1],'vector':['words']}");
    assertThat(query("{'query':{'indices':[8],'values':[3]},'using':'words'}")).isEmpty();
    client.put(
        POINTS,
        "{'batch':{'ids':[11,12],'vectors':{'words':["
            + "{'indices':[20],'values':[1]},{'indices':[20],'values':[2]}]}}}");
    assertThat(query("{'query':{'indices':[20],'values':[1]},'using':'words'}"))
        .isEqualTo("12=2.0 11=1.0");
    assertThat(
            client
                .post(POINTS + "/count", "{'filter':{'must':[{'has_vector':'words'}]}}")
                .result()
                .get("count")
                .asInt())
        .isEqualTo(3);
  }

  @Test
  void wrongOnesAreRefused() {
    for (String vector :
        new String[] {
          "{'indices':[1,1],'values':[1,2]}",
          "{'indices':[1],'values':[1,2]}",
          "{'indices':[4294967296],'values':[1]}",
          "{'indices':[-1],'values':[1]}",
          "{'indices':[1],'values':[1e39]}"
        }) {
      assertThat(
              client
                  .put(POINTS, "{'points':[{'id':1,'vector':{'words':" + vector + "}}]}")
                  .status())
          .as(vector)
          .isEqualTo(422);
      assertThat(
              client.post(POINTS + "/query", "{'query':" + vector + ",'using':'words'}").status())
          .as(vector)
          .isEqualTo(422);
    }
    for (String body :
        new String[] {
          "{'query':{'indices':[1]},'using':'words'}",
          "{'query':{'indices':[1],'values':[1]}}",
          "{'query':{'indices':[1],'values':[1]},'using':'image'}",
          "{'query':[1,2],'using':'words'}",
          "{'query':3,'using':'words'}",
          "{'query':{'indices':[1],'values':[1],'nearest':[1,2]},'using':'words'}",
          "{'query':{'indices':[1.5],'values':[1]},'using':'words'}",
          "{'query':{'recommend':{'positive':[1]}},'using':'words'}"
        }) {
      assertThat(client.post(POINTS + "/query", body).status()).as(body).isEqualTo(400);
    }
    assertThat(client.put(POINTS, "{'points':[{'id':1,'vector':{'words':[1,2]}}]}").status())
        .isEqualTo(400);
    assertThat(client.put(POINTS, "{'points':[{'id':1,'vector':{'none':[1,2]}}]}").status())
        .isEqualTo(400);
    assertThat(query("{'query':{'indices':[3,7],'values':[1,10]},'using':'words'}"))
        .isEqualTo("1=21.0 2=4.0");
  }

  /// Also in a collection that has no other vectors.
  @Test
  void theyAreThereAfterANewStart() {
    MemoryDisk disk = new MemoryDisk();
    DatabaseOptions options = DatabaseOptions.defaults().withDisk(disk).withMeasuredCosts(false);
    HttpConfig config = HttpConfig.defaults("0.1.0-test");
    Path folder = Path.of("data");
    try (ApiClient first = new ApiClient(Database.open(folder, options), config)) {
      first.put("/collections/alone", "{'sparse_vectors':{'words':{}}}");
      first.put(
          "/collections/alone/points",
          "{'points':[{'id':1,'vector':{'words':{'indices':[5],'values':[2]}}}]}");
      first.database.collection("alone").seal();
      first.put(
          "/collections/alone/points",
          "{'points':[{'id':2,'vector':{'words':{'indices':[5],'values':[3]}}}]}");
    }
    try (ApiClient second = new ApiClient(Database.open(folder, options), config)) {
      JsonNode points =
          second
              .post(
                  "/collections/alone/points/query",
                  "{'query':{'indices':[5],'values':[1]},'using':'words'}")
              .result()
              .get("points");
      assertThat(points.findValuesAsText("id")).containsExactly("2", "1");
    }
  }
}
