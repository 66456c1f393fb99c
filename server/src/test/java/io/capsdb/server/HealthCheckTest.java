package io.capsdb.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// The health check of the image, run by hand: it needs nothing but a shell.
class HealthCheckTest {
  private static final Path SCRIPT = Path.of("../docker/healthcheck.sh");
  private static final Path SHELL = Path.of("/bin/bash");

  private static int check(int port) throws IOException, InterruptedException {
    Assumptions.assumeTrue(Files.isExecutable(SHELL), "there is no bash here");
    ProcessBuilder builder =
        new ProcessBuilder(SHELL.toString(), SCRIPT.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("CAPSDB_PORT", Integer.toString(port));
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void whatIsReadyIsHealthyAndNothingElse() throws Exception {
    AtomicInteger status = new AtomicInteger(200);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean isAsked = exchange.getRequestURI().getPath().equals("/readyz");
          exchange.sendResponseHeaders(isAsked ? status.get() : 404, -1);
          exchange.close();
        });
    server.start();
    try {
      assertThat(check(server.getAddress().getPort())).isZero();
      status.set(503);
      assertThat(check(server.getAddress().getPort())).isEqualTo(1);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whatDoesNotListenIsNotHealthy() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    assertThat(check(port)).isEqualTo(1);
  }
}
