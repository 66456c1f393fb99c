package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.AliasChange;
import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Point;
import io.capsdb.vector.Metric;
import java.io.ByteArrayInputStream;
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

  private void damage() throws IOException {
    try (Database database = open()) {
      for (String name : List.of("bad", "good")) {
        database
            .createCollection(name, CollectionConfig.of(2, Metric.EUCLID))
            .upsert(List.of(Point.of(1, new float[] {1, 2}, Map.of())));
      }
      database.changeAliases(List.of(new AliasChange.Create("other", "bad")));
    }
    Path log = folder.resolve("collection-000000").resolve("log-000000000000.wal");
    byte[] bytes = Files.readAllBytes(log);
    bytes[30] ^= 1;
    Files.write(log, bytes);
  }

  @Test
  void aDamagedCollectionIsRestoredAndKeepsItsAlias() throws IOException {
    damage();
    byte[] snapshot;
    try (ApiClient other = new ApiClient()) {
      other.fill("bad", "Euclid", "[{'id':5,'vector':[1,2,3,4]}]");
      String name = other.post("/collections/bad/snapshots", "").result().get("name").asText();
      snapshot = other.get("/collections/bad/snapshots/" + name).response().body();
    }
    try (Database database = open()) {
      database.restore("bad", new ByteArrayInputStream(snapshot), 1 << 20);
      assertThat(database.aliases()).containsEntry("other", "bad");
      assertThat(database.collection("other").status().points()).isEqualTo(1);
      assertThat(folder.resolve("collection-000000")).doesNotExist();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> database.restore("other", new ByteArrayInputStream(snapshot), 1 << 20))
          .withMessageContaining("an alias has this name");
    }
  }

  @Test
  void aDamagedCollectionIsListedAndRedAndCanBeDropped() throws IOException {
    damage();
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
