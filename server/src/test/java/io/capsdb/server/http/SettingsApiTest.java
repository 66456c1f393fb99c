package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Declared fields, aliases, and settings that are kept and answered.
class SettingsApiTest {
  private static final String FILMS = "/collections/films";

  private final ApiClient client = new ApiClient();

  @BeforeEach
  void fill() {
    client.fill(
        "films",
        "Dot",
        "[{'id':1,'vector':[1,0,0,0],'payload':{'title':'The Green Mile'}},"
            + "{'id':2,'vector':[1,0,0,0],'payload':{'title':'Greenland'}}]");
  }

  @AfterEach
  void close() {
    client.close();
  }

  private int count(String match) {
    return client
        .post(
            FILMS + "/points/count", "{'filter':{'must':[{'key':'title','match':" + match + "}]}}")
        .result()
        .get("count")
        .asInt();
  }

  @Test
  void aTextFieldIsMatchedWordByWord() {
    assertThat(count("{'text':'Green'}")).isEqualTo(2);
    assertThat(count("{'text':'mile green'}")).isZero();
    assertThat(
            client
                .put(
                    FILMS + "/index",
                    "{'field_name':'title','field_schema':{'type':'text','tokenizer':'word'}}")
                .result()
                .get("status")
                .asText())
        .isEqualTo("acknowledged");
    assertThat(count("{'text':'Green'}")).isEqualTo(1);
    assertThat(count("{'substring':'Green'}")).isEqualTo(2);
    assertThat(count("{'substring':'green'}")).isZero();
    assertThat(count("{'text':'mile green'}")).isEqualTo(1);
    assertThat(count("{'text_any':'mile greenland'}")).isEqualTo(2);
    JsonNode schema = client.get(FILMS).result().at("/payload_schema/title");
    assertThat(schema.toString())
        .isEqualTo(
            "{\"data_type\":\"text\",\"params\":{\"type\":\"text\",\"tokenizer\":\"word\"},"
                + "\"points\":2}");
    assertThat(client.delete(FILMS + "/index/title").status()).isEqualTo(200);
    assertThat(count("{'text':'Green'}")).isEqualTo(2);
    assertThat(client.get(FILMS).result().get("payload_schema")).isEmpty();
  }

  @Test
  void wrongDeclarationsAreRefused() {
    for (String body :
        new String[] {
          "{'field_schema':'keyword'}",
          "{'field_name':'a'}",
          "{'field_name':'a','field_schema':'blob'}",
          "{'field_name':'a[','field_schema':'keyword'}",
          "{'field_name':'a','field_schema':{'is_tenant':true}}",
          "{'field_name':'a','field_schema':{'type':'keyword','x':1}}",
          "{'field_name':'a','field_schema':{'type':'integer','is_tenant':true}}",
          "{'field_name':'a','field_schema':{'type':'keyword','is_tenant':1}}"
        }) {
      assertThat(client.put(FILMS + "/index", body).status()).as(body).isEqualTo(400);
    }
  }

  @Test
  void aFieldThatTellsTenantsApartIsAnsweredAndSearchedBy() {
    String shops = "/collections/shops";
    client.put(shops, "{'vectors':{'size':4,'distance':'Euclid'}}");
    client.put(
        shops + "/index",
        "{'field_name':'owner','field_schema':{'type':'keyword','is_tenant':true}}");
    StringBuilder points = new StringBuilder();
    for (int id = 0; id < 400; id++) {
      points.append(id == 0 ? "" : ",").append("{'id':").append(id).append(",'vector':[");
      points.append(id % 7).append(',').append(id).append(",0,1],'payload':{'owner':'");
      points.append("o").append(id % 20).append("'}}");
    }
    client.put(shops + "/points?wait=true", "{'points':[" + points + "]}");
    assertThat(client.get(shops).result().at("/payload_schema/owner").toString())
        .isEqualTo(
            "{\"data_type\":\"keyword\",\"params\":{\"type\":\"keyword\",\"is_tenant\":true},"
                + "\"points\":400}");
    String inside = "'filter':{'must':[{'key':'owner','match':{'value':'o3'}}]}";
    JsonNode hits =
        client
            .post(shops + "/points/query", "{'query':[3,43,0,1],'limit':50," + inside + "}")
            .result()
            .get("points");
    assertThat(hits).hasSize(20);
    assertThat(hits.get(0).get("id").asInt()).isEqualTo(43);
    client.post(shops + "/points/delete?wait=true", "{" + inside + "}");
    assertThat(
            client.post(shops + "/points/count", "{" + inside + "}").result().get("count").asInt())
        .isZero();
    assertThat(client.post(shops + "/points/count", "{}").result().get("count").asInt())
        .isEqualTo(380);
    client.delete(shops);
  }

  @Test
  void aliasesLeadToTheirCollection() {
    client.fill("others", "Dot", "[]".replace("[]", "[{'id':9,'vector':[1,0,0,0]}]"));
    assertThat(alias("{'create_alias':{'collection_name':'films','alias_name':'now'}}").status())
        .isEqualTo(200);
    assertThat(client.get("/collections/now/points/1").status()).isEqualTo(200);
    assertThat(client.get("/collections/now/exists").result().get("exists").asBoolean()).isTrue();
    assertThat(client.get("/aliases").result().toString())
        .isEqualTo("{\"aliases\":[{\"alias_name\":\"now\",\"collection_name\":\"films\"}]}");
    // Both or none.
    assertThat(
            alias(
                    "{'delete_alias':{'alias_name':'now'}},"
                        + "{'create_alias':{'collection_name':'nowhere','alias_name':'now'}}")
                .status())
        .isEqualTo(404);
    assertThat(client.get("/collections/now/points/1").status()).isEqualTo(200);
    assertThat(
            alias(
                    "{'delete_alias':{'alias_name':'now'}},"
                        + "{'create_alias':{'collection_name':'others','alias_name':'now'}}")
                .status())
        .isEqualTo(200);
    assertThat(client.get("/collections/now/points/9").status()).isEqualTo(200);
    assertThat(alias("{'rename_alias':{'old_alias_name':'now','new_alias_name':'then'}}").status())
        .isEqualTo(200);
    assertThat(client.get("/collections/now").status()).isEqualTo(404);
    assertThat(client.get("/collections/others/aliases").result().get("aliases")).hasSize(1);
    assertThat(client.get(FILMS + "/aliases").result().get("aliases")).isEmpty();
    assertThat(alias("{'create_alias':{'collection_name':'films','alias_name':'others'}}").status())
        .isEqualTo(409);
    assertThat(client.put("/collections/then", "{'vectors':{'size':4,'distance':'Dot'}}").status())
        .isEqualTo(400);
    assertThat(alias("{'delete_alias':{'alias_name':'now'}}").status()).isEqualTo(404);
    client.delete("/collections/others");
    assertThat(client.get("/aliases").result().get("aliases")).isEmpty();
  }

  private ApiClient.Reply alias(String actions) {
    return client.post("/collections/aliases", "{'actions':[" + actions + "]}");
  }

  @Test
  void snapshotsAreTakenListedFetchedAndDeleted() {
    String snapshots = FILMS + "/snapshots";
    assertThat(client.get(snapshots).result()).isEmpty();
    JsonNode made = client.post(snapshots + "?wait=true", "").result();
    String name = made.get("name").asText();
    assertThat(client.get(snapshots).result().get(0).get("name").asText()).isEqualTo(name);
    assertThat(client.get(snapshots + "/" + name).response().body())
        .hasSize(made.get("size").asInt());
    assertThat(client.delete(snapshots + "/" + name).result().asBoolean()).isTrue();
    assertThat(client.delete(snapshots + "/" + name).status()).isEqualTo(404);
    assertThat(client.get(snapshots + "/..%2f..%2fcatalogue").status()).isEqualTo(404);
    assertThat(client.get("/collections/nowhere/snapshots").status()).isEqualTo(404);
  }

  @Test
  void settingsAreKeptAndAnswered() {
    client.put(
        "/collections/new",
        "{'vectors':{'size':4,'distance':'Dot','on_disk':true,'datatype':'float16'},"
            + "'hnsw_config':{'m':32},'metadata':{'a':1},"
            + "'quantization_config':{'scalar':{'type':'int8'}}}");
    JsonNode config = client.get("/collections/new").result().get("config");
    assertThat(config.at("/params/vectors").toString())
        .isEqualTo("{\"size\":4,\"distance\":\"Dot\",\"on_disk\":true,\"datatype\":\"float16\"}");
    assertThat(config.at("/hnsw_config/m").asInt()).isEqualTo(32);
    assertThat(config.at("/hnsw_config/ef_construct").asInt()).isEqualTo(100);
    assertThat(config.at("/quantization_config/scalar/type").asText()).isEqualTo("int8");
    assertThat(
            client
                .send(
                    "PATCH",
                    "/collections/new",
                    "{'hnsw_config':{'ef_construct':7},'optimizers_config':"
                        + "{'indexing_threshold':1},'metadata':{'b':2},"
                        + "'vectors':{'':{'hnsw_config':{'m':4}}},'params':"
                        + "{'replication_factor':2}}")
                .status())
        .isEqualTo(200);
    config = client.get("/collections/new").result().get("config");
    assertThat(config.at("/hnsw_config/m").asInt()).isEqualTo(32);
    assertThat(config.at("/hnsw_config/ef_construct").asInt()).isEqualTo(7);
    assertThat(config.at("/optimizer_config/indexing_threshold").asInt()).isOne();
    assertThat(config.get("metadata").toString()).isEqualTo("{\"a\":1,\"b\":2}");
    assertThat(config.at("/params/vectors/hnsw_config/m").asInt()).isEqualTo(4);
    assertThat(config.at("/params/replication_factor").asInt()).isEqualTo(2);
    assertThat(
            client.send("PATCH", "/collections/new", "{'hnsw_config':{'ef_construct':1}}").status())
        .isEqualTo(422);
    assertThat(client.send("PATCH", "/collections/nowhere", "{}").status()).isEqualTo(404);
  }
}
