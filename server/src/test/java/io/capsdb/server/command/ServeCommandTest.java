package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ServeCommandTest {
  private static final Pattern LISTENS = Pattern.compile("listens on (http://127.0.0.1:[0-9]+),");

  @Test
  void servesUntilAskedToStop() throws Exception {
    CompletableFuture<TestMachine> ready = new CompletableFuture<>();
    CompletableFuture<Integer> status = new CompletableFuture<>();
    Thread command =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    TestMachine machine = new TestMachine();
                    ready.complete(machine);
                    int result = machine.run("serve", "--data", "data", "--port", "0");
                    machine.stop.finish();
                    status.complete(result);
                  } catch (IOException e) {
                    ready.completeExceptionally(e);
                  }
                });
    TestMachine machine = ready.get(10, TimeUnit.SECONDS);
    URI url = awaitUrl(machine);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(20)).build();
      assertThat(client.send(request, BodyHandlers.ofString()).body())
          .contains("\"capsdb_version\":\"1.2.3\"");
    }
    machine.stop.askAndWait();
    assertThat(status.get(30, TimeUnit.SECONDS)).isZero();
    command.join();
    assertThat(machine.out().lines()).hasSize(2).last().asString().isEqualTo("capsdb stops");
    assertThat(machine.err()).isEmpty();
  }

  @Test
  void takenPortIsTold() throws IOException {
    TestMachine machine = new TestMachine();
    try (TestServer other = new TestServer()) {
      assertThat(machine.run("serve", "--data", "data", "--port", String.valueOf(other.port())))
          .isEqualTo(1);
      assertThat(machine.err()).contains("cannot listen on 127.0.0.1:" + other.port());
      assertThat(machine.err().lines()).hasSize(1);
    }
  }

  private static URI awaitUrl(TestMachine machine) throws InterruptedException {
    for (int attempt = 0; attempt < 600; attempt++) {
      Matcher listens = LISTENS.matcher(machine.out());
      if (listens.find()) {
        return URI.create(listens.group(1) + "/");
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the server did not start: " + machine.out() + machine.err());
  }
}
