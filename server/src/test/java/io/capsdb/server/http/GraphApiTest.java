package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.io.MemoryDisk;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GraphApiTest {
  private static final String QUERY = "/collections/c/points/query";

  private final ApiClient client =
      new ApiClient(
          Database.open(
              Path.of("memory"),
              DatabaseOptions.defaults()
                  .withDisk(new MemoryDisk())
                  .withLog(false)
                  .withMinIndexRows(64)),
          HttpConfig.defaults("0.1.0-test"));

  @AfterEach
  void close() {
    client.close();
  }

  private void fill(String capsConfig) {
    assertThat(
            client
                .put(
                    "/collections/c",
                    "{'vectors':{'size':4,'distance':'Euclid'}" + capsConfig + "}")
                .status())
        .isEqualTo(200);
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      points.append(i == 0 ? "" : ",").append("{'id':").append(i).append(",'vector':[");
      for (int j = 0; j < 4; j++) {
        points.append(j == 0 ? "" : ",").append(random.nextFloat());
      }
      points.append("],'payload':{'n':").append(i % 2).append("}}");
    }
    assertThat(
            client.put("/collections/c/points?wait=true", "{'points':[" + points + "]}").status())
        .isEqualTo(200);
    client.database.collection("c").seal();
  }

  @Test
  void aCollectionSaysThatItHasAGraphAndSearchesIt() {
    fill(",'caps_config':{'graph_baseline':'on'}");
    assertThat(
            client.get("/collections/c").result().at("/config/caps_config/graph_baseline").asText())
        .isEqualTo("on");
    String body = "{'query':[0.5,0.5,0.5,0.5],'limit':5,'params':%s}";
    JsonNode graph =
        client
            .post(QUERY, body.formatted("{'hnsw_ef':200,'caps':{'index':'graph','explain':true}}"))
            .result();
    JsonNode exact = client.post(QUERY, body.formatted("{'exact':true}")).result();
    assertThat(graph.at("/caps/plan").asText()).isEqualTo("graph");
    assertThat(graph.at("/caps/index_used").asText()).isEqualTo("graph");
    assertThat(graph.get("points")).isEqualTo(exact.get("points"));
    JsonNode narrow =
        client
            .post(QUERY, body.formatted("{'hnsw_ef':5,'caps':{'index':'graph','explain':true}}"))
            .result();
    assertThat(narrow.at("/caps/rows_scored").asLong())
        .isLessThan(graph.at("/caps/rows_scored").asLong());
  }

  @Test
  void withoutAGraphItIsRefusedAndSaysHowToGetOne() {
    fill("");
    assertThat(client.get("/collections/c").result().at("/config").has("caps_config")).isFalse();
    ApiClient.Reply reply =
        client.post(QUERY, "{'query':[0,0,0,0],'params':{'caps':{'index':'graph'}}}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).contains("graph_baseline on");
    ApiClient.Reply odd =
        client.put("/collections/d", "{'caps_config':{'graph_baseline':'perhaps'}}");
    assertThat(odd.status()).isEqualTo(400);
    assertThat(odd.error()).contains("caps_config.graph_baseline", "must be on or off");
  }

  @Test
  void anEvaluationAnswersAllThatWasAsked() {
    fill(",'caps_config':{'graph_baseline':'on'}");
    JsonNode result =
        client
            .post(
                "/collections/c/evaluate",
                "{'sample':10,'k':3,'filters':[{'must':[{'key':'n','match':{'value':1}}]}],"
                    + "'indexes':['caps','graph','exact'],'recall_targets':[0.9],'widths':[20]}")
            .result();
    assertThat(result.get("queries").asInt()).isEqualTo(10);
    assertThat(result.get("workloads")).hasSize(2);
    assertThat(result.at("/workloads/1/share").asDouble()).isEqualTo(0.5);
    for (JsonNode series : result.at("/workloads/1/series")) {
      assertThat(series.at("/runs/0/recall").asDouble()).isGreaterThan(0.8);
      assertThat(series.at("/runs/0/wrong").asInt()).isZero();
    }
  }

  @Test
  void evaluationThatNobodyWaitsForIsGivenUp() {
    fill("");
    String filter = "{'must':[{'key':'n','match':{'value':1}}]}";
    long begin = System.nanoTime();
    ApiClient.Reply reply =
        client.post(
            "/collections/c/evaluate?timeout=1",
            "{'sample':50,'k':3,'indexes':['caps'],'recall_targets':[0.5,0.6,0.7,0.8,0.9,0.95,0.99],"
                + "'filters':["
                + String.join(",", Collections.nCopies(60, filter))
                + "]}");
    assertThat(reply.status()).as(reply.error()).isEqualTo(408);
    assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
    // The next one need not wait for it.
    assertThat(
            client
                .post("/collections/c/evaluate", "{'sample':5,'k':3,'indexes':['exact']}")
                .status())
        .isEqualTo(200);
  }

  @Test
  void badEvaluationsAreRefused() {
    fill("");
    for (List<String> each :
        List.of(
            List.of("{'k':0}", "k"),
            List.of("{'k':1001}", "k"),
            List.of(
                "{'indexes':['tree']}",
                "there are caps, graph, graph-post, graph-inline, graph-acorn, graph-acorn-1, exact"),
            List.of("{'shares':[0]}", "must be above 0"),
            List.of("{'shares':[1]}", "must be above 0 and below 1"),
            List.of("{'queries':[[1,2]]}", "query 0 has dimension 2"),
            List.of("{'using':'b'}", "there is no vector named 'b', the collection has []"),
            List.of("{'depth':1}", "unknown key 'depth'"),
            List.of("{'indexes':[]}", "there is no index to measure"))) {
      ApiClient.Reply reply = client.post("/collections/c/evaluate", each.get(0));
      assertThat(reply.status()).as(each.get(0)).isIn(400, 422);
      assertThat(reply.error()).as(each.get(0)).contains(each.get(1));
    }
    assertThat(client.post("/collections/none/evaluate", "{}").status()).isEqualTo(404);
  }
}
