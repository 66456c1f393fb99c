package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Searches that end by a limit of rows or time.
class SearchLimitsApiTest {
  private static final String QUERY = "/collections/films/points/query";
  private static final String SMALL = "'params':{'exact':true,'caps':{'max_scanned':1}}";

  private final ApiClient client = new ApiClient();

  @BeforeEach
  void fill() {
    SplittableRandom random = new SplittableRandom(3);
    for (int part = 0; part < 2; part++) {
      StringBuilder points = new StringBuilder("[");
      for (int i = 0; i < 5_000; i++) {
        points.append(i == 0 ? "" : ",").append("{'id':").append(5_000 * part + i);
        points.append(",'vector':[").append(random.nextFloat()).append(',');
        points.append(random.nextFloat()).append(",0,1],'payload':{'n':").append(i % 7);
        points.append("}}");
      }
      if (part == 0) {
        client.fill("films", "Euclid", points + "]");
      } else {
        client.put("/collections/films/points?wait=true", "{'points':" + points + "]}");
      }
    }
  }

  @AfterEach
  void close() {
    client.close();
  }

  private JsonNode caps(String body) {
    return client.post(QUERY, body).result().path("caps");
  }

  @Test
  void answerTellsWhetherALimitEndedIt() {
    JsonNode cut = caps("{'query':[0.5,0.5,0,1]," + SMALL + "}");
    assertThat(cut.get("budget_hit").asBoolean()).isTrue();
    assertThat(cut.get("complete").asBoolean()).isFalse();
    assertThat(cut.get("stopped_by").asText()).isEqualTo("max_scanned");
    assertThat(cut.get("scanned").asLong()).isPositive();
    JsonNode whole =
        caps("{'query':[0.5,0.5,0,1],'params':{'caps':{'max_scanned':100000,'max_ms':60000}}}");
    assertThat(whole.get("budget_hit").asBoolean()).isFalse();
    assertThat(whole.get("complete").asBoolean()).isTrue();
    assertThat(caps("{'query':[0.5,0.5,0,1]}").isMissingNode()).isTrue();
  }

  @Test
  void limitsComeByHeaderQueryStringAndCollection() {
    byte[] body =
        "{\"query\":[0.5,0.5,0,1],\"params\":{\"exact\":true}}"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    JsonNode byHeader =
        client.raw("POST", QUERY, body, "x-caps-max-scanned", "1").result().get("caps");
    assertThat(byHeader.get("budget_hit").asBoolean()).isTrue();
    JsonNode byQuery = client.raw("POST", QUERY + "?caps_max_scanned=1", body).result().get("caps");
    assertThat(byQuery.get("budget_hit").asBoolean()).isTrue();
    client.send("PATCH", "/collections/films", "{'caps_config':{'max_scanned':1}}").result();
    assertThat(client.raw("POST", QUERY, body).result().at("/caps/budget_hit").asBoolean())
        .isTrue();
  }

  @Test
  void planTellsItToo() {
    JsonNode plan =
        caps(
            "{'query':[0.5,0.5,0,1],'params':{'exact':true,'caps':{'max_scanned':1,'explain':true}}}");
    assertThat(plan.get("budget_hit").asBoolean()).isTrue();
    assertThat(plan.get("plan").asText()).isEqualTo("exact");
  }

  @Test
  void answerTellsTheRecallToExpect() {
    JsonNode target =
        caps("{'query':[0.5,0.5,0,1],'params':{'caps':{'recall_target':0.95,'max_ms':60000}}}");
    assertThat(target.get("recall_estimate").asDouble()).isBetween(0.95, 1.0);
    assertThat(target.get("probes").asLong()).isPositive();
    JsonNode alone = caps("{'query':[0.5,0.5,0,1],'params':{'caps':{'recall_target':0.95}}}");
    assertThat(alone.get("recall_estimate")).isEqualTo(target.get("recall_estimate"));
    JsonNode exact =
        caps("{'query':[0.5,0.5,0,1],'params':{'exact':true,'caps':{'explain':true}}}");
    assertThat(exact.get("recall_estimate").asDouble()).isEqualTo(1);
    assertThat(caps("{'query':[0.5,0.5,0,1]," + SMALL + "}").has("recall_estimate")).isFalse();
  }

  @Test
  void fusionOfACutSearchIsCut() {
    JsonNode caps =
        caps(
            "{'prefetch':[{'query':[0.5,0.5,0,1],"
                + SMALL
                + "},{'query':[0.1,0.5,0,1]}],'query':{'fusion':'rrf'}}");
    assertThat(caps.get("budget_hit").asBoolean()).isTrue();
  }

  @Test
  void groupsAreNeverCut() {
    JsonNode groups =
        client
            .post(
                QUERY + "/groups",
                "{'query':[0.5,0.5,0,1],'group_by':'n','limit':7,'group_size':2," + SMALL + "}")
            .result()
            .get("groups");
    assertThat(groups).hasSize(7);
  }

  @Test
  void batchesAndOlderFormsTellItWhereTheyTellPlans() {
    String one = "{'query':[0.5,0.5,0,1]," + SMALL + "}";
    JsonNode batch = client.post(QUERY + "/batch", "{'searches':[" + one + "]}").result();
    assertThat(batch.get(0).at("/caps/budget_hit").asBoolean()).isTrue();
    JsonNode older =
        client
            .post(
                "/collections/films/points/search",
                "{'vector':[0.5,0.5,0,1],'limit':3," + SMALL + "}")
            .json();
    assertThat(older.at("/caps/budget_hit").asBoolean()).isTrue();
    String unlimited = "{'vector':[0.5,0.5,0,1],'limit':3}";
    String limited = "{'vector':[0.5,0.5,0,1],'limit':3," + SMALL + "}";
    JsonNode olderBatch =
        client
            .post(
                "/collections/films/points/search/batch",
                "{'searches':[" + unlimited + "," + limited + "]}")
            .json();
    assertThat(olderBatch.at("/caps/0").isNull()).isTrue();
    assertThat(olderBatch.at("/caps/1/budget_hit").asBoolean()).isTrue();
    JsonNode silent =
        client
            .post("/collections/films/points/search/batch", "{'searches':[" + unlimited + "]}")
            .json();
    assertThat(silent.has("caps")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'max_ms':0          | 422 | max_ms: value 0 invalid, must be from 1 to 86400000
          'max_ms':86400001   | 422 | max_ms: value 86400001 invalid
          'max_ms':1.5        | 400 | max_ms: expected a whole number
          'max_ms':'1'        | 400 | max_ms: expected a whole number
          'max_scanned':-1    | 422 | max_scanned: value -1 invalid, must be from 1
          'max_scanned':null  | 400 | max_scanned: expected a whole number
          'max_rows':1        | 422 | unknown option
          """,
      quoteCharacter = '`')
  void limitsOutOfBoundsAreRefused(String option, int status, String text) {
    ApiClient.Reply reply =
        client.post(QUERY, "{'query':[0,0,0,1],'params':{'caps':{" + option + "}}}");
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.error()).contains(text);
  }
}
