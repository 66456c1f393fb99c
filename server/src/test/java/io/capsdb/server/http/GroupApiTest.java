package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Groups of points whose field has many points of one value, several values, or other than strings
/// and whole numbers.
class GroupApiTest {
  private final ApiClient client = new ApiClient();

  @AfterEach
  void close() {
    client.close();
  }

  /// Points that are the nearer the smaller their id is.
  ///
  /// @param value of the field `g`, as JSON
  private void fill(int count, IntFunction<String> value) {
    List<String> points = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      points.add(
          "{'id':%d,'vector':[%d,0,0,0],'payload':{'g':%s,'n':[%d,%d]}}"
              .formatted(id, 5_000 - id, value.apply(id), id, 2 * count + id));
    }
    client.fill("points", "Dot", "[" + String.join(",", points) + "]");
  }

  private JsonNode groups(String body) {
    return client.post("/collections/points/points/query/groups", body).result().get("groups");
  }

  /// Each group as its value and the ids of its hits.
  private List<String> shown(String body) {
    List<String> shown = new ArrayList<>();
    for (JsonNode group : groups(body)) {
      StringBuilder text = new StringBuilder(group.get("id").asText());
      group.get("hits").forEach(hit -> text.append(' ').append(hit.get("id").asText()));
      shown.add(text.toString());
    }
    return shown;
  }

  @Test
  void valuesThatMakeNoGroupHideNoOthers() {
    fill(
        1_800,
        id ->
            switch (id) {
              case 0 -> "['a',1.5]";
              case 1_700, 1_701 -> "'b'";
              case 1_702 -> "[true,7]";
              case 1_703 -> "'a'";
              default -> List.of("2.5", "false", "{'x':1}").get(id % 3);
            });
    assertThat(shown("{'query':[1,0,0,0],'group_by':'g','limit':5,'group_size':2}"))
        .containsExactly("a 0 1703", "b 1700 1701", "7 1702");
  }

  @Test
  void aGroupHasItsBestHitsAlsoWhereAnotherOneIsFoundByWorse() {
    fill(
        900,
        id ->
            switch (id) {
              case 0, 700 -> "'a'";
              case 800 -> "['a','z']";
              default -> "'x'";
            });
    assertThat(shown("{'query':[1,0,0,0],'group_by':'g','limit':3,'group_size':2}"))
        .containsExactly("a 0 700", "x 1 2", "z 800");
  }

  @Test
  void aHitComesOnceInAGroupAlsoWhereItIsOrderedByTwoValues() {
    fill(4, id -> "'a'");
    assertThat(shown("{'query':{'order_by':'n'},'group_by':'g','group_size':9}"))
        .containsExactly("a 0 1 2 3");
  }

  @Test
  void noPointHasANegativeIdToLookUp() {
    fill(1, id -> "-1");
    client.put("/collections/last", "{'vectors':{'size':1,'distance':'Dot'}}").result();
    client
        .put("/collections/last/points", "{'points':[{'id':18446744073709551615,'vector':[1]}]}")
        .result();
    JsonNode groups =
        groups("{'query':[1,0,0,0],'group_by':'g','with_lookup':{'collection':'last'}}");
    assertThat(groups.get(0).get("id").asInt()).isEqualTo(-1);
    assertThat(groups.get(0).has("lookup")).isFalse();
  }

  @Test
  void lookupsAnswerTheVectorsThatAreNamed() {
    fill(2, id -> Integer.toString(id));
    client
        .put(
            "/collections/named",
            "{'vectors':{'one':{'size':1,'distance':'Dot'},'two':{'size':1,'distance':'Dot'}}}")
        .result();
    client
        .put("/collections/named/points", "{'points':[{'id':1,'vector':{'one':[1],'two':[2]}}]}")
        .result();
    String query = "{'query':[1,0,0,0],'group_by':'g','with_lookup':";
    // The collection may come last.
    JsonNode groups = groups(query + "{'with_vectors':['two'],'collection':'named'}}");
    assertThat(groups.get(0).has("lookup")).isFalse();
    assertThat(groups.get(1).at("/lookup/vector").toString()).isEqualTo("{\"two\":[2.0]}");
    ApiClient.Reply reply =
        client.post(
            "/collections/points/points/query/groups",
            query + "{'with_vectors':['one','three'],'collection':'named'}}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error())
        .contains("with_lookup.with_vectors[1]: there is no vector named 'three'");
  }

  /// What the server joins to a filter, to find groups and to leave out examples, is not the
  /// client's.
  @Test
  void aFilterMayBeAsLargeAsThatOfASearch() {
    fill(10, id -> "'" + "abc".charAt(id % 3) + "'");
    String some = "{'key':'n','range':{'gte':2}},";
    String filter = "'filter':{'must':[" + some.repeat(254) + "{'has_id':[0,1,2,3,4,5,6]}]}";
    assertThat(shown("{'query':[1,0,0,0],'group_by':'g','limit':3,'group_size':4," + filter + "}"))
        .containsExactly("a 0 3 6", "b 1 4", "c 2 5");
    String recommend = "'query':{'recommend':{'positive':[3]}}";
    assertThat(shown("{" + recommend + ",'group_by':'g','limit':1,'group_size':4," + filter + "}"))
        .containsExactly("a 0 6");
    String body = "{" + recommend + "," + filter + "}";
    assertThat(client.post("/collections/points/points/query", body).result().get("points"))
        .hasSize(6);
  }

  @Test
  void aFilterAboveTheLimitIsRefused() {
    fill(3, id -> "'a'");
    String some = "{'key':'n','range':{'gte':2}},";
    String filter = "'filter':{'should':[" + some.repeat(255) + "{'has_id':[0]}]}}";
    for (String body : List.of("{'query':[1,0,0,0],", "{'query':[1,0,0,0],'group_by':'g',")) {
      String path = "/collections/points/points/query" + (body.contains("group") ? "/groups" : "");
      assertThat(client.post(path, body + filter).error())
          .contains("filter has 257 conditions, at most 256 are allowed");
    }
  }
}
