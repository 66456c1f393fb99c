package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.capsdb.Hit;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShadowChecksTest {
  private static final String QUERY = "/collections/films/points/query";

  /// Ids from 1, and their scores.
  private static List<Hit> hits(int first, double... scores) {
    List<Hit> hits = new ArrayList<>();
    for (double score : scores) {
      PointId id = PointId.of(first + hits.size());
      hits.add(new Hit(id, 1, (float) score, Payload.empty(), Map.of(), Map.of()));
    }
    return hits;
  }

  @Test
  void hitsAsNearAsTheLastExactOneCount() {
    List<Hit> exact = hits(1, 0.9, 0.8, 0.7);
    assertThat(ShadowChecks.recall(Metric.COSINE, exact, exact)).isEqualTo(1);
    assertThat(ShadowChecks.recall(Metric.COSINE, hits(9, 0.8, 0.7, 0.6), exact))
        .isCloseTo(2 / 3.0, within(1e-9));
    assertThat(ShadowChecks.recall(Metric.EUCLID, hits(9, 0.5, 0.7, 0.8), hits(1, 0.5, 0.6, 0.7)))
        .isCloseTo(2 / 3.0, within(1e-9));
    assertThat(ShadowChecks.recall(Metric.DOT, List.of(), exact)).isZero();
  }

  private static String metrics(ApiClient client, String wanted) throws InterruptedException {
    String text = client.get("/metrics").text();
    for (int i = 0; i < 500 && !text.contains(wanted); i++) {
      Thread.sleep(10);
      text = client.get("/metrics").text();
    }
    return text;
  }

  @Test
  void recallIsCountedWhereItIsAskedFor() throws InterruptedException {
    try (ApiClient client = new ApiClient()) {
      client.fill("films", "Dot", "[{'id':1,'vector':[1,2,3,4]},{'id':2,'vector':[0,0,0,1]}]");
      assertThat(client.post(QUERY, "{'query':[1,2,3,4]}").status()).isEqualTo(200);
      assertThat(client.post(QUERY, "{'query':[1,2,3,4],'params':{'caps':{'verify':0}}}").status())
          .isEqualTo(200);
      assertThat(client.get("/metrics").text()).doesNotContain("caps_recall_at_k");
      assertThat(
              client
                  .post(QUERY, "{'query':[1,2,3,4],'limit':1,'params':{'caps':{'verify':1}}}")
                  .result()
                  .get("points"))
          .hasSize(1);
      String tags = "{collection=\"films\",matching=\"above 50 %\",plan=\"exact\"}";
      assertThat(metrics(client, "caps_recall_at_k_count" + tags + " 1"))
          .contains("caps_recall_at_k_count" + tags + " 1")
          .contains("caps_recall_at_k_sum" + tags + " 1.0");
      // For all searches of a collection.
      assertThat(
              client.send("PATCH", "/collections/films", "{'caps_config':{'verify':1}}").status())
          .isEqualTo(200);
      // Java writes small numbers with an exponent.
      for (String share : List.of("0.0005", "1e-9", "0.0012345678901234567", "1")) {
        String options = "{'caps_config':{'verify':" + share + "}}";
        assertThat(client.send("PATCH", "/collections/films", options).status()).isEqualTo(200);
        assertThat(client.post(QUERY, "{'limit':1}").status()).isEqualTo(200);
        assertThat(
                client
                    .get("/collections/films")
                    .result()
                    .at("/config/caps_config/verify")
                    .asDouble())
            .isEqualTo(Double.parseDouble(share));
      }
      client.post(QUERY, "{'query':[0,0,0,1]}");
      assertThat(metrics(client, "caps_recall_at_k_count" + tags + " 2"))
          .contains("caps_recall_at_k_count" + tags + " 2");
      assertThat(client.post(QUERY, "{'query':1,'params':{'caps':{'verify':2}}}").error())
          .contains("verify: value 2.0 invalid, must be from 0 to 1");
    }
  }
}
