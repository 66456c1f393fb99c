package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.io.MemoryDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ConcurrencyTest {
  private static final int BATCHES = 30;
  private static final int BATCH = 200;

  /// Writers store whole batches of one `batch` number each; whoever searches meanwhile sees each
  /// of them wholly or not at all, and all that were answered before the search began.
  @Test
  void searchesDuringUpsertsSeeWholeBatches() throws Exception {
    Database database =
        Database.open(
            Path.of("memory"),
            DatabaseOptions.defaults()
                .withDisk(new MemoryDisk())
                .withLog(false)
                .withSealRows(1_000)
                .withMinIndexRows(256));
    try (ApiClient client = new ApiClient(database, HttpConfig.defaults("0.1.0"))) {
      client.put("/collections/films", "{'vectors':{'size':4,'distance':'Euclid'}}");
      AtomicInteger done = new AtomicInteger();
      AtomicBoolean isOver = new AtomicBoolean();
      List<CompletableFuture<Integer>> readers = new ArrayList<>();
      for (int r = 0; r < 4; r++) {
        int seed = r;
        readers.add(
            CompletableFuture.supplyAsync(
                () -> read(client, done, isOver, seed), Thread::startVirtualThread));
      }
      for (int batch = 0; batch < BATCHES; batch++) {
        client.put("/collections/films/points?wait=true", batch(batch)).result();
        done.set(batch + 1);
      }
      isOver.set(true);
      int reads = 0;
      for (CompletableFuture<Integer> reader : readers) {
        reads += reader.get();
      }
      assertThat(reads).isPositive();
      assertThat(client.post("/collections/films/points/count", "{}").result().get("count").asInt())
          .isEqualTo(BATCHES * BATCH);
    }
  }

  private static String batch(int batch) {
    StringBuilder body = new StringBuilder("{'points':[");
    for (int i = 0; i < BATCH; i++) {
      body.append(i == 0 ? "" : ",")
          .append(
              "{'id':%d,'vector':[%d,%d,1,2],'payload':{'batch':%d}}"
                  .formatted(batch * BATCH + i, batch, i, batch));
    }
    return body + "]}";
  }

  private static int read(ApiClient client, AtomicInteger done, AtomicBoolean isOver, int seed) {
    int reads = 0;
    int next = seed;
    while (!isOver.get()) {
      int before = done.get();
      int batch = before == 0 ? 0 : next++ % (before + 1);
      JsonNode points =
          client
              .post(
                  "/collections/films/points/query",
                  ("{'query':[%d,0,1,2],'limit':%d,'filter':{'must':[{'key':'batch','match':"
                          + "{'value':%d}}]}}")
                      .formatted(batch, 2 * BATCH, batch))
              .result()
              .get("points");
      if (batch < before) {
        assertThat(points.size()).isEqualTo(BATCH);
      } else {
        assertThat(points.size()).isIn(0, BATCH);
      }
      if (points.size() == BATCH) {
        assertThat(points.get(0).get("id").asInt()).isEqualTo(batch * BATCH);
      }
      reads++;
    }
    return reads;
  }

  /// A collection that is dropped and made anew under its users is there or not; nobody meets a
  /// fault.
  @Test
  void aCollectionMayBeDroppedWhileItIsUsed() throws Exception {
    try (ApiClient client = new ApiClient()) {
      AtomicBoolean isOver = new AtomicBoolean();
      List<CompletableFuture<Void>> users = new ArrayList<>();
      for (int u = 0; u < 3; u++) {
        users.add(
            CompletableFuture.runAsync(
                () -> {
                  while (!isOver.get()) {
                    for (ApiClient.Reply reply :
                        List.of(
                            client.put("/collections/films/points", batch(0)),
                            client.post("/collections/films/points/count", "{}"),
                            client.post("/collections/films/points/query", "{'query':[0,0,1,2]}"),
                            client.get("/collections/films"))) {
                      assertThat(reply.status()).as(reply.text()).isIn(200, 404, 503);
                    }
                  }
                },
                Thread::startVirtualThread));
      }
      for (int i = 0; i < 40; i++) {
        client.put("/collections/films", "{'vectors':{'size':4,'distance':'Dot'}}");
        Thread.sleep(5);
        client.delete("/collections/films");
      }
      isOver.set(true);
      for (CompletableFuture<Void> user : users) {
        user.get();
      }
    }
  }
}
