package io.capsdb.embeddings.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SocketCollectiveTest {
  private static final int SIZE = 3;

  private static ServerSocket listen() throws Exception {
    return new ServerSocket(0, SIZE, InetAddress.getLoopbackAddress());
  }

  @Test
  void processesReachWhatOneWorkerReaches() throws Exception {
    ServerSocket listening = listen();
    List<Process> others = new ArrayList<>();
    for (int rank = 1; rank < SIZE; rank++) {
      others.add(
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ShardWorker.class.getName(),
                  String.valueOf(rank),
                  String.valueOf(SIZE),
                  String.valueOf(listening.getLocalPort()))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    float[] own;
    try (SocketCollective workers = SocketCollective.first(listening, SIZE)) {
      own = ShardWorker.run(workers);
    }
    float[] whole =
        TrainableWeightAveraging.fit(
                ShardWorker.objective(),
                SchmidtSubspace.of(SubspaceTest.bank(9, 4)),
                ShardWorker.config())
            .weights();
    assertThat(own).usingComparatorWithPrecision(1e-4f).containsExactly(whole);
    for (Process other : others) {
      String printed =
          new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(printed).isEqualTo(Arrays.toString(own));
    }
  }

  @Test
  void workerThatIsGoneIsTold() throws Exception {
    ServerSocket listening = listen();
    int port = listening.getLocalPort();
    CompletableFuture<SocketCollective> joining =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return SocketCollective.join(1, 2, port);
              } catch (java.io.IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    try (SocketCollective first = SocketCollective.first(listening, 2)) {
      joining.get(10, TimeUnit.SECONDS).close();
      assertThatThrownBy(() -> first.sum(new float[4]))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageStartingWith("a worker is gone");
    }
  }
}
