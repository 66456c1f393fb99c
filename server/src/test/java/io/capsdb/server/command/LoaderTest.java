package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The loader against a slow server that counts how many batches are on their way at once.
class LoaderTest {
  private static final String GREEN =
      """
      {"result":{"status":"green","points_count":9,
        "config":{"params":{"vectors":{"size":2,"distance":"Euclid"}}}}}
      """;

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger upserts = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestURI().getPath().endsWith("/points")) {
        upserts.incrementAndGet();
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        Thread.sleep(60);
        running.decrementAndGet();
      }
      byte[] body = GREEN.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void twoBatchesAreOnTheirWayAtOnce() throws IOException {
    load(false);
    assertThat(upserts).hasValue(12);
    assertThat(most).hasValue(2);
  }

  @Test
  void batchesOfTheSameIdGoOneAfterTheOther() throws IOException {
    load(true);
    assertThat(upserts).hasValue(12);
    assertThat(most).hasValue(1);
  }

  private void load(boolean isSameId) throws IOException {
    TestMachine machine = new TestMachine();
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      lines.append("{\"id\":").append(isSameId ? 7 : i).append(",\"vector\":[1,2]}\n");
    }
    int status =
        machine.run(
            "load",
            "--url",
            "http://127.0.0.1:" + server.getAddress().getPort(),
            "--collection",
            "c",
            "--batch",
            "1",
            "--vectors",
            machine.file("a.jsonl", lines.toString()));
    assertThat(status).as(machine.err()).isZero();
  }
}
