package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.Database;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Too much, too long, too slow: refused early, with the bound, and others are served meanwhile.
@Timeout(60)
class LimitsTest {
  private static final String COUNT = "/collections/films/points/count";

  /// A body of 500 bytes.
  private static final String HALF = "{" + " ".repeat(498) + "}";

  private static HttpConfig config() {
    return HttpConfig.defaults("0.1.0");
  }

  private static ApiClient client(HttpConfig config) {
    ApiClient client = new ApiClient(Database.inMemory(), config);
    client.fill("films", "Dot", "[{'id':1,'vector':[1,2,3,4]}]");
    return client;
  }

  private static String head(String method, String path, String... headers) {
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: x\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head + "\r\n";
  }

  private static String post(int length) {
    return head("POST", COUNT, "Content-Type: application/json", "Content-Length: " + length);
  }

  @Test
  void aBodyThatIsTooLongIsRefusedAndTheConnectionGoesOn() throws IOException {
    try (ApiClient client = client(config().withMaxBodyBytes(1_000));
        RawHttp raw = new RawHttp(client.server.port())) {
      raw.send(post(1_001) + "x".repeat(1_001));
      ApiClient.Reply reply = raw.read();
      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.error()).contains("at most 1000 bytes");
      raw.send(post(2) + "{}");
      assertThat(raw.read().status()).isEqualTo(200);
      assertThat(client.post(COUNT, "{" + " ".repeat(998) + "}").status()).isEqualTo(200);
      assertThat(client.post(COUNT, "{" + " ".repeat(999) + "}").status()).isEqualTo(413);
    }
  }

  @Test
  void aBodyOfUnknownLengthIsRefusedWhenItGetsTooLong() throws IOException {
    try (ApiClient client = client(config().withMaxBodyBytes(1_000));
        RawHttp raw = new RawHttp(client.server.port())) {
      String head =
          head("POST", COUNT, "Content-Type: application/json", "Transfer-Encoding: chunked");
      raw.send(head + "2\r\n{}\r\n0\r\n\r\n");
      assertThat(raw.read().status()).isEqualTo(200);
      raw.send(
          head + "1f4\r\n" + " ".repeat(500) + "\r\n1f5\r\n" + " ".repeat(501) + "\r\n0\r\n\r\n");
      assertThat(raw.read().status()).isEqualTo(413);
      raw.send(post(2) + "{}");
      assertThat(raw.read().status()).isEqualTo(200);
    }
  }

  /// Whoever goes on sending for ever what was refused is cut off.
  @Test
  void anEndlessBodyIsCutOff() throws IOException {
    try (ApiClient client = client(config().withMaxBodyBytes(1_000));
        RawHttp raw = new RawHttp(client.server.port())) {
      raw.send(post(100_000_000));
      assertThat(raw.read().status()).isEqualTo(413);
      Assertions.assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100_000; i++) {
                  raw.send("x".repeat(1_000));
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(client.post(COUNT, "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void allBodiesTogetherHaveABudget() throws Exception {
    HttpConfig config = config().withMaxBodyBytes(1_000).withMaxBodiesInFlightBytes(1_000);
    try (ApiClient client = client(config)) {
      try (RawHttp first = new RawHttp(client.server.port())) {
        hold(first);
        ApiClient.Reply reply = client.post(COUNT, HALF);
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.error()).contains("above 1000 bytes");
        assertThat(reply.header("Retry-After")).isEqualTo("1");
        first.send(" ".repeat(798) + "}");
        assertThat(first.read().status()).isEqualTo(200);
        assertThat(client.post(COUNT, HALF).status()).isEqualTo(200);
        hold(first);
        assertThat(client.post(COUNT, HALF).status()).isEqualTo(429);
      }
      // The first client is gone, and soon so is its share.
      ApiClient.Reply reply = client.post(COUNT, HALF);
      for (int i = 0; reply.status() == 429 && i < 500; i++) {
        Thread.sleep(10);
        reply = client.post(COUNT, HALF);
      }
      assertThat(reply.status()).isEqualTo(200);
    }
  }

  /// Begins a body of 800 bytes. The server answers 100 once it has taken them from the budget.
  private static void hold(RawHttp raw) throws IOException {
    raw.send(
        head(
            "POST",
            COUNT,
            "Content-Type: application/json",
            "Content-Length: 800",
            "Expect: 100-continue"));
    assertThat(raw.read().status()).isEqualTo(100);
    raw.send("{");
  }

  @Test
  void aFullQueueAnswersTryAgain() throws Exception {
    TestClock clock = new TestClock();
    HttpConfig config = config().withWorkers(1, 1).withQueue(1).withNanoClock(clock);
    try (ApiClient client = client(config)) {
      clock.holdReaders();
      List<CompletableFuture<ApiClient.Reply>> waiting = new ArrayList<>();
      waiting.add(CompletableFuture.supplyAsync(() -> client.post(COUNT, "{}")));
      clock.awaitHeld(1);
      // One more waits in the queue; the ones after it are told to come back.
      CountDownLatch refused = new CountDownLatch(4);
      for (int i = 0; i < 5; i++) {
        waiting.add(
            CompletableFuture.supplyAsync(
                    () -> client.post(COUNT, "{}"), Thread::startVirtualThread)
                .whenComplete((reply, _) -> refuse(reply, refused)));
      }
      assertThat(refused.await(20, TimeUnit.SECONDS)).isTrue();
      // Neither writes nor what the server tells of itself waits for readers.
      assertThat(
              client
                  .put("/collections/films/points", "{'points':[{'id':2,'vector':[1,2,3,4]}]}")
                  .status())
          .isEqualTo(200);
      assertThat(client.get("/healthz").status()).isEqualTo(200);
      clock.release();
      List<Integer> statuses = new ArrayList<>();
      for (CompletableFuture<ApiClient.Reply> reply : waiting) {
        statuses.add(reply.get().status());
      }
      assertThat(statuses).containsOnly(200, 429);
      assertThat(statuses.stream().filter(status -> status == 200)).hasSize(2);
      assertThat(client.post(COUNT, "{}").status()).isEqualTo(200);
    }
  }

  private static void refuse(ApiClient.Reply reply, CountDownLatch refused) {
    if (reply.status() == 429) {
      assertThat(reply.error()).contains("too many requests");
      assertThat(reply.header("Retry-After")).isEqualTo("1");
      refused.countDown();
    }
  }

  private static HttpConfig hasty() {
    return config().withDeadlines(new HttpConfig.Deadlines(1_500, 1_500, 1_500, 2_000, 5_000));
  }

  @Test
  void idleConnectionsGiveWayToNewOnes() throws IOException {
    try (ApiClient client = client(config().withConnections(2));
        RawHttp idle = new RawHttp(client.server.port())) {
      // One of the two is that of the client.
      idle.send(head("GET", "/"));
      assertThat(idle.read().status()).isEqualTo(200);
      for (int i = 0; i < 9; i++) {
        try (RawHttp next = new RawHttp(client.server.port())) {
          next.send(head("GET", "/"));
          assertThat(next.read().status()).isEqualTo(200);
        }
      }
      try (RawHttp one = new RawHttp(client.server.port());
          RawHttp other = new RawHttp(client.server.port())) {
        for (RawHttp raw : List.of(one, other)) {
          raw.send(head("GET", "/"));
          assertThat(raw.read().status()).isEqualTo(200);
        }
        assertThat(idle.isClosedByServer()).isTrue();
      }
    }
  }

  @Test
  void connectionsThatSentNothingGiveWayToNewOnes() throws IOException {
    try (ApiClient client = client(config().withConnections(2));
        RawHttp first = new RawHttp(client.server.port());
        RawHttp second = new RawHttp(client.server.port());
        RawHttp third = new RawHttp(client.server.port())) {
      assertThat(first.isClosedByServer()).isTrue();
      for (RawHttp raw : List.of(second, third)) {
        raw.send(head("GET", "/"));
        assertThat(raw.read().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void connectionsBeyondThoseInUseAreRefusedAndThenClosed() throws IOException {
    try (ApiClient client = client(config().withConnections(2))) {
      List<RawHttp> open = new ArrayList<>();
      try {
        for (int i = 0; i < 2; i++) {
          RawHttp raw = new RawHttp(client.server.port());
          open.add(raw);
          hold(raw);
        }
        RawHttp refused = new RawHttp(client.server.port());
        open.add(refused);
        RawHttp closed = new RawHttp(client.server.port());
        open.add(closed);
        assertThat(closed.isClosedByServer()).isTrue();
        refused.send(head("GET", "/"));
        ApiClient.Reply reply = refused.read();
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.error()).contains("too many connections");
        assertThat(reply.header("Retry-After")).isEqualTo("1");
        assertThat(refused.isClosedByServer()).isTrue();
        open.getFirst().send("}" + " ".repeat(798));
        assertThat(open.getFirst().read().status()).isEqualTo(200);
      } finally {
        for (RawHttp raw : open) {
          raw.close();
        }
      }
    }
  }

  @Test
  void aHeaderThatDoesNotEndIsCutOffAlsoWhenItTrickles() throws IOException {
    try (ApiClient client = client(hasty());
        RawHttp silent = new RawHttp(client.server.port());
        RawHttp trickling = new RawHttp(client.server.port())) {
      trickling.send("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
      Assertions.assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  trickling.send("x");
                  Thread.sleep(50);
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(silent.isClosedByServer()).isTrue();
      assertThat(client.get("/").status()).isEqualTo(200);
    }
  }

  /// Under a flood the event loop comes late: what has arrived meanwhile counts as in time.
  @Test
  void aHeaderThatCameWhileTheServerStoodStillIsRead() throws IOException {
    TestClock clock = new TestClock();
    HttpConfig.Deadlines deadlines = new HttpConfig.Deadlines(400, 30_000, 30_000, 30_000, 5_000);
    try (ApiClient client = client(config().withDeadlines(deadlines).withNanoClock(clock));
        RawHttp first = new RawHttp(client.server.port())) {
      first.send(head("GET", "/"));
      assertThat(first.read().status()).isEqualTo(200);
      try (RawHttp second = new RawHttp(client.server.port())) {
        clock.stallOnce(1_000);
        first.send(head("GET", "/"));
        Thread.sleep(200);
        second.send(head("GET", "/"));
        assertThat(second.read().status()).isEqualTo(200);
        assertThat(first.read().status()).isEqualTo(200);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  @Test
  void aBodyThatDoesNotArriveIsCutOffAlsoWhenItTrickles() throws Exception {
    try (ApiClient client = client(hasty());
        RawHttp raw = new RawHttp(client.server.port())) {
      raw.send(post(900));
      CompletableFuture<Void> trickle =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (true) {
                    raw.send(" ");
                    Thread.sleep(50);
                  }
                } catch (IOException | InterruptedException e) {
                  // That is what should happen.
                }
              },
              Thread::startVirtualThread);
      ApiClient.Reply reply = raw.read();
      assertThat(reply.status()).isEqualTo(408);
      assertThat(reply.error()).contains("within 1500 ms");
      trickle.get(20, TimeUnit.SECONDS);
      assertThat(client.post(COUNT, "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void anIdleConnectionIsClosed() throws IOException {
    try (ApiClient client = client(hasty());
        RawHttp raw = new RawHttp(client.server.port())) {
      raw.send(head("GET", "/"));
      assertThat(raw.read().status()).isEqualTo(200);
      raw.send(head("GET", "/livez"));
      assertThat(raw.read().status()).isEqualTo(200);
      assertThat(raw.isClosedByServer()).isTrue();
    }
  }

  @Test
  void workThatTakesTooLongIsAnsweredInTime() throws Exception {
    TestClock clock = new TestClock();
    HttpConfig config = hasty().withWorkers(1, 1).withNanoClock(clock);
    try (ApiClient client = client(config)) {
      clock.holdReaders();
      ApiClient.Reply reply = client.post(COUNT, "{}");
      assertThat(reply.status()).isEqualTo(408);
      assertThat(reply.error()).endsWith("within 2000 ms");
      assertThat(reply.header("Connection")).isEqualTo("close");
      clock.release();
      assertThat(client.post(COUNT, "{}").status()).isEqualTo(200);
    }
  }

  /// A client that tried a write again would do it twice, and one that did not might lose it.
  @Test
  void aWriteThatTakesTooLongTellsThatItMayStillBeDone() {
    TestClock clock = new TestClock();
    HttpConfig config = hasty().withWorkers(1, 1).withNanoClock(clock);
    try (ApiClient client = client(config)) {
      String points = COUNT.substring(0, COUNT.lastIndexOf('/'));
      int before = client.post(COUNT, "{}").result().get("count").asInt();
      clock.holdWriters();
      ApiClient.Reply reply = client.put(points, "{'points':[{'id':7,'vector':[1,0,0,0]}]}");
      assertThat(reply.status()).isEqualTo(408);
      assertThat(reply.error()).endsWith("within 2000 ms; what it writes may still be written");
      clock.release();
      assertThat(client.post(COUNT, "{}").result().get("count").asInt()).isEqualTo(before + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "431 GET / HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n",
        "414 GET /%s HTTP/1.1\r\nHost: x\r\n\r\n",
        "400 nonsense\r\n\r\n",
        "400 GET / HTTP/1.1\r\n\r\n",
        "400 GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "400 GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        "400 POST /collections/films/points/count HTTP/1.1\r\nHost: x\r\nContent-Type:"
            + " application/json\r\nContent-Length: 99999999999999999999\r\n\r\n"
      })
  void whatIsNotHttpIsRefused(String request) {
    try (ApiClient client = client(config())) {
      ApiClient.Reply reply =
          RawHttp.exchange(
              client.server.port(), request.substring(4).replace("%s", "x".repeat(20_000)));
      assertThat(reply.status()).isEqualTo(Integer.parseInt(request.substring(0, 3)));
      assertThat(reply.error()).isNotEmpty();
      assertThat(reply.text()).doesNotContain("Exception", "netty", "java");
      assertThat(client.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void whoAsksBeforeSendingABodyIsAnswered() throws IOException {
    try (ApiClient client = client(config().withMaxBodyBytes(1_000));
        RawHttp raw = new RawHttp(client.server.port())) {
      String head = "POST " + COUNT + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
      raw.send(head + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(raw.read().status()).isEqualTo(100);
      raw.send("{}");
      assertThat(raw.read().status()).isEqualTo(200);
      raw.send(head + "Expect: 100-continue\r\nContent-Length: 2000\r\n\r\n");
      assertThat(raw.read().status()).isEqualTo(413);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws IOException {
    try (ApiClient client = client(config());
        RawHttp raw = new RawHttp(client.server.port())) {
      raw.send(head("GET", "/nowhere") + post(2) + "{}" + head("GET", "/livez"));
      assertThat(raw.read().status()).isEqualTo(404);
      assertThat(raw.read().text()).contains("\"count\":1");
      assertThat(raw.read().text()).isEqualTo("livez check passed");
    }
  }

  @Test
  void aStopLetsRunningRequestsEndAndRefusesNewOnes() throws Exception {
    TestClock clock = new TestClock();
    HttpConfig config = config().withNanoClock(clock);
    try (ApiClient client = client(config)) {
      clock.holdReaders();
      CompletableFuture<ApiClient.Reply> running =
          CompletableFuture.supplyAsync(() -> client.post(COUNT, "{}"));
      clock.awaitHeld(1);
      assertThat(client.get("/readyz").status()).isEqualTo(200);
      Thread stop = Thread.ofVirtual().start(client.server::close);
      for (int i = 0; client.get("/readyz").status() == 200 && i < 500; i++) {
        Thread.sleep(10);
      }
      assertThat(client.get("/readyz").status()).isEqualTo(503);
      assertThat(client.get("/livez").status()).isEqualTo(200);
      ApiClient.Reply late = client.get("/collections");
      assertThat(late.status()).isEqualTo(503);
      assertThat(late.error()).contains("stopping");
      assertThat(stop.isAlive()).isTrue();
      clock.release();
      assertThat(running.get().result().get("count").asInt()).isOne();
      stop.join();
      Assertions.assertThatThrownBy(() -> client.get("/livez"))
          .hasCauseInstanceOf(ConnectException.class);
    }
  }

  @Test
  void aStopDoesNotWaitForEver() throws Exception {
    TestClock clock = new TestClock();
    HttpConfig config =
        config()
            .withDeadlines(new HttpConfig.Deadlines(5_000, 5_000, 5_000, 5_000, 300))
            .withNanoClock(clock);
    try (ApiClient client = client(config)) {
      clock.holdReaders();
      CompletableFuture<Void> running =
          CompletableFuture.runAsync(() -> client.post(COUNT, "{}"), Thread::startVirtualThread);
      clock.awaitHeld(1);
      client.server.close();
      clock.release();
      Assertions.assertThatThrownBy(running::get).hasRootCauseInstanceOf(IOException.class);
    }
  }

  /// The work of a client that is gone is left out, and a stop does not wait for it.
  @Test
  void aClientThatIsGoneLeavesNothingBehind() throws Exception {
    TestClock clock = new TestClock();
    HttpConfig config = config().withWorkers(1, 1).withNanoClock(clock);
    try (ApiClient client = client(config)) {
      clock.holdReaders();
      CompletableFuture<ApiClient.Reply> first =
          CompletableFuture.supplyAsync(() -> client.post(COUNT, "{}"), Thread::startVirtualThread);
      clock.awaitHeld(1);
      for (int i = 0; i < 3; i++) {
        try (RawHttp raw = new RawHttp(client.server.port())) {
          raw.send(post(2) + "{}");
          raw.send(post(2) + "{");
        }
      }
      assertThat(client.get("/livez").status()).isEqualTo(200);
      clock.release();
      assertThat(first.get().status()).isEqualTo(200);
      long begin = System.nanoTime();
      client.server.close();
      assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
          .isLessThan(config.deadlines().closeMillis() - 2_000L);
    }
  }

  @Test
  void longAnswersAreRefusedInsteadOfFillingTheMemory() {
    HttpConfig.Limits limits = config().limits();
    HttpConfig config =
        config()
            .withLimits(
                new HttpConfig.Limits(
                    limits.maxBodyBytes(),
                    limits.maxBodiesInFlightBytes(),
                    limits.workers(),
                    limits.writers(),
                    limits.queue(),
                    10_000));
    try (ApiClient client = client(config)) {
      String payload = "{'text':'" + "x".repeat(6_000) + "'}";
      client.put(
          "/collections/films/points",
          "{'points':[{'id':1,'vector':[1,2,3,4],'payload':%s},{'id':2,'vector':[1,2,3,4],'payload':%s}]}"
              .formatted(payload, payload));
      assertThat(client.post("/collections/films/points/scroll", "{'limit':1}").status())
          .isEqualTo(200);
      ApiClient.Reply reply = client.post("/collections/films/points/scroll", "{}");
      assertThat(reply.status()).isEqualTo(422);
      assertThat(reply.error()).contains("10000 bytes", "fewer points");
      client.put("/collections/wide", "{'vectors':{'size':65536,'distance':'Dot'}}");
      ApiClient.Reply wide =
          client.post("/collections/wide/points/scroll", "{'limit':600,'with_vector':true}");
      assertThat(wide.status()).isEqualTo(422);
      assertThat(wide.error()).contains("limit", "600", "from 1 to 512");
    }
  }

  @Test
  void aBudgetIsNeverOverdrawn() {
    BodyBudget budget = new BodyBudget(10);
    assertThat(budget.take(10, 10)).isTrue();
    assertThat(budget.take(1, 1)).isFalse();
    budget.give(4);
    assertThat(budget.take(5, 5)).isFalse();
    assertThat(budget.take(4, 4)).isTrue();
    assertThat(budget.held()).isEqualTo(10);
  }

  @Test
  void smallBodiesComeInWhereLargeOnesHoldAllTheyMay() throws IOException {
    HttpConfig.Limits limits = config().limits();
    HttpConfig config =
        config()
            .withLimits(
                new HttpConfig.Limits(
                    1 << 20, 4 << 20, limits.workers(), limits.writers(), limits.queue(), 1 << 20));
    List<RawHttp> greedy = new ArrayList<>();
    try (ApiClient client = client(config)) {
      for (int i = 0; i < 5; i++) {
        RawHttp raw = new RawHttp(client.server.port());
        greedy.add(raw);
        raw.send(
            "POST /collections/films/points/query HTTP/1.1\r\nHost: x\r\n"
                + "Content-Type: application/json\r\nContent-Length: 1048576\r\n\r\n ");
      }
      assertThat(greedy.get(3).read().status()).isEqualTo(429);
      for (int i = 0; i < 20; i++) {
        assertThat(client.post("/collections/films/points/query", "{'query':[1,2,3,4]}").status())
            .isEqualTo(200);
      }
    } finally {
      for (RawHttp raw : greedy) {
        raw.close();
      }
    }
  }

  @Test
  void streamsHoldNoMoreThanTheyAnnounce() throws IOException {
    HttpConfig.Limits limits = config().limits();
    HttpConfig config =
        config()
            .withLimits(
                new HttpConfig.Limits(
                    32 << 20,
                    64 << 20,
                    limits.workers(),
                    limits.writers(),
                    limits.queue(),
                    1 << 20));
    List<RawHttp> slow = new ArrayList<>();
    try (ApiClient client = client(config)) {
      for (int i = 0; i < 12; i++) {
        RawHttp raw = new RawHttp(client.server.port());
        slow.add(raw);
        raw.send(
            "POST /collections/films/points/import HTTP/1.1\r\nHost: x\r\n"
                + "Content-Type: application/x-ndjson\r\nContent-Length: 100\r\n\r\n{");
      }
      String text = "x".repeat(1 << 20);
      String points = "{'points':[{'id':2,'vector':[1,2,3,4],'payload':{'a':'" + text + "'}}]}";
      assertThat(client.put("/collections/films/points", points).status()).isEqualTo(200);
    } finally {
      for (RawHttp raw : slow) {
        raw.close();
      }
    }
  }

  @Test
  void bodiesInCodingsThatAreNotServedAreRefused() {
    try (ApiClient client = client(config())) {
      String begin = "POST /collections/films/points/count HTTP/1.1\r\nHost: x\r\n";
      String json = "Content-Type: application/json\r\n";
      assertThat(
              RawHttp.exchange(
                      client.server.port(),
                      begin + json + "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
                  .status())
          .isEqualTo(501);
      assertThat(
              RawHttp.exchange(
                      client.server.port(),
                      begin + json + "Expect: more\r\nContent-Length: 2\r\n\r\n{}")
                  .status())
          .isEqualTo(417);
    }
  }
}
