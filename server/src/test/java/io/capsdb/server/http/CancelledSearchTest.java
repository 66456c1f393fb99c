package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Point;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A search ends between two partitions when its time is over or its client is gone. It looks at
/// the clock there, which is how these tests see and hold it.
@Timeout(60)
class CancelledSearchTest {
  private static final int ROWS = 16_000;
  private static final String QUERY =
      "{\"query\":[0.5,0.5,0.5,0.5],\"params\":{\"caps\":{\"recall_target\":1}},"
          + "\"filter\":{\"must\":[{\"key\":\"n\",\"range\":{\"gte\":0}}]}}";

  /// Counts the looks of readers, holds one of them, and can jump.
  private static final class Watch implements LongSupplier {
    final AtomicInteger looks = new AtomicInteger();
    final AtomicLong jump = new AtomicLong();
    final CountDownLatch held = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);
    volatile int heldLook = -1;
    volatile int jumpLook = -1;

    @Override
    public long getAsLong() {
      if (Thread.currentThread().getName().startsWith("capsdb-reader")) {
        int look = looks.incrementAndGet();
        if (look == jumpLook) {
          jump.addAndGet(100_000_000_000L);
        }
        if (look == heldLook) {
          held.countDown();
          try {
            open.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }
      }
      return System.nanoTime() + jump.get();
    }
  }

  private final Watch watch = new Watch();
  private ApiClient client;

  @BeforeEach
  void fill() {
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .withDisk(new MemoryDisk())
            .withLog(false)
            .withMeasuredCosts(false)
            .withMinIndexRows(128);
    client =
        new ApiClient(
            Database.open(Path.of("data"), options),
            HttpConfig.defaults("0.1.0-test").withNanoClock(watch));
    Collection collection =
        client.database.createCollection("films", CollectionConfig.of(4, Metric.EUCLID));
    SplittableRandom random = new SplittableRandom(1);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      float[] vector = new float[4];
      for (int d = 0; d < vector.length; d++) {
        vector[d] = random.nextFloat();
      }
      points.add(Point.of(i, vector, Payload.of(java.util.Map.of("n", (long) i))));
    }
    collection.upsert(points);
    collection.seal();
    collection.awaitGreen(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    watch.open.countDown();
    client.close();
  }

  private ApiClient.Reply query() {
    return client.post("/collections/films/points/query?timeout=50", QUERY);
  }

  /// Looks at the clock of a search that runs to its end.
  private int wholeLooks() {
    int before = watch.looks.get();
    assertThat(query().result().get("points")).hasSize(10);
    int looks = watch.looks.get() - before;
    assertThat(looks).as("partitions after each of which a search can end").isGreaterThan(10);
    return looks;
  }

  @Test
  void aSearchEndsWhenItsTimeIsOver() {
    int whole = wholeLooks();
    int before = watch.looks.get();
    watch.jumpLook = before + 3;
    ApiClient.Reply reply = query();
    assertThat(reply.status()).isEqualTo(408);
    assertThat(reply.error()).contains("longer than its timeout");
    assertThat(watch.looks.get() - before).isLessThan(Math.min(8, whole));
    assertThat(query().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/points/scroll | {'limit':5000}",
        "/points/scroll | {'order_by':'n'}",
        "/facet         | {'key':'n'}",
        "/points/query  | {'limit':5000}",
        "/points/query  | {'query':{'order_by':'n'}}",
        "/points/query  | {'query':{'sample':'random'}}",
        "/points/query  | {'query':{'recommend':{'positive':[1],'strategy':'sum_scores'}}}"
      })
  void otherReadsEndWhenTheirTimeIsOver(String path, String body) {
    String url = "/collections/films" + path + "?timeout=50";
    assertThat(client.post(url, body).status()).isEqualTo(200);
    watch.jumpLook = watch.looks.get() + 1;
    assertThat(client.post(url, body).status()).isEqualTo(408);
  }

  @Test
  void aSearchEndsWhenItsClientIsGone() throws Exception {
    int whole = wholeLooks();
    int before = watch.looks.get();
    watch.heldLook = before + 3;
    try (RawHttp raw = new RawHttp(client.server.port())) {
      raw.send(
          "POST /collections/films/points/query?timeout=50 HTTP/1.1\r\nHost: x\r\n"
              + "Content-Type: application/json\r\nContent-Length: "
              + QUERY.length()
              + "\r\n\r\n"
              + QUERY);
      watch.held.await();
    }
    // The server hears of it on the event loop, which answers this as well.
    for (int i = 0; i < 20; i++) {
      assertThat(client.get("/livez").status()).isEqualTo(200);
      Thread.sleep(10);
    }
    watch.open.countDown();
    int looks = 0;
    for (int i = 0; i < 100; i++) {
      looks = watch.looks.get() - before;
      Thread.sleep(10);
    }
    assertThat(looks).isLessThan(Math.min(8, whole));
    assertThat(query().status()).isEqualTo(200);
  }
}
