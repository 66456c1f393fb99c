package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.capsdb.Collection;
import io.capsdb.CollectionStatus;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.RunningWork;
import io.capsdb.formats.Json;
import io.capsdb.io.MemoryDisk;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionApiTest {
  private final ApiClient client = new ApiClient();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aCollectionIsMadeShownListedAndDropped() {
    assertThat(client.get("/collections/films/exists").result().get("exists").asBoolean())
        .isFalse();
    assertThat(
            client
                .put("/collections/films", "{'vectors':{'size':4,'distance':'Cosine'}}")
                .result()
                .asBoolean())
        .isTrue();
    assertThat(client.get("/collections/films/exists").result().get("exists").asBoolean()).isTrue();
    assertThat(client.get("/collections").result().toString())
        .isEqualTo("{\"collections\":[{\"name\":\"films\"}]}");
    JsonNode info = client.get("/collections/films").result();
    assertThat(info.get("status").asText()).isEqualTo("green");
    assertThat(info.at("/config/params/vectors").toString())
        .isEqualTo("{\"size\":4,\"distance\":\"Cosine\"}");
    assertThat(info.get("points_count").asInt()).isZero();
    assertThat(client.delete("/collections/films").result().asBoolean()).isTrue();
    assertThat(client.delete("/collections/films").result().asBoolean()).isFalse();
    assertThat(client.get("/collections/films").status()).isEqualTo(404);
  }

  @Test
  void aSecondOneOfTheSameNameIsAConflict() {
    client.put("/collections/films", "{'vectors':{'size':4,'distance':'Dot'}}");
    ApiClient.Reply reply =
        client.put("/collections/films", "{'vectors':{'size':8,'distance':'Dot'}}");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.error()).contains("films", "already exists");
    assertThat(client.get("/collections/films").result().at("/config/params/vectors/size").asInt())
        .isEqualTo(4);
  }

  @Test
  void vectorsMayHaveNamesAlsoSuchAsSize() {
    client.put(
        "/collections/two",
        "{'vectors':{'size':{'size':3,'distance':'Euclid'},"
            + "'text':{'size':8,'distance':'Manhattan','on_disk':true,'datatype':'float32'}}}");
    assertThat(client.get("/collections/two").result().at("/config/params/vectors").toString())
        .isEqualTo(
            "{\"size\":{\"size\":3,\"distance\":\"Euclid\"},"
                + "\"text\":{\"size\":8,\"distance\":\"Manhattan\",\"on_disk\":true,"
                + "\"datatype\":\"float32\"}}");
  }

  @Test
  void settingsThatMeanNothingHereAreTaken() {
    String body =
        """
        {'vectors':{'size':4,'distance':'Cosine','hnsw_config':{'m':32}},
         'shard_number':2,'replication_factor':1,'write_consistency_factor':1,
         'on_disk_payload':false,'sharding_method':'auto',
         'hnsw_config':{'m':16,'ef_construct':100,'on_disk':true},
         'wal_config':{'wal_capacity_mb':32},
         'optimizers_config':{'indexing_threshold':0,'max_optimization_threads':'auto'},
         'quantization_config':{'scalar':{'type':'int8'}},
         'sparse_vectors':{},'strict_mode_config':{'enabled':false},'metadata':null}
        """;
    assertThat(client.put("/collections/films?timeout=30", body).result().asBoolean()).isTrue();
    String later =
        """
        {'vectors':{'size':4,'distance':'Dot','memory':'cached'},
         'payload':{'memory':'cold'},'id_tracker':{'memory':'pinned'},
         'hnsw_config':{'m':null,'memory':'pinned'},
         'optimizers_config':{'flush_interval_sec':null,'max_optimization_threads':'auto'}}
        """;
    assertThat(client.put("/collections/later", later).result().asBoolean()).isTrue();
    // Clients read numbers here, or nothing.
    JsonNode config = client.get("/collections/later").result().get("config");
    assertThat(config.at("/hnsw_config/m").isInt()).isTrue();
    assertThat(config.at("/optimizer_config/flush_interval_sec").isInt()).isTrue();
    assertThat(config.at("/optimizer_config/max_optimization_threads").isTextual()).isFalse();
    String field =
        "{'field_name':'a','field_schema':{'type':'keyword','prefix':true,'memory':'cold'}}";
    assertThat(client.put("/collections/later/index", field).status()).isEqualTo(200);
    assertThat(
            client
                .put("/collections/wrong", "{'vectors':{'size':4,'distance':'Dot','memory':'hot'}}")
                .error())
        .contains("memory", "cold, cached, pinned");
  }

  @Test
  void theLogMayBeForcedAtIntervals() {
    client.put(
        "/collections/late",
        "{'vectors':{'size':2,'distance':'Dot'},'caps_config':{'log_interval_ms':50}}");
    assertThat(
            client
                .get("/collections/late")
                .result()
                .at("/config/caps_config/log_interval_ms")
                .asInt())
        .isEqualTo(50);
    assertThat(client.database.collection("late").config().logIntervalMillis()).isEqualTo(50);
    client.put("/collections/late/points", "{'points':[{'id':1,'vector':[1,2]}]}");
    assertThat(client.get("/collections/late/points/1").status()).isEqualTo(200);
    assertThat(
            client
                .send("PATCH", "/collections/late", "{'caps_config':{'log_interval_ms':0}}")
                .status())
        .isEqualTo(400);
    assertThat(client.put("/collections/odd", "{'caps_config':{'log_interval_ms':60001}}").error())
        .contains("log_interval_ms");
  }

  @Test
  void optionsMayStandInMetadata() {
    client.put(
        "/collections/typed",
        "{'vectors':{'size':2,'distance':'Dot'},"
            + "'caps_config':{'recall_target':0.9},"
            + "'metadata':{'owner':'me','caps':"
            + "{'recall_target':0.8,'log_interval_ms':50,'graph_baseline':'on','explain':true}}}");
    Collection typed = client.database.collection("typed");
    assertThat(typed.config().logIntervalMillis()).isEqualTo(50);
    assertThat(typed.config().hasGraph()).isTrue();
    JsonNode config = client.get("/collections/typed").result().get("config");
    assertThat(config.at("/metadata/caps/recall_target").asDouble()).isEqualTo(0.8);
    assertThat(config.at("/caps_config/recall_target").asDouble()).isEqualTo(0.9);
    String query = "/collections/typed/points/query";
    assertThat(client.post(query, "{'query':[1,2]}").result().has("caps")).isTrue();
    assertThat(patch("typed", "{'metadata':{'caps':{'explain':false,'recall_target':1}}}"))
        .isEqualTo(200);
    config = client.get("/collections/typed").result().get("config");
    assertThat(config.at("/caps_config/recall_target").asDouble()).isEqualTo(1);
    assertThat(config.at("/caps_config/explain").asBoolean()).isFalse();
    assertThat(config.at("/metadata/owner").asText()).isEqualTo("me");
    assertThat(patch("typed", "{'metadata':" + config.get("metadata") + "}"))
        .as("what came may go back")
        .isEqualTo(200);
    patch("typed", "{'caps_config':{'recall_target':0.7}}");
    patch("typed", "{'metadata':{'owner':'you','caps':{'recall_target':1}}}");
    config = client.get("/collections/typed").result().get("config");
    assertThat(config.at("/caps_config/recall_target").asDouble())
        .as("what stands in metadata as before changes nothing")
        .isEqualTo(0.7);
    patch("typed", "{'caps_config':{'recall_target':null}}");
    config = client.get("/collections/typed").result().get("config");
    assertThat(config.get("caps_config").has("recall_target")).isFalse();
    assertThat(config.at("/caps_config/explain").asBoolean()).isFalse();
  }

  @Test
  void optionsInMetadataAreCheckedAsOthers() {
    String vectors = "{'vectors':{'size':2,'distance':'Dot'},'metadata':{'caps':";
    assertThat(client.put("/collections/odd", vectors + "{'x':1}}}").status()).isEqualTo(422);
    assertThat(client.put("/collections/odd", vectors + "7}}").error()).contains("metadata.caps");
    assertThat(client.put("/collections/odd", vectors + "{'graph_baseline':'x'}}}").error())
        .contains("metadata.caps.graph_baseline");
    assertThat(client.put("/collections/plain", vectors + "{}}}").status()).isEqualTo(200);
    assertThat(patch("plain", "{'metadata':{'caps':{'recall_target':2}}}")).isEqualTo(422);
    assertThat(patch("plain", "{'metadata':{'caps':{'log_interval_ms':9}}}")).isEqualTo(400);
    assertThat(patch("plain", "{'metadata':{'caps':{'graph_baseline':'on'}}}")).isEqualTo(400);
  }

  private int patch(String collection, String body) {
    return client.send("PATCH", "/collections/" + collection, body).status();
  }

  @Test
  void aCollectionMayHavePayloadsOnly() {
    assertThat(client.put("/collections/notes", "{}").result().asBoolean()).isTrue();
    client.put("/collections/notes/points", "{'points':[{'id':1,'vector':{},'payload':{'a':1}}]}");
    assertThat(client.get("/collections/notes/points/1").result().toString())
        .isEqualTo("{\"id\":1,\"payload\":{\"a\":1}}");
  }

  @Test
  void theIndexTellsHowFarItIs() {
    client.fill("films", "Dot", "[{'id':1,'vector':[1,2,3,4]},{'id':2,'vector':[1,2,3,4]}]");
    JsonNode status = client.get("/collections/films/index/status").result();
    assertThat(status.get("points").asInt()).isEqualTo(2);
    assertThat(status.get("state").asText()).isEqualTo("green");
    assertThat(status.get("sequence").asInt()).isEqualTo(1);
    assertThat(status.get("running")).isEmpty();
  }

  @Test
  void runningWorkIsToldInNumbers() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Json.factory().createGenerator(text)) {
      CollectionWriter.indexStatus(
          new CollectionStatus(
              CollectionStatus.State.YELLOW,
              100,
              40,
              2,
              9,
              "",
              List.of(
                  new RunningWork("sealing", 60, 0.4021, OptionalDouble.of(2.1)),
                  new RunningWork("merging", 40, 0, OptionalDouble.empty())),
              false),
          out);
    }
    assertThat(text.toString())
        .contains(
            """
            "running":[{"phase":"sealing","points":60,"percent":40.2,"seconds_left":3},\
            {"phase":"merging","points":40,"percent":0.0}]""");
  }

  /// Reads go on, so it is ready all the same.
  @Test
  void aFullDiskIsShownBeforeAWriteFails() {
    DatabaseOptions full =
        DatabaseOptions.defaults().withDisk(new MemoryDisk()).withReserve(Long.MAX_VALUE);
    try (ApiClient other =
        new ApiClient(Database.open(Path.of("full"), full), HttpConfig.defaults("0.1.0"))) {
      other.put("/collections/films", "{'vectors':{'size':1,'distance':'Dot'}}").result();
      JsonNode info = other.get("/collections/films").result();
      assertThat(info.at("/optimizer_status/error").asText()).contains("the disk is full");
      assertThat(info.get("status").asText()).isEqualTo("green");
      assertThat(other.get("/collections/films/index/status").result().get("work").asText())
          .contains("the disk is full");
      ApiClient.Reply refused =
          other.put("/collections/films/points", "{'points':[{'id':1,'vector':[1]}]}");
      assertThat(refused.status()).isEqualTo(507);
      assertThat(refused.error()).contains("Insufficient storage", "takes no more points");
      assertThat(other.get("/readyz").status()).isEqualTo(200);
    }
  }

  @Test
  void whatNoCollectionCanBeNamedIsNotThere() {
    for (String name : List.of("%E2%80%AEa", ".hidden", "a".repeat(256), "a%2Fb")) {
      assertThat(client.get("/collections/" + name + "/exists").result().get("exists").asBoolean())
          .as(name)
          .isFalse();
    }
  }

  @Test
  void namesOfAnyScriptAreTakenInPercentEncoding() {
    for (String name : List.of("B\u00fccher", "\u6587\u6863", "\u0915\u093f\u0924\u093e\u092c")) {
      String path = "/collections/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
      client.put(path, "{'vectors':{'size':1,'distance':'Dot'}}").result();
      client.put(path + "/points", "{'points':[{'id':1,'vector':[1]}]}").result();
      assertThat(client.get(path + "/points/1").result().get("id").asInt()).isOne();
      assertThat(client.get(path + "/exists").result().get("exists").asBoolean()).isTrue();
      assertThat(client.get("/collections").text()).contains("\"" + name + "\"");
      assertThat(client.get("/metrics").text())
          .contains("collection_points{id=\"" + name + "\"} 1");
      client
          .post(
              "/collections/aliases",
              "{'actions':[{'create_alias':{'collection_name':'%s','alias_name':'%s-2'}}]}"
                  .formatted(name, name))
          .result();
      client.post(path + "-2/points/count", "{}").result();
      String snapshot = client.post(path + "/snapshots", "").result().get("name").asText();
      assertThat(snapshot).matches("[A-Za-z0-9_.-]+");
      assertThat(client.get(path + "/snapshots").result()).hasSize(1);
      assertThat(client.get(path + "/snapshots/" + snapshot).status()).isEqualTo(200);
      client.delete(path + "/snapshots/" + snapshot).result();
      client.delete(path).result();
    }
  }

  @Test
  void pointsOutliveTheServer(@TempDir Path folder) {
    HttpConfig config = HttpConfig.defaults("0.1.0");
    try (ApiClient first = new ApiClient(Database.open(folder), config)) {
      first.fill("films", "Dot", "[{'id':1,'vector':[1,2,3,4],'payload':{'city':'Berlin'}}]");
    }
    try (ApiClient second = new ApiClient(Database.open(folder), config)) {
      assertThat(second.get("/collections/films/points/1").result().toString())
          .isEqualTo("{\"id\":1,\"payload\":{\"city\":\"Berlin\"},\"vector\":[1.0,2.0,3.0,4.0]}");
      assertThat(second.get("/collections/films").result().get("points_count").asInt()).isOne();
    }
  }
}
