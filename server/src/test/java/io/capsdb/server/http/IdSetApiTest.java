package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdSetApiTest {
  private static final String SETS = "/collections/films/idsets";
  private static final String SEEN = SETS + "/seen";
  private static final String COUNT = "/collections/films/points/count";
  private static final String UUID = "5c56c793-69f3-4fbf-87e6-c4bf54c28c26";

  private final ApiClient client = new ApiClient();

  @BeforeEach
  void fill() {
    client.fill(
        "films",
        "Dot",
        "[{'id':1,'vector':[1,0,0,0]},{'id':2,'vector':[2,0,0,0]},{'id':'"
            + UUID
            + "','vector':[3,0,0,0]}]");
  }

  @AfterEach
  void close() {
    client.close();
  }

  private int count(String condition) {
    return client
        .post(COUNT, "{'filter':{'must':[" + condition + "]}}")
        .result()
        .get("count")
        .asInt();
  }

  @Test
  void filterAsksForASetByName() {
    JsonNode put = client.put(SEEN, "{'ids':[1,7,18446744073709551615,'" + UUID + "']}").result();
    assertThat(put.get("count").asInt()).isEqualTo(4);
    assertThat(count("{'in_idset':'seen'}")).isEqualTo(2);
    assertThat(count("{'must_not':[{'in_idset':'seen'}]}")).isEqualTo(1);
    JsonNode points =
        client
            .post(
                "/collections/films/points/query",
                "{'query':[1,0,0,0],'filter':{'must':{'in_idset':'seen'}}}")
            .result()
            .get("points");
    assertThat(points).hasSize(2);
    client.put(SEEN, "{'ids':[]}").result();
    assertThat(count("{'in_idset':'seen'}")).isZero();
  }

  @Test
  void whatIsShownCanBePutAgain() throws Exception {
    client.put(SEEN, "{'ids':[1,7,18446744073709551615,'" + UUID + "']}").result();
    assertThat(client.get(SEEN).result().has("ids")).isFalse();
    JsonNode shown = client.get(SEEN + "?with_ids=true").result();
    assertThat(shown.get("count").asInt()).isEqualTo(4);
    assertThat(shown.get("ids")).hasSize(2);
    String again = "{'bitmap':" + shown.get("bitmap") + ",'ids':" + shown.get("ids") + "}";
    client.put(SETS + "/again", again).result();
    assertThat(client.get(SETS + "/again?with_ids=true").result().get("bitmap"))
        .isEqualTo(shown.get("bitmap"));
    assertThat(client.get(SETS).result().get("idsets")).hasSize(2);
    assertThat(client.delete(SETS + "/again").result().asBoolean()).isTrue();
    assertThat(client.delete(SETS + "/again").result().asBoolean()).isFalse();
    assertThat(client.get(SETS + "/again").status()).isEqualTo(404);
  }

  @Test
  void setThatIsNotThereIs404() {
    ApiClient.Reply reply = client.post(COUNT, "{'filter':{'must':{'in_idset':'sen'}}}");
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.error()).contains("there is no id set 'sen'");
    assertThat(
            client.post("/collections/films/points/delete", "{'filter':{'must':{'in_idset':'x'}}}"))
        .returns(404, ApiClient.Reply::status);
    assertThat(client.put("/collections/none/idsets/seen", "{'ids':[1]}").status()).isEqualTo(404);
    client.put(SEEN, "{'ids':[1]}").result();
    ApiClient.Reply formula =
        client.post(
            "/collections/films/points/query",
            "{'prefetch':{'query':[1,0,0,0]},'query':{'formula':{'must':{'in_idset':'seen'}}}}");
    assertThat(formula.status()).as(formula.text()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                        | 400 | ids or bitmap is missing
          {'ids':7}                 | 400 | ids: expected an array of ids
          {'ids':null}              | 400 | ids: expected an array of ids
          {'ids':[-1]}              | 422 | ids[0]: value -1 invalid, must be from 0
          {'ids':[1.5]}             | 400 | ids[0]: expected an id
          {'ids':['x']}             | 400 | ids[0]: id "x" is not a UUID
          {'bitmap':'x'}            | 400 | bitmap: it is not the base64 form
          {'bitmap':'OjAAAAEAAAAAAAAAEAAAAAEAeno='} | 400 | bitmap: there are bytes after
          {'bitmap':7}              | 400 | bitmap: expected a string
          {'ids':[1],'names':[]}    | 400 | names: unknown key
          [1]                       | 400 | expected an object
          """,
      quoteCharacter = '`')
  void badSetsAreRefused(String body, int status, String text) {
    ApiClient.Reply reply = client.put(SEEN, body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.error()).contains(text);
    assertThat(client.get(SEEN).status()).isEqualTo(404);
  }

  @Test
  void oddNamesAreRefused() {
    for (String name : java.util.List.of("..%2fx", "%00", "x".repeat(64), ".x", "a%20b")) {
      ApiClient.Reply reply = client.put(SETS + "/" + name, "{'ids':[1]}");
      assertThat(reply.status()).as(name).isEqualTo(400);
      assertThat(reply.error()).contains("1 to 63 letters");
    }
  }
}
