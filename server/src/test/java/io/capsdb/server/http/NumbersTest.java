package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the server tells about its work: numbers and advice.
class NumbersTest {
  private final ApiClient client = new ApiClient();

  @BeforeEach
  void fill() {
    client.fill("films", "Dot", "[{'id':1,'vector':[1,0,0,0],'payload':{'city':'Oslo'}}]");
    client
        .post(
            "/collections/films/points/query",
            "{'query':[1,0,0,0],'filter':{'must':{'key':'city','match':{'value':'Oslo'}}},"
                + "'params':{'caps':{'verify':1}}}")
        .result();
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void metricsHaveNoNamesWhereTheyAreNotWanted() {
    assertThat(client.get("/metrics").text()).contains("collection_points{id=\"films\"} 1\n");
    String anonymous = client.get("/metrics?anonymize=true").text();
    assertThat(anonymous)
        .contains("collection_points{id=\"collection-1\"} 1\n")
        .contains("collection_red{id=\"collection-1\"} 0\n")
        .contains("collection_disk_full{id=\"collection-1\"} 0\n")
        .doesNotContain("films");
    assertThat(client.get("/metrics?anonymize=true").text()).contains("\"collection-1\"} 1\n");
    String all = client.get("/metrics?per_collection=false&timeout=10").text();
    assertThat(all)
        .contains("collections_total 1\n", "rest_responses_total", "caps_search_seconds_count")
        .doesNotContain("films", "collection_points", "collection-1");
  }

  @Test
  void telemetryTellsMoreByLevel() {
    JsonNode plain = client.get("/telemetry").result();
    assertThat(plain.at("/collections/points").asInt()).isOne();
    assertThat(plain.toString()).doesNotContain("films");
    assertThat(plain.at("/app/system").isMissingNode()).isTrue();
    JsonNode machine = client.get("/telemetry?details_level=1").result();
    assertThat(machine.at("/app/system/processors").asInt()).isPositive();
    JsonNode more = client.get("/telemetry?details_level=10&per_collection=true").result();
    String query = "POST /collections/{collection_name}/points/query";
    for (JsonNode each : List.of(plain, more)) {
      JsonNode answered = each.at("/requests/rest/responses").path(query).path("200");
      assertThat(answered.path("count").asInt()).isOne();
      assertThat(answered.path("avg_duration_micros").asDouble()).isPositive();
      assertThat(each.at("/requests/grpc/responses")).isEmpty();
    }
    client.send("INVENTED", "/nowhere", "");
    assertThat(client.get("/telemetry").result().toString())
        .as("methods that nobody knows are not told apart")
        .doesNotContain("INVENTED");
    assertThat(more.at("/collections/collections/0/id").asText()).isEqualTo("films");
    assertThat(more.at("/collections/collections/0/points").asInt()).isOne();
  }

  @Test
  void adviceTellsTheFieldsThatAreFiltered() {
    JsonNode advice = client.get("/collections/films/advice").result();
    assertThat(advice.at("/fields/0/field").asText()).isEqualTo("city");
    assertThat(advice.at("/fields/0/declared").asBoolean()).isFalse();
    assertThat(client.get("/collections/none/advice").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "/telemetry?details_level=11, 422, details_level: value 11 invalid",
    "/telemetry?details_level=-1, 422, details_level: value -1 invalid",
    "/telemetry?details_level=x, 400, details_level: expected a whole number",
    "/telemetry?per_collection=2, 400, per_collection: expected true or false",
    "/metrics?anonymize=yes, 400, anonymize: expected true or false",
    "/metrics?per_collection=, 400, per_collection: expected true or false",
    "/metrics?timeout=0, 422, timeout: value 0 invalid",
    "/metrics?timeout=1.5, 400, timeout: expected a whole number",
  })
  void badOptionsAreRefused(String path, int status, String text) {
    ApiClient.Reply reply = client.get(path);
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.error()).contains(text);
  }
}
