package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Point;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WalkWidthTest {
  @ParameterizedTest
  @CsvSource({
    "1,0.9",
    "16,0.9",
    "31,0.9",
    "32,0.95",
    "64,0.97",
    "127,0.97",
    "128,0.99",
    "256,0.995",
    "512,0.998",
    "1024,0.999",
    "9223372036854775807,0.999"
  })
  void widerWalksStandForMoreRecall(long width, double recall) {
    assertThat(WalkWidth.recall(width)).isEqualTo(recall);
  }

  @Test
  void widthOfAClientSetsTheRecallOfASearch() {
    try (ApiClient client = new ApiClient()) {
      fill(client.database.createCollection("films", CollectionConfig.of(64, Metric.EUCLID)));
      assertThat(recall(client, "")).isEqualTo(0.99);
      assertThat(recall(client, "'hnsw_ef':16,")).isEqualTo(0.9);
      assertThat(recall(client, "'hnsw_ef':512,")).isEqualTo(0.998);
      assertThat(recall(client, "'exact':true,'hnsw_ef':16,")).isEqualTo(1);
      client.send("PATCH", "/collections/films", "{'caps_config':{'recall_target':0.97}}").result();
      assertThat(recall(client, "'hnsw_ef':16,")).as("the collection's own").isEqualTo(0.97);
    }
  }

  /// So many that not all of their vectors are read.
  private static void fill(Collection films) {
    SplittableRandom random = new SplittableRandom(5);
    List<Point> points = new ArrayList<>();
    for (int id = 0; id < 4_000; id++) {
      float[] vector = new float[64];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = random.nextFloat() + id % 20;
      }
      points.add(Point.of(id, vector, Map.of()));
    }
    films.upsert(points);
    films.seal();
  }

  private static double recall(ApiClient client, String params) {
    JsonNode answer =
        client
            .post(
                "/collections/films/points/query",
                "{'query':1,'params':{" + params + "'caps':{'explain':true}}}")
            .result();
    return answer.at("/caps/recall_estimate").asDouble();
  }
}
