package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import io.capsdb.Collection;
import io.capsdb.Hit;
import io.capsdb.formats.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be asked beside the nearest points to a vector.
class QueryFormsTest {
  private static final String POINTS = "/collections/films/points";
  private static final String QUERY = POINTS + "/query";

  private final ApiClient client = new ApiClient();

  @BeforeEach
  void fill() {
    client.fill(
        "films",
        "Dot",
        """
        [{'id':1,'vector':[1,0,0,0],'payload':{'city':'Berlin','year':1999,'tags':['a','b']}},
         {'id':2,'vector':[2,0,0,0],'payload':{'city':'Rome','year':2001.5,'tags':['b']}},
         {'id':3,'vector':[3,0,0,0],'payload':{'city':'Berlin','year':[1980,2020]}},
         {'id':4,'vector':[0,4,0,0],'payload':{'city':'Oslo','when':'2024-05-01'}},
         {'id':5,'vector':[0,5,0,0],'payload':{'city':7,'when':'2023-05-01T10:00:00Z'}}]
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

  private JsonNode points(String body) {
    return client.post(QUERY, body).result().get("points");
  }

  private List<Integer> query(String body) {
    return ids(points(body));
  }

  /// What a query reads, more than which it does not answer.
  private List<Hit> read(String body) throws IOException {
    Collection collection = client.database.collection("films");
    try (JsonParser in = Json.factory().createParser(body.replace('\'', '"'))) {
      in.nextToken();
      QueryBody query = QueryBodies.query(in, collection.config());
      return new QueryRunner(
              collection,
              client.database::collection,
              new SplittableRandom(1),
              SearchOptions.NONE,
              () -> false)
          .run(query)
          .hits();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'limit':2",
        "'query':{'order_by':'year'}",
        "'query':{'sample':'random'}",
        "'query':{'recommend':{'positive':[1],'strategy':'best_score'}}",
        "'query':{'context':[{'positive':1,'negative':4}]}",
        "'query':{'formula':'$score'},'prefetch':{'query':[1,0,0,0]}",
        "'query':{'fusion':'rrf'},'prefetch':{'query':[1,0,0,0]}",
        "'query':{'nearest':[1,0,0,0],'mmr':{}}"
      })
  void payloadsAndVectorsAreReadWhereTheyAreAskedFor(String query) throws IOException {
    for (boolean hasVectors : new boolean[] {false, true}) {
      List<Hit> hits = read("{" + query + ",'with_payload':true,'with_vector':" + hasVectors + "}");
      assertThat(hits).isNotEmpty();
      assertThat(hits).allMatch(hit -> hit.vectors().isEmpty() != hasVectors);
      assertThat(hits).noneMatch(hit -> hit.payload().fields().isEmpty());
    }
  }

  @Test
  void withoutAQueryPointsComeInTheOrderOfTheirIds() {
    assertThat(query("{'limit':2,'offset':1}")).containsExactly(2, 3);
    assertThat(query("{'query':null,'filter':{'must':[{'has_id':[5,3]}]}}")).containsExactly(3, 5);
  }

  @Test
  void recommendationsLeaveTheirExamplesOut() {
    assertThat(query("{'query':{'recommend':{'positive':[1]}}}")).containsExactly(3, 2, 4, 5);
    // 2 * (1,0,0,0) - (0,5,0,0): away from the second axis.
    JsonNode away = points("{'query':{'recommend':{'positive':[1],'negative':[5]}}}");
    assertThat(ids(away)).containsExactly(3, 2, 4);
    assertThat(away.get(2).get("score").asDouble()).isEqualTo(-20);
    assertThat(query("{'query':{'recommend':{'positive':[[0,1,0,0]]}},'limit':2}"))
        .containsExactly(5, 4);
    assertThat(client.post(QUERY, "{'query':{'recommend':{'positive':[77]}}}").status())
        .isEqualTo(404);
    assertThat(client.post(QUERY, "{'query':{'recommend':{'positive':[]}}}").status())
        .isEqualTo(422);
  }

  @Test
  void theBestScoreIsThatOfTheNearestExample() {
    JsonNode best =
        points("{'query':{'recommend':{'positive':[1],'negative':[5],'strategy':'best_score'}}}");
    assertThat(ids(best)).containsExactly(3, 2, 4);
    // Similarity 3: 3 / (1 + 3) on a scale from 0 to 1.
    assertThat(best.get(0).get("score").asDouble()).isCloseTo(0.875, within(1e-6));
    assertThat(best.get(2).get("score").asDouble()).isNegative();
    JsonNode sum = points("{'query':{'recommend':{'positive':[1,2],'strategy':'sum_scores'}}}");
    assertThat(sum.get(0).get("score").asDouble()).isEqualTo(9);
  }

  @Test
  void similaritiesInEuclidAreSquaredDistances() {
    client.fill("line", "Euclid", "[{'id':1,'vector':[0,0,0,0]},{'id':2,'vector':[3,0,0,0]}]");
    JsonNode found =
        client
            .post(
                "/collections/line/points/query",
                "{'query':{'discover':{'target':[1,0,0,0],'context':[]}}}")
            .result()
            .get("points");
    assertThat(ids(found)).containsExactly(1, 2);
    // -1 / (1 + 1) and -4 / (1 + 4), on a scale from 0 to 1.
    assertThat(found.get(0).get("score").asDouble()).isCloseTo(0.25, within(1e-6));
    assertThat(found.get(1).get("score").asDouble()).isCloseTo(0.1, within(1e-6));
    JsonNode pairs =
        client
            .post("/collections/line/points/search/matrix/pairs", "{'sample':2,'limit':1}")
            .result()
            .get("pairs");
    assertThat(pairs.get(0).get("score").asDouble()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'query':[3e38,3e38,0,0]}",
        "{'query':{'recommend':{'positive':[[3e38,3e38,0,0]]}}}",
        "{'query':{'recommend':{'positive':[[3e38,3e38,0,0]],'strategy':'sum_scores'}}}",
        "{'query':{'discover':{'target':[3e38,3e38,0,0],'context':[]}}}",
        "{'query':[1,2,3,4],'lookup_from':{'collection':'zz'}}"
      })
  void examplesAreHeldToTheBoundsOfQueries(String body) {
    ApiClient.Reply reply = client.post(QUERY, body);
    boolean isLookup = body.contains("lookup_from");
    assertThat(reply.status()).as(reply.text()).isEqualTo(isLookup ? 404 : 400);
    assertThat(reply.error()).contains(isLookup ? "zz" : "must be at most");
  }

  @Test
  void examplesAreAveragedAsTheyAreGiven() {
    client.fill("round", "Cosine", "[{'id':1,'vector':[5,0,0,0]}]");
    JsonNode found =
        client
            .post(
                "/collections/round/points/query",
                "{'query':{'recommend':{'positive':[[2,0,0,0],[0,1,0,0]]}}}")
            .result()
            .get("points");
    // The cosine of (1, 0) and (1, 0.5).
    assertThat(found.get(0).get("score").asDouble()).isCloseTo(0.894427, within(1e-5));
  }

  @Test
  void groupsOfPrefetchedPointsGoOnUntilThereAreEnough() {
    client.fill(
        "docs",
        "Dot",
        """
        [{'id':1,'vector':[9,0,0,0],'payload':{'doc':'a'}},
         {'id':2,'vector':[8,0,0,0],'payload':{'doc':'a'}},
         {'id':3,'vector':[7,0,0,0],'payload':{'doc':'b'}},
         {'id':4,'vector':[6,0,0,0],'payload':{'doc':'c'}}]
        """);
    JsonNode groups =
        client
            .post(
                "/collections/docs/points/query/groups",
                "{'prefetch':[{'query':[1,0,0,0],'limit':2}],'query':{'fusion':'rrf'},"
                    + "'group_by':'doc','limit':3,'group_size':1,'with_vector':true}")
            .result()
            .get("groups");
    assertThat(groups.findValuesAsText("doc")).isEmpty();
    assertThat(groups).hasSize(3);
    assertThat(groups.get(2).get("hits").get(0).get("vector")).hasSize(4);
  }

  @Test
  void anOrderHasAPointOnceForEachDifferentValue() {
    client.fill("many", "Dot", "[{'id':1,'vector':[1,0,0,0],'payload':{'n':[7,5,7]}}]");
    client.put("/collections/many/index", "{'field_name':'n','field_schema':'integer'}");
    JsonNode found =
        client.post("/collections/many/points/scroll", "{'order_by':'n'}").result().get("points");
    assertThat(found.findValues("order_value")).extracting(JsonNode::asInt).containsExactly(5, 7);
  }

  @Test
  void discoveryKeepsToThePositiveSides() {
    assertThat(
            query(
                "{'query':{'discover':{'target':[0,1,0,0],"
                    + "'context':[{'positive':1,'negative':5}]}}}"))
        .containsExactly(2, 3, 4);
    JsonNode context = points("{'query':{'context':[{'positive':1,'negative':5}]},'limit':4}");
    assertThat(context.get(0).get("score").asDouble()).isZero();
    assertThat(ids(context)).containsExactly(2, 3, 4);
  }

  @Test
  void feedbackDrawsHitsToWhatWasRatedHigher() {
    String body =
        """
        {'query':{'relevance_feedback':{'target':[1,0,0,0],
          'feedback':[{'example':1,'score':0.9},{'example':[0,1,0,0],'score':0.4},
                      {'example':[0,0,1,0],'score':0.4}],
          'strategy':{'naive':{'a':0.5,'b':2,'c':4}}}}}
        """;
    JsonNode points = points(body);
    // Two pairs of 0.5 apart: 4 * 0.25 * (the first axis less another one), and half the target.
    assertThat(ids(points)).as("without example 1").containsExactly(3, 2, 4, 5);
    assertThat(points.get(0).get("score").asDouble()).isCloseTo(2 * 3 + 1.5, within(1e-6));
    assertThat(points.get(3).get("score").asDouble()).isCloseTo(-5, within(1e-6));
    String equal = body.replace("0.9", "0.4").replace("'b':2", "'b':-1");
    assertThat(points(equal).get(0).get("score").asDouble())
        .as("nothing was rated higher")
        .isEqualTo(1.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'feedback':[],'strategy':{'naive':{'a':1,'b':1,'c':1}}}",
        "{'target':1,'strategy':{'naive':{'a':1,'b':1,'c':1}}}",
        "{'target':1,'feedback':[{'example':2}],'strategy':{'naive':{'a':1,'b':1,'c':1}}}",
        "{'target':1,'feedback':[],'strategy':{'naive':{'a':1,'b':1}}}",
        "{'target':1,'feedback':[],'strategy':{'wise':{}}}",
        "{'target':1,'feedback':[],'strategy':{'naive':{'a':1e300,'b':1,'c':1}}}",
      })
  void feedbackThatCannotBeUsedIsRefused(String feedback) {
    assertThat(client.post(QUERY, "{'query':{'relevance_feedback':" + feedback + "}}").status())
        .isEqualTo(400);
  }

  @Test
  void ordersByAFieldOncePerValue() {
    assertThat(query("{'query':{'order_by':'year'}}")).containsExactly(3, 1, 2, 3);
    JsonNode down = points("{'query':{'order_by':{'key':'year','direction':'desc'}},'limit':2}");
    assertThat(ids(down)).containsExactly(3, 2);
    assertThat(down.get(0).get("order_value").asLong()).isEqualTo(2020);
    assertThat(down.get(1).get("order_value").asDouble()).isEqualTo(2001.5);
    JsonNode page =
        client
            .post(
                POINTS + "/scroll",
                "{'order_by':{'key':'when','start_from':'2023-06-01'},'with_payload':false}")
            .result();
    assertThat(page.get("next_page_offset").isNull()).isTrue();
    assertThat(page.get("points").toString())
        .isEqualTo("[{\"id\":4,\"order_value\":1714521600000000}]");
    assertThat(client.post(POINTS + "/scroll", "{'order_by':'year','offset':1}").status())
        .isEqualTo(400);
  }

  @Test
  void samplesAreOfMatchingPoints() {
    String berlin = "'filter':{'must':[{'key':'city','match':{'value':'Berlin'}}]}";
    assertThat(query("{'query':{'sample':'random'}," + berlin + "}"))
        .containsExactlyInAnyOrder(1, 3);
    assertThat(query("{'query':{'sample':'random'},'limit':3}")).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void fusionsAddRanksOrScores() {
    String lists =
        "'prefetch':[{'query':[1,0,0,0],'limit':2},{'query':[0,1,0,0],'limit':2},"
            + "{'query':[1,0,0,0],'limit':1}]";
    JsonNode ranked = points("{" + lists + ",'query':{'fusion':'rrf'},'with_payload':['city']}");
    assertThat(ids(ranked)).containsExactly(3, 5, 2, 4);
    assertThat(ranked.get(0).get("score").asDouble()).isEqualTo(1);
    assertThat(ranked.get(1).get("score").asDouble()).isEqualTo(0.5);
    assertThat(ranked.get(2).get("score").asDouble()).isCloseTo(1 / 3.0, within(1e-6));
    assertThat(ranked.get(0).at("/payload/city").asText()).isEqualTo("Berlin");
    JsonNode weighted =
        points("{" + lists + ",'query':{'rrf':{'k':1,'weights':[0,2,1]}},'limit':3}");
    // k = 1: weight / (rank + 1).
    assertThat(ids(weighted)).containsExactly(5, 3, 4);
    assertThat(weighted.get(0).get("score").asDouble()).isEqualTo(2);
    JsonNode scored =
        points(
            "{'prefetch':[{'query':[1,0,0,0],'limit':3},{'query':1,'limit':1}],"
                + "'query':{'fusion':'dbsf'}}");
    assertThat(ids(scored)).containsExactly(3, 2, 1);
    // Scores 3, 2, 1: mean 2, deviation 1, so 3 is at 4/6; the list of one is in the middle.
    assertThat(scored.get(0).get("score").asDouble()).isCloseTo(4 / 6.0 + 0.5, within(1e-6));
    assertThat(client.post(QUERY, "{'query':{'fusion':'rrf'}}").status()).isEqualTo(400);
    assertThat(client.post(QUERY, "{" + lists + "}").status()).isEqualTo(400);
  }

  @Test
  void prefetchedPointsAreTheCandidates() {
    assertThat(query("{'prefetch':{'query':[0,1,0,0],'limit':2},'query':[1,0,0,0]}"))
        .containsExactly(4, 5);
    String berlin = "'filter':{'must_not':[{'key':'city','match':{'value':'Berlin'}}]}";
    assertThat(query("{'prefetch':{'query':[1,0,0,0],'limit':1},'query':[1,0,0,0]," + berlin + "}"))
        .as("the filter holds for what is prefetched, too")
        .containsExactly(2);
  }

  @Test
  void vectorsOfIdsCanComeFromAnotherCollection() {
    client.fill("others", "Dot", "[{'id':1,'vector':[0,9,0,0]}]");
    assertThat(query("{'query':1,'lookup_from':{'collection':'others'},'limit':2}"))
        .containsExactly(5, 4);
    assertThat(client.post(QUERY, "{'query':1,'lookup_from':{'collection':'nowhere'}}").status())
        .isEqualTo(404);
  }

  @Test
  void filtersAsDeepAsAllowedAreAskedBesideExamples() {
    String filter = "{'must_not':{'has_id':[2]},'must':{'has_id':[1,2,3]}}";
    for (int depth = 1; depth < 14; depth++) {
      filter = "{'must':[" + filter + ",{'has_id':[1,2,3]}]}";
    }
    assertThat(query("{'query':{'recommend':{'positive':[1]}},'filter':" + filter + "}"))
        .containsExactly(3);
  }

  @Test
  void ordersBeginAtWholeNumbersThatNoDoubleHolds() {
    long[] values = {9007199254740992L, 9007199254740993L, 9007199254740994L, Long.MAX_VALUE};
    List<String> points = new ArrayList<>();
    for (int id = 0; id < values.length; id++) {
      points.add("{'id':" + id + ",'vector':[1,0,0,0],'payload':{'n':" + values[id] + "}}");
    }
    client.fill("large", "Dot", "[" + String.join(",", points) + "]");
    record Case(String start, String direction, List<Integer> found) {}
    for (Case each :
        List.of(
            new Case("9007199254740993", "asc", List.of(1, 2, 3)),
            new Case("9007199254740993", "desc", List.of(1, 0)),
            new Case("9007199254740992.0", "desc", List.of(0)),
            new Case("9223372036854775807", "asc", List.of(3)),
            new Case("9223372036854775808", "asc", List.of()))) {
      String order =
          "{'order_by':{'key':'n','start_from':%s,'direction':'%s'}}"
              .formatted(each.start(), each.direction());
      assertThat(ids(client.post("/collections/large/points/scroll", order).result().get("points")))
          .as(order)
          .isEqualTo(each.found());
    }
  }

  @Test
  void groupsAreAsManyAsThereAre() {
    JsonNode groups =
        client
            .post(
                QUERY + "/groups",
                "{'query':[1,0,0,0],'group_by':'city','limit':9,'group_size':2,"
                    + "'with_payload':false}")
            .result()
            .get("groups");
    List<String> values = new ArrayList<>();
    groups.forEach(group -> values.add(group.get("id").toString()));
    assertThat(values).containsExactly("\"Berlin\"", "\"Rome\"", "\"Oslo\"", "7");
    assertThat(ids(groups.get(0).get("hits"))).containsExactly(3, 1);
    assertThat(groups.get(0).at("/hits/0").has("payload")).isFalse();
    JsonNode tags =
        client
            .post(
                QUERY + "/groups",
                "{'query':[1,0,0,0],'group_by':'tags','group_size':5,'with_lookup':'films'}")
            .result()
            .get("groups");
    assertThat(tags).hasSize(2);
    assertThat(tags.get(0).get("id").asText()).isEqualTo("b");
    assertThat(ids(tags.get(0).get("hits"))).containsExactly(2, 1);
  }

  /// Many points of one value before the first one of another.
  @Test
  void groupsAreFoundBehindManyHitsOfOthers() {
    StringBuilder points = new StringBuilder();
    for (int id = 100; id < 2_100; id++) {
      points.append(id > 100 ? "," : "");
      points
          .append("{'id':" + id + ",'vector':[" + (5_000 - id) + ",0,0,0],'payload':{'g':")
          .append(id < 1_500 ? 0 : id / 100)
          .append("}}");
    }
    client.fill("many", "Dot", "[" + points + "]");
    JsonNode groups =
        client
            .post(
                "/collections/many/points/query/groups",
                "{'query':[1,0,0,0],'group_by':'g','limit':5,'group_size':3}")
            .result()
            .get("groups");
    List<Integer> values = new ArrayList<>();
    groups.forEach(group -> values.add(group.get("id").asInt()));
    assertThat(values).containsExactly(0, 15, 16, 17, 18);
    groups.forEach(group -> assertThat(group.get("hits")).hasSize(3));
  }

  @Test
  void batchesAnswerEachQuery() {
    JsonNode results =
        client
            .post(
                QUERY + "/batch",
                "{'searches':[{'query':[1,0,0,0],'limit':1},{'query':4,'limit':1,"
                    + "'with_payload':true}]}")
            .result();
    assertThat(results).hasSize(2);
    assertThat(ids(results.get(0).get("points"))).containsExactly(3);
    assertThat(results.at("/1/points/0/payload/city").asInt()).isEqualTo(7);
    JsonNode older =
        client
            .post(
                POINTS + "/search/batch",
                "{'searches':[{'vector':[1,0,0,0],'limit':2},{'vector':[0,1,0,0],'limit':1}]}")
            .result();
    assertThat(ids(older.get(0))).containsExactly(3, 2);
    assertThat(ids(older.get(1))).containsExactly(5);
    assertThat(
            ids(
                client
                    .post(POINTS + "/recommend", "{'positive':[1],'negative':[5],'limit':2}")
                    .result()))
        .containsExactly(3, 2);
  }

  @Test
  void facetsCountPointsByValue() {
    assertThat(
            client
                .post("/collections/films/facet", "{'key':'city'}")
                .result()
                .get("hits")
                .toString())
        .isEqualTo(
            "[{\"value\":\"Berlin\",\"count\":2},{\"value\":7,\"count\":1},"
                + "{\"value\":\"Oslo\",\"count\":1},{\"value\":\"Rome\",\"count\":1}]");
    assertThat(
            client
                .post(
                    "/collections/films/facet",
                    "{'key':'tags','limit':1,'filter':{'must_not':[{'has_id':[2]}]}}")
                .result()
                .get("hits")
                .toString())
        .isEqualTo("[{\"value\":\"a\",\"count\":1}]");
  }

  @Test
  void aMillionIdsAreOneBitmap() {
    String bitmap = bitmap();
    assertThat(query("{'query':[1,0,0,0],'filter':{'must':[{'has_id_bitmap':'" + bitmap + "'}]}}"))
        .containsExactly(3, 2);
    ApiClient.Reply wrong =
        client.post(QUERY, "{'query':1,'filter':{'must':{'has_id_bitmap':'bm90IG9uZQ=='}}}");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.error()).contains("has_id_bitmap", "RoaringBitmap");
  }

  private static String bitmap() {
    org.roaringbitmap.RoaringBitmap ids = org.roaringbitmap.RoaringBitmap.bitmapOf(2, 3);
    ids.add(1_000L, 1_001_000L);
    byte[] bytes = new byte[ids.serializedSizeInBytes()];
    ids.serialize(java.nio.ByteBuffer.wrap(bytes));
    return java.util.Base64.getEncoder().encodeToString(bytes);
  }

  @Test
  void optionsComeFromHeadersTheQueryStringAndTheCollection() {
    byte[] body = "{\"query\":[1,0,0,0]}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(client.raw("POST", QUERY, body, "x-caps-explain", "plan").json().at("/result/caps"))
        .isNotEmpty();
    assertThat(client.raw("POST", QUERY + "?caps_explain=true", body).json().at("/result/caps"))
        .isNotEmpty();
    assertThat(
            client
                .raw("POST", QUERY + "?caps_explain=true", body, "x-caps-explain", "false")
                .json()
                .at("/result/caps")
                .isMissingNode())
        .isTrue();
    assertThat(client.raw("POST", QUERY, body, "x-caps-recall-target", "2").status())
        .isEqualTo(422);
    assertThat(client.raw("POST", QUERY, body, "x-caps-nonsense", "2").status()).isEqualTo(422);
    client.send("PATCH", "/collections/films", "{'caps_config':{'explain':true}}");
    assertThat(client.raw("POST", QUERY, body).json().at("/result/caps")).isNotEmpty();
    assertThat(client.send("PATCH", "/collections/films", "{'caps_config':{'x':true}}").status())
        .isEqualTo(422);
  }

  /// The second nearest to the query is as near to the first, so the next one comes before it.
  @Test
  void diverseHitsAreFarFromOneAnother() {
    client.fill(
        "mmr",
        "Cosine",
        """
        [{'id':1,'vector':[1,0,0,0],'payload':{'n':1}},{'id':2,'vector':[1,0.01,0,0]},
         {'id':3,'vector':[1,0,0.9,0],'payload':{'n':3}},{'id':4,'vector':[0,0,0,1]}]
        """);
    String url = "/collections/mmr/points/query";
    JsonNode two =
        client
            .post(
                url,
                "{'query':{'nearest':[1,0,0,0],'mmr':{'diversity':0.6,'candidates_limit':4}},"
                    + "'limit':2,'with_payload':true}")
            .result()
            .get("points");
    assertThat(ids(two)).containsExactly(1, 4);
    assertThat(two.get(0).get("score").asDouble()).isCloseTo(1, within(1e-6));
    assertThat(two.get(0).at("/payload/n").asInt()).isEqualTo(1);
    assertThat(two.get(0).has("vector")).isFalse();
    JsonNode few =
        client
            .post(
                url,
                "{'query':{'nearest':1,'mmr':{'diversity':0.6,'candidates_limit':2}},"
                    + "'limit':3,'with_vector':true}")
            .result()
            .get("points");
    // Its own point is no hit; fewer candidates than hits make no fewer hits.
    assertThat(ids(few)).containsExactly(2, 4, 3);
    assertThat(few.get(1).get("vector")).hasSize(4);
    assertThat(
            ids(
                client
                    .post(
                        url,
                        "{'query':{'nearest':[1,0,0,0],'mmr':{'diversity':0}},'limit':2,"
                            + "'offset':1}")
                    .result()
                    .get("points")))
        .containsExactly(2, 3);
    assertThat(
            ids(
                client
                    .post(
                        url,
                        "{'prefetch':{'query':[1,0,0,0],'limit':3},"
                            + "'query':{'nearest':[1,0,0,0],'mmr':{'diversity':1,'candidates_limit':9}},'limit':2,"
                            + "'filter':{'must_not':[{'has_id':[2]}]}}")
                    .result()
                    .get("points")))
        .containsExactly(1, 4);
  }

  @Test
  void diversityAmongMoreVectorsThanMemoryHoldsIsRefused() {
    client.send("PUT", "/collections/wide", "{'vectors':{'size':32768,'distance':'Cosine'}}");
    ApiClient.Reply reply =
        client.post(
            "/collections/wide/points/query",
            "{'query':{'nearest':["
                + String.join(",", java.util.Collections.nCopies(32_768, "1"))
                + "],'mmr':{'candidates_limit':5000}}}");
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.error()).contains("candidates_limit", "must be from 1 to 1024");
  }

  private double value(String formula, int id) {
    JsonNode points =
        points(
            "{'prefetch':[{'query':[1,0,0,0],'limit':3},{'query':[0,1,0,0],'limit':3}],"
                + "'query':{'formula':"
                + formula
                + ",'defaults':{'year':7,'$score[1]':0.5,'home':{'lon':1,'lat':0}}},"
                + "'filter':{'must':[{'has_id':["
                + id
                + "]}]}}");
    return points.get(0).get("score").asDouble();
  }

  @Test
  void formulasComputeScores() {
    assertThat(value("'$score'", 2)).isEqualTo(2);
    assertThat(value("{'sum':['$score[0]',{'mult':[2,'$score[1]']}]}", 5)).isEqualTo(10);
    assertThat(value("{'sum':['year',1]}", 1)).isEqualTo(2000);
    assertThat(value("'year'", 4)).isEqualTo(7);
    assertThat(value("'$score[7]'", 1)).isZero();
    assertThat(value("{'key':'city','match':{'value':'Rome'}}", 2)).isEqualTo(1);
    assertThat(value("{'key':'city','match':{'value':'Rome'}}", 1)).isZero();
    assertThat(value("{'has_id':[1]}", 1)).isEqualTo(1);
    assertThat(value("{'has_vector':''}", 1)).isEqualTo(1);
    assertThat(value("{'neg':{'abs':-3}}", 1)).isEqualTo(-3);
    assertThat(value("{'sqrt':{'pow':{'base':3,'exponent':2}}}", 1)).isCloseTo(3, within(1e-6));
    assertThat(value("{'ln':{'exp':2}}", 1)).isCloseTo(2, within(1e-6));
    assertThat(value("{'log10':1000}", 1)).isCloseTo(3, within(1e-6));
    assertThat(value("{'acosh':1}", 1)).isZero();
    assertThat(value("{'acosh':1e30}", 1)).isCloseTo(Math.log(2e30), within(1e-4));
    assertThat(value("{'max':[1,{'neg':5},'$score']}", 2)).isEqualTo(2);
    assertThat(value("{'min':[1,{'neg':5},'$score']}", 2)).isEqualTo(-5);
    assertThat(value("{'div':{'left':1,'right':4}}", 1)).isEqualTo(0.25);
    assertThat(value("{'div':{'left':1,'right':0,'by_zero_default':9}}", 1)).isEqualTo(9);
    assertThat(value("{'div':{'left':0,'right':0}}", 1)).isZero();
    // A day after the target, which halves it.
    assertThat(
            value(
                "{'exp_decay':{'x':{'datetime_key':'when'},'target':{'datetime':'2024-04-30'},"
                    + "'scale':86400}}",
                4))
        .isCloseTo(0.5, within(1e-6));
    assertThat(value("{'gauss_decay':{'x':2,'scale':1,'midpoint':0.5}}", 1))
        .isCloseTo(Math.pow(0.5, 4), within(1e-6));
    assertThat(value("{'lin_decay':{'x':1,'scale':4}}", 1)).isEqualTo(0.875);
    assertThat(value("{'lin_decay':{'x':100}}", 1)).isZero();
    assertThat(value("{'geo_distance':{'origin':{'lon':0,'lat':0},'to':'home'}}", 1))
        .isCloseTo(111_195, within(1.0));
  }

  @Test
  void formulasRankWhatWasPrefetched() {
    String prefetch = "{'prefetch':{'query':[1,0,0,0],'limit':3},";
    String boost =
        "'query':{'formula':{'sum':['$score',"
            + "{'mult':[10,{'key':'city','match':{'value':'Berlin'}}]}]}}";
    JsonNode all = points(prefetch + boost + ",'with_payload':['city'],'limit':5}");
    assertThat(ids(all)).containsExactly(3, 1, 2);
    assertThat(all.get(0).get("score").asDouble()).isEqualTo(13);
    assertThat(all.get(0).at("/payload/city").asText()).isEqualTo("Berlin");
    assertThat(query(prefetch + boost + ",'limit':1,'offset':1}")).containsExactly(1);
    assertThat(query(prefetch + boost + ",'score_threshold':11}")).containsExactly(3, 1);
    // As the candidates of another query.
    assertThat(
            query(
                "{'prefetch':"
                    + (prefetch + boost + ",'limit':2}")
                    + ",'query':[1,0,0,0],'limit':5}"))
        .containsExactly(3, 1);
    String some = "{'key':'n','range':{'gte':2}},";
    String many = "{'must':[{'should':[" + some.repeat(200) + "{'has_id':[0]}]},";
    many += "{'should':[" + some.repeat(200) + "{'has_id':[0]}]}]}";
    assertThat(client.post(QUERY, prefetch + "'query':{'formula':{'sum':[" + many + "]}}}").error())
        .contains("conditions, at most 256 are allowed");
    assertThat(client.post(QUERY, prefetch + "'query':{'formula':{'max':[]}}}").status())
        .isEqualTo(422);
    // What cannot be computed is refused, and told with the point.
    assertThat(client.post(QUERY, prefetch + "'query':{'formula':'city'}}").error())
        .contains("has not a number at 'city'");
    assertThat(client.post(QUERY, prefetch + "'query':{'formula':{'ln':0}}}").error())
        .contains("formula: ln(0.0) is -Infinity for point");
  }
}
