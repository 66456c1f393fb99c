package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointApiTest {
  private static final String UUID = "5c56c793-69f3-4fbf-87e6-c4bf54c28c26";
  private static final String POINTS = "/collections/films/points";

  private final ApiClient client = new ApiClient();

  @BeforeEach
  void fill() {
    client.fill(
        "films",
        "Dot",
        """
        [{'id':1,'vector':[1,0,0,0],'payload':{'city':'Berlin','price':12.5,'tags':['a','b']}},
         {'id':18446744073709551615,'vector':[0,1,0,0],'payload':{'city':'Rome'}},
         {'id':'%s','vector':[0,0,1,0],'payload':null},
         {'id':2,'vector':[0,0,0,1]}]
        """
            .formatted(UUID.replace("-", "").toUpperCase(java.util.Locale.ROOT)));
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aPointIsFetchedByItsNumberOrUuid() {
    assertThat(client.get(POINTS + "/1").result().toString())
        .isEqualTo(
            "{\"id\":1,\"payload\":{\"city\":\"Berlin\",\"price\":12.5,\"tags\":[\"a\",\"b\"]},"
                + "\"vector\":[1.0,0.0,0.0,0.0]}");
    assertThat(client.get(POINTS + "/18446744073709551615").text())
        .contains("\"id\":18446744073709551615,");
    for (String form : List.of(UUID, UUID.replace("-", ""), "urn:uuid:" + UUID)) {
      assertThat(client.get(POINTS + "/" + form).result().get("id").asText()).isEqualTo(UUID);
    }
    assertThat(client.get(POINTS + "/7").status()).isEqualTo(404);
    assertThat(client.get(POINTS + "/x").status()).isEqualTo(400);
  }

  /// The first is a little below the middle of two float32, and its nearest float64 is the middle.
  @Test
  void numbersAreRoundedOnce() {
    assertThat(
            client
                .put(
                    POINTS + "?wait=true",
                    "{'points':[{'id':5,'vector':[1.00000017881393432617187499,16777217,1e-46,-1.5]}]}")
                .status())
        .isEqualTo(200);
    assertThat(client.get(POINTS + "/5").result().get("vector").toString())
        .isEqualTo("[1.0000001,1.6777216E7,0.0,-1.5]");
  }

  @Test
  void pointsAreFetchedInTheOrderOfTheirIds() {
    JsonNode points =
        client
            .post(
                POINTS, "{'ids':['" + UUID + "',7,1],'with_payload':['price'],'with_vector':true}")
            .result();
    assertThat(points.toString())
        .isEqualTo(
            "[{\"id\":\"%s\",\"payload\":{},\"vector\":[0.0,0.0,1.0,0.0]},".formatted(UUID)
                + "{\"id\":1,\"payload\":{\"price\":12.5},\"vector\":[1.0,0.0,0.0,0.0]}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true | {'a':{'b':1,'c':2},'l':[{'b':1,'c':2},3],'x.y':4}",
        "['a.b'] | {'a':{'b':1}}",
        "['a'] | {'a':{'b':1,'c':2}}",
        "['l[].b'] | {'l':[{'b':1}]}",
        "['l[]'] | {'l':[{'b':1,'c':2},3]}",
        "['l.b'] | {}",
        "['`\\\"x.y\\\"`'] | {'x.y':4}",
        "{'include':['a.c']} | {'a':{'c':2}}",
        "{'include':['a.c'],'exclude':null} | {'a':{'c':2}}",
        "{'include':null,'exclude':['a','l']} | {'x.y':4}",
        "{'exclude':['a.c','l']} | {'a':{'b':1},'x.y':4}",
        "{'exclude':['l[].b']} | {'a':{'b':1,'c':2},'l':[{'c':2},3],'x.y':4}",
        "{'exclude':['nothing']} | {'a':{'b':1,'c':2},'l':[{'b':1,'c':2},3],'x.y':4}",
        "[] | {}",
      })
  void theAskedForPartOfAPayloadIsAnswered(String selector, String expected) {
    client.put(
        POINTS,
        "{'points':[{'id':9,'vector':[1,1,1,1],'payload':"
            + "{'a':{'b':1,'c':2},'l':[{'b':1,'c':2},3],'x.y':4}}]}");
    JsonNode points =
        client
            .post(POINTS, "{'ids':[9],'with_payload':" + selector.replace("`", "") + "}")
            .result();
    assertThat(points.get(0).get("payload").toString()).isEqualTo(expected.replace('\'', '"'));
  }

  @Test
  void writesTellTheirNumberAndWhetherTheyWaited() {
    JsonNode first =
        client.put(POINTS + "?wait=true", "{'points':[{'id':5,'vector':[1,1,1,1]}]}").result();
    assertThat(first.toString()).isEqualTo("{\"operation_id\":2,\"status\":\"completed\"}");
    JsonNode second =
        client
            .put(POINTS + "?ordering=strong", "{'points':[{'id':5,'vector':[1,1,1,1]}]}")
            .result();
    assertThat(second.toString()).isEqualTo("{\"operation_id\":3,\"status\":\"acknowledged\"}");
  }

  @Test
  void aBatchIsStoredColumnByColumn() {
    client
        .put(
            POINTS,
            "{'batch':{'payloads':[{'n':1},null],'ids':[10,11],'vectors':[[1,2,3,4],[5,6,7,8]]}}")
        .result();
    assertThat(client.get(POINTS + "/10").result().toString())
        .isEqualTo("{\"id\":10,\"payload\":{\"n\":1},\"vector\":[1.0,2.0,3.0,4.0]}");
    assertThat(client.get(POINTS + "/11").result().get("payload").toString()).isEqualTo("{}");
  }

  @Test
  void namedVectorsAreStoredAndSelectedByName() {
    client.put(
        "/collections/two",
        "{'vectors':{'a':{'size':2,'distance':'Dot'},'b':{'size':3,'distance':'Dot'}}}");
    String points = "/collections/two/points";
    client.put(
        points,
        "{'points':[{'id':1,'vector':{'a':[1,2],'b':[3,4,5]}},{'id':2,'vector':{'b':[6,7,8]}}]}");
    client.put(
        points, "{'batch':{'ids':[3,4],'vectors':{'a':[[1,1],[2,2]],'b':[[1,1,1],[2,2,2]]}}}");
    assertThat(client.get(points + "/1").result().get("vector").toString())
        .isEqualTo("{\"a\":[1.0,2.0],\"b\":[3.0,4.0,5.0]}");
    assertThat(
            client
                .post(points, "{'ids':[1,2,4],'with_payload':false,'with_vectors':['a']}")
                .result()
                .toString())
        .isEqualTo(
            "[{\"id\":1,\"vector\":{\"a\":[1.0,2.0]}},{\"id\":2,\"vector\":{}},"
                + "{\"id\":4,\"vector\":{\"a\":[2.0,2.0]}}]");
  }

  @Test
  void pointsAreDeletedByIdAndByFilter() {
    assertThat(
            client
                .post(POINTS + "/delete?wait=true", "{'points':[2,7]}")
                .result()
                .get("status")
                .asText())
        .isEqualTo("completed");
    assertThat(count("{}")).isEqualTo(3);
    client.post(
        POINTS + "/delete", "{'filter':{'must':{'key':'city','match':{'any':['Rome','Oslo']}}}}");
    assertThat(count("{}")).isEqualTo(2);
    client.post(POINTS + "/delete", "{'filter':{}}");
    assertThat(count("{}")).isZero();
  }

  @Test
  void pointsAreCountedUnderAFilter() {
    assertThat(count("{}")).isEqualTo(4);
    assertThat(count("{'filter':null,'exact':false}")).isEqualTo(4);
    assertThat(count("{'filter':{'must':[{'key':'price','range':{'gt':12,'lte':12.5}}]}}")).isOne();
    assertThat(count("{'filter':{'must_not':[{'key':'city','match':{'value':'Berlin'}}]}}"))
        .isEqualTo(3);
    assertThat(
            count(
                "{'filter':{'should':[{'is_empty':{'key':'city'}},{'key':'tags','match':{'value':'b'}}]}}"))
        .isEqualTo(3);
  }

  @Test
  void minusZeroIsZero() {
    String points =
        "{'points':[{'id':1,'vector':[1],'payload':{'x':-0.0}},"
            + "{'id':2,'vector':[1],'payload':{'x':0}},{'id':3,'vector':[1],'payload':{'x':0.5}}]}";
    client.put("/collections/zeros", "{'vectors':{'size':1,'distance':'Dot'}}");
    client.put("/collections/zeros/points", points);
    requireUnsignedZeros();
    client.database.collection("zeros").seal();
    requireUnsignedZeros();
  }

  private void requireUnsignedZeros() {
    for (String range : List.of("{'gt':-0.0}", "{'gt':-0.0,'gte':0.0}", "{'gte':-0.0,'gt':0.0}")) {
      assertThat(
              zeros("count", "{'filter':{'must':{'key':'x','range':" + range + "}}}")
                  .get("count")
                  .asInt())
          .as(range)
          .isOne();
    }
    for (String start : List.of("0", "0.0", "-0.0")) {
      assertThat(
              zeros("scroll", "{'order_by':{'key':'x','start_from':" + start + "}}").get("points"))
          .as(start)
          .hasSize(3);
      assertThat(
              zeros(
                      "scroll",
                      "{'order_by':{'key':'x','direction':'desc','start_from':" + start + "}}")
                  .get("points"))
          .as(start)
          .hasSize(2);
    }
  }

  private JsonNode zeros(String read, String body) {
    return client.post("/collections/zeros/points/" + read, body).result();
  }

  private int count(String body) {
    return client.post(POINTS + "/count", body).result().get("count").asInt();
  }

  @Test
  void scrollingWalksAllPointsInTheOrderOfTheirIds() {
    List<String> ids = new ArrayList<>();
    String offset = "null";
    int pages = 0;
    while (pages < 5) {
      JsonNode page =
          client
              .post(POINTS + "/scroll", "{'limit':3,'offset':" + offset + ",'with_payload':false}")
              .result();
      page.get("points").forEach(point -> ids.add(point.get("id").asText()));
      pages++;
      if (page.get("next_page_offset").isNull()) {
        break;
      }
      offset = page.get("next_page_offset").toString();
    }
    assertThat(pages).isEqualTo(2);
    assertThat(ids).containsExactly("1", "2", "18446744073709551615", UUID);
  }
}
