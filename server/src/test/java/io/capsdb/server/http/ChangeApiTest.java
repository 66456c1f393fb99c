package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Changes of points that are there.
class ChangeApiTest {
  private static final String POINTS = "/collections/films/points";

  private final ApiClient client = new ApiClient();

  @BeforeEach
  void fill() {
    client.fill(
        "films",
        "Dot",
        """
        [{'id':1,'vector':[1,0,0,0],'payload':{'a':1,'b':{'c':[{'d':1},{'d':2}]}}},
         {'id':2,'vector':[2,0,0,0],'payload':{'a':2}}]
        """);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private String payload(int id) {
    return client.get(POINTS + "/" + id).result().get("payload").toString().replace('"', '\'');
  }

  private void change(String method, String path, String body) {
    JsonNode result = client.send(method, POINTS + path + "?wait=true", body).result();
    assertThat(result.get("status").asText()).isEqualTo("completed");
    assertThat(result.get("operation_id").asLong()).isPositive();
  }

  @Test
  void membersAreSetAndOthersStay() {
    change("POST", "/payload", "{'payload':{'x':true,'a':null},'points':[1]}");
    assertThat(payload(1)).isEqualTo("{'b':{'c':[{'d':1},{'d':2}]},'x':true}");
    assertThat(payload(2)).isEqualTo("{'a':2}");
    assertThat(client.get(POINTS + "/1").result().get("vector").toString())
        .isEqualTo("[1.0,0.0,0.0,0.0]");
  }

  @Test
  void aPathNamesWhereMembersAreSet() {
    change("POST", "/payload", "{'payload':{'e':3},'key':'b.c[1]','points':[1]}");
    change("POST", "/payload", "{'payload':{'f':0},'key':'b.c[]','points':[1]}");
    change("POST", "/payload", "{'payload':{'g':0},'key':'new.one','points':[1]}");
    assertThat(payload(1))
        .isEqualTo("{'a':1,'b':{'c':[{'d':1,'f':0},{'d':2,'e':3,'f':0}]},'new':{'one':{'g':0}}}");
  }

  @Test
  void payloadsAreReplacedAndCleared() {
    change("PUT", "/payload", "{'payload':{'z':0},'filter':{'must':[{'has_id':[1]}]}}");
    assertThat(payload(1)).isEqualTo("{'z':0}");
    change("POST", "/payload/clear", "{'points':[1]}");
    assertThat(payload(1)).isEqualTo("{}");
    assertThat(payload(2)).isEqualTo("{'a':2}");
  }

  @Test
  void pathsAreRemoved() {
    change("POST", "/payload/delete", "{'keys':['a','b.c[].d','nothing'],'points':[1]}");
    assertThat(payload(1)).isEqualTo("{'b':{'c':[{},{}]}}");
    change("POST", "/payload/delete", "{'keys':['b.c[0]'],'filter':{}}");
    assertThat(payload(1)).isEqualTo("{'b':{'c':[{}]}}");
  }

  @Test
  void missingPointsAreToldAndNothingIsChanged() {
    for (String path : new String[] {"/payload", "/payload/delete", "/payload/clear"}) {
      String body =
          switch (path) {
            case "/payload" -> "{'payload':{'a':9},'points':[1,77]}";
            case "/payload/delete" -> "{'keys':['a'],'points':[1,77]}";
            default -> "{'points':[1,77]}";
          };
      ApiClient.Reply reply = client.post(POINTS + path, body);
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.error()).contains("77");
    }
    assertThat(payload(1)).contains("'a':1");
    assertThat(client.post(POINTS + "/payload", "{'payload':{'a':9}}").status()).isEqualTo(400);
    assertThat(client.post(POINTS + "/payload", "{'payload':{},'points':[1],'filter':{}}").status())
        .isEqualTo(400);
  }

  @Test
  void vectorsAreSetAndRemovedByName() {
    client.put(
        "/collections/two",
        "{'vectors':{'a':{'size':2,'distance':'Dot'},'b':{'size':1,'distance':'Dot'}}}");
    client.put(
        "/collections/two/points",
        "{'points':[{'id':1,'vector':{'a':[1,2],'b':[3]},'payload':{'p':1}}]}");
    assertThat(
            client
                .put("/collections/two/points/vectors", "{'points':[{'id':1,'vector':{'b':[4]}}]}")
                .status())
        .isEqualTo(200);
    assertThat(client.get("/collections/two/points/1").result().toString())
        .isEqualTo("{\"id\":1,\"payload\":{\"p\":1},\"vector\":{\"a\":[1.0,2.0],\"b\":[4.0]}}");
    // A point that comes twice has the vectors of both.
    String twice = "{'points':[{'id':1,'vector':{'a':[7,8]}},{'id':1,'vector':{'b':[9]}}]}";
    assertThat(client.put("/collections/two/points/vectors", twice).status()).isEqualTo(200);
    assertThat(client.get("/collections/two/points/1").result().get("vector").toString())
        .isEqualTo("{\"a\":[7.0,8.0],\"b\":[9.0]}");
    assertThat(
            client
                .post("/collections/two/points/vectors/delete", "{'vector':['a'],'points':[1]}")
                .status())
        .isEqualTo(200);
    assertThat(
            client
                .post("/collections/two/points/count", "{'filter':{'must':{'has_vector':'a'}}}")
                .result()
                .get("count")
                .asInt())
        .isZero();
    assertThat(client.get("/collections/two/points/1").result().get("vector").toString())
        .isEqualTo("{\"b\":[9.0]}");
    assertThat(
            client
                .put("/collections/two/points/vectors", "{'points':[{'id':9,'vector':{'b':[4]}}]}")
                .status())
        .isEqualTo(404);
    assertThat(
            client
                .post("/collections/two/points/vectors/delete", "{'vector':['x'],'points':[1]}")
                .status())
        .isEqualTo(400);
  }

  @Test
  void upsertsCanBeForNewOrForKnownPointsOnly() {
    String points = "'points':[{'id':2,'vector':[9,0,0,0]},{'id':3,'vector':[9,0,0,0]}]";
    change("PUT", "", "{" + points + ",'update_mode':'insert_only'}");
    assertThat(payload(2)).isEqualTo("{'a':2}");
    assertThat(payload(3)).isEqualTo("{}");
    change("PUT", "", "{'points':[{'id':4,'vector':[9,0,0,0]}],'update_mode':'update_only'}");
    assertThat(client.get(POINTS + "/4").status()).isEqualTo(404);
    change(
        "PUT",
        "",
        "{'points':[{'id':1,'vector':[9,0,0,0]},{'id':2,'vector':[9,0,0,0]},"
            + "{'id':5,'vector':[9,0,0,0]}],"
            + "'update_filter':{'must':[{'key':'a','match':{'value':2}}]}}");
    assertThat(payload(1)).contains("'a':1");
    assertThat(payload(2)).isEqualTo("{}");
    assertThat(payload(5)).isEqualTo("{}");
  }

  @Test
  void aBatchDoesItsStepsInTheirOrder() {
    JsonNode results =
        client
            .post(
                POINTS + "/batch?wait=true",
                """
                {'operations':[
                  {'upsert':{'points':[{'id':7,'vector':[1,1,1,1],'payload':{'a':0}}]}},
                  {'set_payload':{'payload':{'b':1},'points':[7]}},
                  {'delete_payload':{'keys':['a'],'points':[7]}},
                  {'overwrite_payload':{'payload':{'c':1},'points':[2]}},
                  {'clear_payload':{'points':[1]}},
                  {'update_vectors':{'points':[{'id':7,'vector':[2,2,2,2]}]}},
                  {'delete_vectors':{'vector':[''],'points':[1]}},
                  {'delete':{'points':[2]}}]}
                """)
            .result();
    assertThat(results).hasSize(8);
    for (int i = 1; i < 8; i++) {
      assertThat(results.get(i).get("operation_id").asLong())
          .isGreaterThan(results.get(i - 1).get("operation_id").asLong());
    }
    assertThat(payload(7)).isEqualTo("{'b':1}");
    assertThat(payload(1)).isEqualTo("{}");
    assertThat(client.get(POINTS + "/2").status()).isEqualTo(404);
    // Read as a whole before anything is done.
    assertThat(
            client
                .post(
                    POINTS + "/batch", "{'operations':[{'delete':{'points':[7]}},{'nonsense':{}}]}")
                .status())
        .isEqualTo(400);
    assertThat(payload(7)).isEqualTo("{'b':1}");
  }

  @Test
  void linesAreImportedAndBadOnesTold() {
    String lines =
        """
        {"id":10,"vector":[1,0,0,0],"payload":{"a":1}}

        {"id":11,"vector":[1,0,0]}
        {"id":12}
        not json
        {"id":13,"vector":[1,0,0,1]}""";
    JsonNode result =
        client
            .raw(
                "POST",
                POINTS + "/import",
                lines.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-ndjson")
            .result();
    assertThat(result.get("stored").asInt()).isEqualTo(2);
    assertThat(result.get("rejected").asInt()).isEqualTo(3);
    assertThat(result.get("rejects").findValuesAsText("line"))
        .containsExactlyInAnyOrder("3", "4", "5");
    assertThat(result.get("rejects").toString()).contains("dimension 3", "vector is missing");
    assertThat(payload(10)).isEqualTo("{'a':1}");
    assertThat(client.get(POINTS + "/13").status()).isEqualTo(200);
  }

  /// What was changed is there after the process began anew.
  @Test
  void changesAreLogged() {
    var disk = new io.capsdb.io.MemoryDisk();
    var options = io.capsdb.DatabaseOptions.defaults().withDisk(disk);
    var folder = java.nio.file.Path.of("data");
    HttpConfig config = HttpConfig.defaults("0.1.0-test");
    try (ApiClient first = new ApiClient(io.capsdb.Database.open(folder, options), config)) {
      first.fill("films", "Dot", "[{'id':1,'vector':[1,0,0,0],'payload':{'a':1}}]");
      first.post(POINTS + "/payload", "{'payload':{'b':2},'points':[1]}");
      first.put("/collections/films/index", "{'field_name':'b','field_schema':{'type':'integer'}}");
      first.send("PATCH", "/collections/films", "{'metadata':{'owner':'me'}}");
      first.post(
          "/collections/aliases",
          "{'actions':[{'create_alias':{'collection_name':'films','alias_name':'now'}}]}");
    }
    try (ApiClient second = new ApiClient(io.capsdb.Database.open(folder, options), config)) {
      assertThat(second.get("/collections/now/points/1").result().get("payload").toString())
          .isEqualTo("{\"a\":1,\"b\":2}");
      JsonNode info = second.get("/collections/films").result();
      assertThat(info.at("/payload_schema/b/data_type").asText()).isEqualTo("integer");
      assertThat(info.at("/payload_schema/b/points").asInt()).isOne();
      assertThat(info.at("/config/metadata/owner").asText()).isEqualTo("me");
    }
  }
}
