package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The forms of searches that clients of older versions send answer what the newer ones do.
class OlderFormsTest {
  private static final String POINTS = "/collections/films/points";

  private final ApiClient client = new ApiClient();

  @BeforeEach
  void fill() {
    client.fill(
        "films",
        "Euclid",
        """
        [{'id':1,'vector':[1,0,0,0],'payload':{'city':'Berlin'}},
         {'id':2,'vector':[2,0,0,0],'payload':{'city':'Rome'}},
         {'id':3,'vector':[4,0,0,0],'payload':{'city':'Berlin'}},
         {'id':4,'vector':[7,0,0,0],'payload':{'city':'Rome'}},
         {'id':5,'vector':[11,0,0,0],'payload':{'city':7}}]
        """);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private String groups(String path, String body) {
    StringBuilder text = new StringBuilder();
    for (JsonNode group : client.post(POINTS + path, body).result().get("groups")) {
      text.append(group.get("id").asText());
      group.get("hits").forEach(hit -> text.append(' ').append(hit.get("id")));
      text.append("; ");
    }
    return text.toString();
  }

  @Test
  void groupsOfASearch() {
    String groups = "'group_by':'city','group_size':2,'limit':2}";
    String newer = groups("/query/groups", "{'query':[0,0,0,0]," + groups);
    assertThat(newer).isEqualTo("Berlin 1 3; Rome 2 4; ");
    assertThat(groups("/search/groups", "{'vector':[0,0,0,0]," + groups)).isEqualTo(newer);
    assertThat(groups("/recommend/groups", "{'positive':[[0,0,0,0]]," + groups)).isEqualTo(newer);
    assertThat(groups("/recommend/groups", "{'positive':[1]," + groups))
        .isEqualTo("Rome 2 4; Berlin 3; ");
    assertThat(client.post(POINTS + "/search/groups", "{'vector':[0,0,0,0],'limit':1}").error())
        .contains("group_by is missing");
    assertThat(client.post(POINTS + "/search/groups", "{'group_by':'city','limit':1}").error())
        .contains("vector is missing");
    assertThat(
            client
                .post(
                    POINTS + "/recommend/groups",
                    "{'positive':[1],'group_by':'city','limit':1,'offset':1}")
                .status())
        .isEqualTo(400);
  }

  private List<Integer> ids(JsonNode points) {
    List<Integer> ids = new ArrayList<>();
    points.forEach(point -> ids.add(point.get("id").asInt()));
    return ids;
  }

  @Test
  void discoveries() {
    String context = "'context':[{'positive':1,'negative':5}]";
    List<Integer> newer =
        ids(
            client
                .post(POINTS + "/query", "{'query':{'discover':{'target':4," + context + "}}}")
                .result()
                .get("points"));
    assertThat(newer).containsExactly(3, 2);
    assertThat(
            ids(
                client
                    .post(POINTS + "/discover", "{'target':4," + context + ",'limit':9}")
                    .result()))
        .isEqualTo(newer);
    JsonNode batch =
        client
            .post(
                POINTS + "/discover/batch",
                "{'searches':[{" + context + ",'limit':2},{'target':[6,0,0,0],'top':1}]}")
            .result();
    assertThat(ids(batch.get(0))).containsExactly(2, 3);
    assertThat(ids(batch.get(1))).containsExactly(4);
    assertThat(client.post(POINTS + "/discover", "{'limit':1}").error())
        .contains("target is missing");
    assertThat(client.post(POINTS + "/discover", "{'target':1}").error())
        .contains("limit is missing");
  }

  @Test
  void theNearestInASample() {
    String body = "{'sample':9,'limit':1,'filter':{'must':[{'has_id':[1,2,3,5]}]}}";
    JsonNode pairs = client.post(POINTS + "/search/matrix/pairs", body).result().get("pairs");
    StringBuilder text = new StringBuilder();
    for (JsonNode pair : pairs) {
      text.append(pair.get("a")).append('-').append(pair.get("b"));
      text.append('=').append(pair.get("score").asInt()).append(' ');
    }
    assertThat(text.toString()).isEqualTo("1-2=1 2-1=1 3-2=2 5-3=7 ");
    JsonNode offsets = client.post(POINTS + "/search/matrix/offsets", body).result();
    assertThat(offsets.get("ids").toString()).isEqualTo("[1,2,3,5]");
    assertThat(offsets.get("offsets_row").toString()).isEqualTo("[0,1,2,3]");
    assertThat(offsets.get("offsets_col").toString()).isEqualTo("[1,0,1,2]");
    assertThat(offsets.get("scores").toString()).isEqualTo("[1.0,1.0,2.0,7.0]");
    assertThat(client.post(POINTS + "/search/matrix/pairs", "{'sample':3}").result().get("pairs"))
        .hasSize(6);
    assertThat(client.post(POINTS + "/search/matrix/pairs", "{'using':'x'}").error())
        .contains("no vector named 'x'");
    assertThat(client.post(POINTS + "/search/matrix/pairs", "{'sample':1}").status())
        .isEqualTo(422);
  }
}
