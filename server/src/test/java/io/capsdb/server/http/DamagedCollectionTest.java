package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Point;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A collection with a damaged file, as clients and those who look after the server see it.
class DamagedCollectionTest {
  @TempDir Path folder;

  private Database open() {
    return Database.open(folder, DatabaseOptions.defaults().withMeasuredCosts(false));
  }

  @Test
  void aDamagedCollectionIsListedAndRedAndCanBeDropped() throws IOException {
    try (Database database = open()) {
      for (String name : List.of("bad", "good")) {
        database
            .createCollection(name, CollectionConfig.of(2, Metric.EUCLID))
            .upsert(List.of(Point.of(1, new float[] {1, 2}, Map.of())));
      }
    }
    Path manifest = folder.resolve("collection-000000").resolve("log-000000000000.wal");
    byte[] bytes = Files.readAllBytes(manifest);
    bytes[30] ^= 1;
    Files.write(manifest, bytes);
    try (Database database = open();
        ApiClient client = new ApiClient(database, HttpConfig.defaults("0.1.0-test"))) {
      assertThat(client.get("/collections").result().path("collections").findValuesAsText("name"))
          .containsExactly("bad", "good");
      assertThat(client.get("/metrics").text())
          .contains("collection_red{id=\"bad\"} 1", "collection_red{id=\"good\"} 0");
      ApiClient.Reply reply = client.get("/collections/bad");
      assertThat(reply.status()).isEqualTo(500);
      assertThat(client.delete("/collections/bad").result().asBoolean()).isTrue();
      assertThat(client.get("/metrics").text()).doesNotContain("bad");
      assertThat(client.get("/collections").result().path("collections").findValuesAsText("name"))
          .containsExactly("good");
    }
  }
}
