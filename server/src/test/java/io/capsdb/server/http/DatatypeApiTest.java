package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Vectors of two bytes or one byte a value over HTTP: what goes in, what comes out, before and
/// after it is sealed.
class DatatypeApiTest {
  private static final String PICTURES = "/collections/pictures";
  private static final String POINTS = PICTURES + "/points";

  private ApiClient client;

  @BeforeEach
  void fill() {
    client = new ApiClient();
    assertThat(
            client
                .put(
                    PICTURES,
                    "{'vectors':{'pixels':{'size':3,'distance':'Euclid','datatype':'uint8'},"
                        + "'text':{'size':2,'distance':'Cosine','datatype':'float16'},"
                        + "'plain':{'size':2,'distance':'Dot'}}}")
                .status())
        .isEqualTo(200);
    assertThat(
            put("{'points':["
                    + "{'id':1,'vector':{'pixels':[0,127.6,255],'text':[3,4],'plain':[0.1,1]}},"
                    + "{'id':2,'vector':{'pixels':[10.5,11.5,0.25],'text':[0.1,0.9]}},"
                    + "{'id':3,'vector':{'pixels':[1,2,3]}}]}")
                .status())
        .isEqualTo(200);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private ApiClient.Reply put(String body) {
    return client.put(POINTS + "?wait=true", body);
  }

  private JsonNode vector(int id) {
    return client.get(POINTS + "/" + id).result().get("vector");
  }

  @Test
  void theTypesAreAnswered() {
    JsonNode vectors = client.get(PICTURES).result().at("/config/params/vectors");
    assertThat(vectors.at("/pixels/datatype").asText()).isEqualTo("uint8");
    assertThat(vectors.at("/text/datatype").asText()).isEqualTo("float16");
    assertThat(vectors.at("/plain/datatype").isMissingNode()).isTrue();
  }

  @Test
  void valuesComeBackAsTheyAreStored() {
    requireStored();
    client.database.collection("pictures").seal();
    requireStored();
    JsonNode scrolled =
        client.post(POINTS + "/scroll", "{'with_vector':['pixels']}").result().get("points");
    assertThat(scrolled.at("/0/vector/pixels").toString()).isEqualTo("[0.0,128.0,255.0]");
  }

  private void requireStored() {
    assertThat(vector(1).get("pixels").toString()).isEqualTo("[0.0,128.0,255.0]");
    assertThat(vector(2).get("pixels").toString()).isEqualTo("[10.0,12.0,0.0]");
    assertThat(vector(1).get("text").toString()).isEqualTo("[0.60009766,0.7998047]");
    assertThat(vector(1).get("plain").toString()).isEqualTo("[0.1,1.0]");
  }

  @Test
  void scoresAreThoseOfStoredValuesLiveAndSealed() {
    String query = "{'query':[0,0,0.5],'using':'pixels','limit':2}";
    String live = client.post(POINTS + "/query", query).result().toString();
    JsonNode hits = client.post(POINTS + "/query", query).result().get("points");
    assertThat(hits.at("/0/id").asInt()).isEqualTo(3);
    assertThat(hits.at("/0/score").floatValue()).isEqualTo((float) Math.sqrt(1 + 4 + 6.25));
    assertThat(hits.at("/1/id").asInt()).isEqualTo(2);
    client.database.collection("pictures").seal();
    assertThat(client.post(POINTS + "/query", query).result().toString()).isEqualTo(live);
  }

  @Test
  void valuesBeyondTheTypeAreRefusedByEachWrite() {
    String bad = "{'points':[{'id':9,'vector':{'pixels':[1,2,256]}}]}";
    ApiClient.Reply reply = put(bad);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error())
        .contains(
            "points[0] (id 9)",
            "vector 'pixels': vector[2] is 256.0, a value of type uint8 must be in 0..255");
    reply =
        client.put(
            POINTS + "/vectors?wait=true", "{'points':[{'id':1,'vector':{'pixels':[1,-0.5,2]}}]}");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).contains("vector[1] is -0.5");
    assertThat(client.get(POINTS + "/9").status()).isEqualTo(404);
    requireStored();
  }

  @Test
  void partsOfAPointThatAreNotChangedStayAsTheyAre() {
    client.database.collection("pictures").seal();
    assertThat(
            client
                .put(
                    POINTS + "/vectors?wait=true",
                    "{'points':[{'id':1,'vector':{'pixels':[7.4,8,9]}}]}")
                .status())
        .isEqualTo(200);
    assertThat(vector(1).get("pixels").toString()).isEqualTo("[7.0,8.0,9.0]");
    assertThat(vector(1).get("text").toString()).isEqualTo("[0.60009766,0.7998047]");
  }
}
