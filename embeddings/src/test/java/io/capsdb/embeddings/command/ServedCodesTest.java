package io.capsdb.embeddings.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.embeddings.binary.StoredProjection;
import io.capsdb.formats.CodeFile;
import io.capsdb.formats.NpyOutput;
import io.capsdb.server.client.RestClient;
import java.net.URI;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `capsdb serve --codes`, with codes that `capsdb train binary-codes` has learned.
class ServedCodesTest {
  private static final Pattern LISTENS = Pattern.compile("listens on (http://127.0.0.1:[0-9]+),");
  private static final int DIMENSION = 40;
  private static final int ROWS = 2_600;

  @Test
  void newSegmentsAreCodedByWhatWasLearned() throws Exception {
    CommandRun files = new CommandRun();
    SplittableRandom random = new SplittableRandom(4);
    float[] first = new float[DIMENSION];
    try (NpyOutput out = NpyOutput.create(files.disk, CommandRun.FOLDER.resolve("v.npy"))) {
      for (int i = 0; i < ROWS; i++) {
        float[] row = new float[DIMENSION];
        for (int k = 0; k < DIMENSION; k++) {
          row[k] = (float) (random.nextGaussian() / (1 + k / 4) + (i % 5 == k ? 2 : 0));
        }
        first = i == 0 ? row : first;
        out.write(row);
      }
      out.commit();
    }
    String vectors = CommandRun.path("v.npy");
    String codes = CommandRun.path("v.codes");
    assertThat(
            files.run(
                "train", "binary-codes", "--input", vectors, "--bits", "16", "--output", codes))
        .as(files.err())
        .isZero();
    String data = CommandRun.path("data");
    CompletableFuture<CommandRun> ready = new CompletableFuture<>();
    CompletableFuture<Integer> status = new CompletableFuture<>();
    Thread serving =
        Thread.ofPlatform()
            .start(
                () -> {
                  CommandRun server = new CommandRun(files.disk);
                  ready.complete(server);
                  status.complete(
                      server.runUntilStopped(
                          "serve", "--data", data, "--codes", codes, "--port", "0"));
                });
    CommandRun server = ready.get(30, TimeUnit.SECONDS);
    String url = awaitUrl(server);
    assertThat(files.run("load", "--collection", "c", "--vectors", vectors, "--url", url))
        .as(files.err())
        .isZero();
    try (RestClient client = new RestClient(URI.create(url), Thread::sleep)) {
      while (!client.collection("c").orElseThrow().isGreen()) {
        Thread.sleep(50);
      }
      ObjectNode body = RestClient.object();
      for (float value : first) {
        body.withArray("query").add(value);
      }
      body.put("limit", 3).withObject("params").withObject("caps").put("rerank", 25);
      assertThat(client.query("c", body).at("/points/0/id").asInt()).isZero();
    }
    server.stop();
    assertThat(status.get(30, TimeUnit.SECONDS)).as(server.err()).isZero();
    serving.join();
    assertThat(
            StoredProjection.isIn(
                files.disk,
                CommandRun.FOLDER.resolve("data"),
                CodeFile.read(files.disk, CommandRun.FOLDER.resolve("v.codes"))))
        .isTrue();
  }

  private static String awaitUrl(CommandRun server) throws InterruptedException {
    for (int attempt = 0; attempt < 1_200; attempt++) {
      Matcher listens = LISTENS.matcher(server.out());
      if (listens.find()) {
        return listens.group(1);
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the server did not start: " + server.out() + server.err());
  }
}
