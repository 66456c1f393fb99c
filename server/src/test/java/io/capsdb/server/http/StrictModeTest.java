package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictModeTest {
  private static final String FILMS = "/collections/films";
  private static final String POINTS = FILMS + "/points";
  private static final String CITY = "{'must':{'key':'city','match':{'value':'Oslo'}}}";

  private final ApiClient client = new ApiClient();

  @BeforeEach
  void fill() {
    client.fill(
        "films",
        "Dot",
        "[{'id':1,'vector':[1,0,0,0],'payload':{'city':'Oslo','year':1}},{'id':2,'vector':[2,0,0,0]}]");
    client.put(FILMS + "/index?wait=true", "{'field_name':'year','field_schema':'integer'}");
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void strict(String limits) {
    client.send("PATCH", FILMS, "{'strict_mode_config':{'enabled':true," + limits + "}}").result();
  }

  private void requireRefused(ApiClient.Reply reply, String text) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.error()).contains(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'max_query_limit':5        | /points/query         | {'limit':6}
          'max_query_limit':5        | /points/scroll        | {'limit':6}
          'max_query_limit':5        | /facet                | {'key':'city','limit':6}
          'max_query_limit':5        | /points/search        | {'vector':[1,0,0,0],'limit':6}
          'max_query_limit':5        | /points/query         | {'prefetch':{'limit':9},'limit':1,'query':{'fusion':'rrf'}}
          'max_query_limit':5        | /points/query/groups  | {'query':1,'limit':6,'group_by':'city'}
          'max_query_limit':5        | /points/query/batch   | {'searches':[{'limit':6}]}
          'max_timeout':5            | /points/count?timeout=6 | {}
          'search_max_batchsize':1   | /points/query/batch   | {'searches':[{'limit':1},{'limit':1}]}
          'search_max_hnsw_ef':9     | /points/query         | {'query':1,'params':{'hnsw_ef':10}}
          'search_max_oversampling':2.5 | /points/query      | {'query':1,'params':{'quantization':{'oversampling':3}}}
          'search_allow_exact':false | /points/query         | {'query':1,'params':{'exact':true}}
          'filter_max_conditions':1  | /points/count         | {'filter':{'must':[{'has_id':[1]},{'has_id':[2]}]}}
          'condition_max_size':2     | /points/count         | {'filter':{'must':{'has_id':[1,2,3]}}}
          'condition_max_size':2     | /points/count         | {'filter':{'must':{'key':'a','match':{'any':[1,2,3]}}}}
          'upsert_max_batchsize':1   | /points/batch         | {'operations':[{'upsert':{'points':[{'id':7,'vector':[1,0,0,0]},{'id':8,'vector':[1,0,0,0]}]}}]}
          'max_points_count':2       | /points/import        | {"id":7,"vector":[1,0,0,0]}
          """)
  void limitIsKeptTo(String limit, String path, String body) {
    ApiClient.Reply before = client.post(FILMS + path, body);
    assertThat(before.status()).as(before.text()).isEqualTo(200);
    strict(limit);
    String name = limit.substring(1, limit.indexOf("':"));
    requireRefused(client.post(FILMS + path, body), name);
    client.send("PATCH", FILMS, "{'strict_mode_config':{'enabled':false}}").result();
    assertThat(client.post(FILMS + path, body).status()).isEqualTo(200);
  }

  @Test
  void filtersOfReadsAskForDeclaredFields() {
    strict("'unindexed_filtering_retrieve':false");
    String text = "Index required but not found for \"city\"";
    requireRefused(client.post(POINTS + "/count", "{'filter':" + CITY + "}"), text);
    requireRefused(client.post(POINTS + "/query", "{'query':1,'filter':" + CITY + "}"), text);
    requireRefused(
        client.post(
            POINTS + "/count",
            "{'filter':{'must_not':{'should':{'nested':{'key':'city','filter':{'must':"
                + "{'is_empty':{'key':'a'}}}}}}}}"),
        "\"city[].a\"");
    String year = "{'filter':{'must':[{'key':'year','range':{'gt':0}},{'has_id':[1]}]}}";
    assertThat(client.post(POINTS + "/count", year).result().get("count").asInt()).isOne();
    assertThat(client.post(POINTS + "/payload/clear", "{'filter':" + CITY + "}").status())
        .isEqualTo(200);
  }

  @Test
  void filtersOfChangesAskForDeclaredFields() {
    strict("'unindexed_filtering_update':false");
    for (String path : new String[] {"/delete", "/payload/clear"}) {
      requireRefused(
          client.post(POINTS + path, "{'filter':" + CITY + "}"), "unindexed_filtering_update");
    }
    requireRefused(
        client.put(POINTS, "{'points':[{'id':1,'vector':[1,0,0,0]}],'update_filter':" + CITY + "}"),
        "Index required");
    assertThat(client.post(POINTS + "/count", "{'filter':" + CITY + "}").result().get("count"))
        .hasToString("1");
  }

  @Test
  void numberOfDeclaredFieldsIsKeptTo() {
    strict("'max_payload_index_count':1");
    requireRefused(
        client.put(FILMS + "/index", "{'field_name':'city','field_schema':'keyword'}"),
        "max_payload_index_count");
    assertThat(
            client.put(FILMS + "/index", "{'field_name':'year','field_schema':'float'}").status())
        .isEqualTo(200);
  }

  @Test
  void tooManyReadsAndWritesAreToldToWait() {
    strict("'read_rate_limit':2,'write_rate_limit':1");
    assertThat(client.post(POINTS + "/count", "{}").status()).isEqualTo(200);
    assertThat(client.get(POINTS + "/1").status()).isEqualTo(200);
    ApiClient.Reply read = client.post(POINTS + "/count", "{}");
    assertThat(read.status()).isEqualTo(429);
    assertThat(Integer.parseInt(read.header("Retry-After"))).isBetween(1, 30);
    assertThat(client.post(POINTS + "/delete", "{'points':[9]}").status()).isEqualTo(200);
    assertThat(client.post(POINTS + "/delete", "{'points':[9]}").status()).isEqualTo(429);
    // What is no matter of points can be asked, and the limit lifted.
    assertThat(client.get(FILMS).status()).isEqualTo(200);
    client.send("PATCH", FILMS, "{'strict_mode_config':{'enabled':false}}").result();
    assertThat(client.post(POINTS + "/count", "{}").status()).isEqualTo(200);
  }

  @Test
  void ratesFillUpAgain() {
    RateLimits rates = new RateLimits();
    for (int i = 0; i < 60; i++) {
      assertThat(rates.admit("a", 60, 5)).isEqualTo(OptionalInt.empty());
    }
    assertThat(rates.admit("a", 60, 5)).isEqualTo(OptionalInt.of(1));
    assertThat(rates.admit("b", 60, 5)).isEqualTo(OptionalInt.empty());
    assertThat(rates.admit("a", 60, 1_000_000_005L)).isEqualTo(OptionalInt.empty());
    assertThat(rates.admit("a", 60, 1_000_000_005L)).isEqualTo(OptionalInt.of(1));
    assertThat(rates.admit("c", 1, 0)).isEqualTo(OptionalInt.empty());
    assertThat(rates.admit("c", 1, 0)).isEqualTo(OptionalInt.of(60));
  }

  @Test
  void limitsThatAreNotKeptToCannotBeEnabled() {
    client
        .send("PATCH", FILMS, "{'strict_mode_config':{'max_collection_vector_size_bytes':7}}")
        .result();
    ApiClient.Reply reply = client.send("PATCH", FILMS, "{'strict_mode_config':{'enabled':true}}");
    requireRefused(reply, "strict_mode_config.max_collection_vector_size_bytes");
    assertThat(
            client
                .get(FILMS)
                .result()
                .at("/config/strict_mode_config/max_collection_vector_size_bytes")
                .asInt())
        .isEqualTo(7);
  }
}
