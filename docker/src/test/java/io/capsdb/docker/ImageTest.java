package io.capsdb.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/// The image as users start it. It must have been built: `docker build -f docker/Dockerfile -t
/// capsdb .`
@Timeout(300)
class ImageTest {
  private static final String KEY = "a-key-for-this-test";
  private static final int PORT = 6333;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void requireDocker() {
    boolean isThere = DockerClientFactory.instance().isDockerAvailable();
    if (!isThere) {
      System.err.println("SKIPPED the tests of the image: Docker does not answer");
    }
    assumeTrue(isThere, "Docker does not answer");
  }

  private static GenericContainer<?> container() {
    return new GenericContainer<>(
        DockerImageName.parse(System.getProperty("capsdb.image", "capsdb")));
  }

  private String send(GenericContainer<?> container, String method, String path, String body)
      throws IOException, InterruptedException {
    URI uri =
        URI.create("http://" + container.getHost() + ":" + container.getMappedPort(PORT) + path);
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(uri)
                .header("api-key", KEY)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  /// Healthy by its own check, not as root, and what was stored is there after a new start.
  @Test
  void theServerIsHealthyAndKeepsItsData() throws Exception {
    try (GenericContainer<?> container =
        container()
            .withEnv("CAPSDB_API_KEY", KEY)
            .withExposedPorts(PORT)
            .waitingFor(Wait.forHealthcheck().withStartupTimeout(Duration.ofMinutes(2)))) {
      container.start();
      assertThat(container.execInContainer("id", "-u").getStdout().strip()).isEqualTo("10001");
      send(
          container,
          "PUT",
          "/collections/films",
          "{\"vectors\":{\"size\":2,\"distance\":\"Dot\"}}");
      send(
          container,
          "PUT",
          "/collections/films/points?wait=true",
          "{\"points\":[{\"id\":7,\"vector\":[1,2]}]}");
      container.getDockerClient().restartContainerCmd(container.getContainerId()).exec();
      container.waitingFor(Wait.forHealthcheck());
      for (int i = 0; !isHealthy(container); i++) {
        assertThat(i).as("the container is healthy again").isLessThan(120);
        Thread.sleep(1_000);
      }
      String port =
          container
              .getDockerClient()
              .inspectContainerCmd(container.getContainerId())
              .exec()
              .getNetworkSettings()
              .getPorts()
              .getBindings()
              .values()
              .iterator()
              .next()[0]
              .getHostPortSpec();
      HttpResponse<String> point =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://"
                              + container.getHost()
                              + ":"
                              + port
                              + "/collections/films/points/7"))
                  .header("api-key", KEY)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(point.body()).contains("\"id\":7");
    }
  }

  private static boolean isHealthy(GenericContainer<?> container) {
    var health = container.getCurrentContainerInfo().getState().getHealth();
    return health != null && "healthy".equals(health.getStatus());
  }

  /// Nobody opens a database to a network by accident.
  @Test
  void withoutAKeyItDoesNotStart() {
    try (GenericContainer<?> container =
        container()
            .withStartupCheckStrategy(
                new OneShotStartupCheckStrategy().withTimeout(Duration.ofMinutes(1)))
            .withStartupAttempts(1)) {
      StringBuilder log = new StringBuilder();
      container.withLogConsumer(frame -> append(log, frame));
      org.assertj.core.api.Assertions.assertThatThrownBy(container::start)
          .isInstanceOf(RuntimeException.class);
      assertThat(log.toString()).contains("--open-to-network");
    }
  }

  private static synchronized void append(StringBuilder log, OutputFrame frame) {
    log.append(frame.getUtf8String());
  }
}
