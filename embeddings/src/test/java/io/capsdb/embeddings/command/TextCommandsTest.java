package io.capsdb.embeddings.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.capsdb.Database;
import io.capsdb.embeddings.onnx.TinyOnnx;
import io.capsdb.formats.CodeFile;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.server.http.HttpConfig;
import io.capsdb.server.http.HttpServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextCommandsTest {
  private static final String[][] KINDS = {
    {"toys", "toy puppet game small", "red toy for children with a game and a small puppet"},
    {"music", "guitar string blue", "blue guitar with a string of steel for music on stage"},
    {"books", "book novel chapter", "book with a novel in one small chapter by an author"}
  };

  private CommandRun capsdb;
  private String products;

  @BeforeEach
  void writeProducts() throws Exception {
    capsdb = new CommandRun();
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 90; i++) {
      String[] kind = KINDS[i % 3];
      String[] words = kind[1].split(" ", -1);
      lines.append(
          String.format(
              java.util.Locale.ROOT,
              "{\"id\":%d,\"title\":\"%s %s n%d\",\"description\":\"%s n%d\",\"category\":\"%s\",\"price\":%d}%n",
              i,
              words[i % words.length],
              words[(i / 3) % words.length],
              i,
              kind[2],
              i,
              kind[0],
              10 * i));
    }
    products = capsdb.file("products.jsonl", lines.toString());
  }

  private int train(String encoder) {
    return capsdb.run(
        "train",
        "text",
        "--input",
        products,
        "--fields",
        "title,description",
        "--label",
        "category",
        "--encoder",
        encoder,
        "--epochs",
        "8",
        "--batch",
        "30",
        "--dimension",
        "16",
        "--buckets",
        "4096",
        "--vocabulary",
        "300",
        "--rate",
        "0.02",
        "--output",
        CommandRun.path("texts.model"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ngrams", "transformer"})
  void textsAreFoundByATextUnderAFilter(String encoder) throws Exception {
    assertThat(train(encoder)).as(capsdb.err()).isZero();
    assertThat(capsdb.out()).contains("epoch 8: loss", "texts, version", "16 dimensions");
    try (Database database = Database.inMemory();
        HttpServer server = HttpServer.start(database, HttpConfig.defaults("1").withPort(0))) {
      String url = "http://127.0.0.1:" + server.port();
      assertThat(
              capsdb.run(
                  "embed",
                  "--model",
                  CommandRun.path("texts.model"),
                  "--input",
                  products,
                  "--collection",
                  "products",
                  "--url",
                  url))
          .as(capsdb.err())
          .isZero();
      assertThat(
              capsdb.run(
                  "search",
                  "--url",
                  url,
                  "--collection",
                  "products",
                  "--model",
                  CommandRun.path("texts.model"),
                  "--text",
                  "small toy game",
                  "--filter",
                  "{\"must\":[{\"key\":\"price\",\"range\":{\"lt\":500}}]}",
                  "--limit",
                  "5",
                  "--json"))
          .as(capsdb.err())
          .isZero();
      JsonNode hits = new ObjectMapper().readTree(capsdb.out()).path("points");
      assertThat(hits).hasSize(5);
      for (JsonNode hit : hits) {
        assertThat(hit.path("payload").path("category").asText()).isEqualTo("toys");
        assertThat(hit.path("payload").path("price").asInt()).isLessThan(500);
        assertThat(hit.path("payload").path("model_version").asText()).matches("[0-9a-f]{16}");
      }
    }
  }

  @Test
  void ngramsTakeRowsWithoutATitleAndKeepTheirLoss() throws Exception {
    String lines = new String(capsdb.bytes("products.jsonl"), StandardCharsets.UTF_8);
    capsdb.file("products.jsonl", lines.replaceFirst("\"title\":\"[^\"]*\"", "\"title\":\" \""));
    assertThat(train("ngrams")).as(capsdb.err()).isZero();
    String metrics =
        new String(capsdb.bytes("texts.model.run/metrics.jsonl"), StandardCharsets.UTF_8);
    assertThat(metrics.lines()).hasSize(8).last().asString().contains("\"steps\":24");
    assertThat(new String(capsdb.bytes("texts.model.run/metrics.svg"), StandardCharsets.UTF_8))
        .contains("<svg");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--validation=0.2", "--optimizer=sgd", "--schedule=linear", "--resume"})
  void optionsThatNgramsDoNotHaveAreRefused(String option) {
    int status =
        capsdb.run(
            "train",
            "text",
            "--input",
            products,
            "--fields",
            "title",
            "--label",
            "category",
            option,
            "--output",
            CommandRun.path("texts.model"));
    assertThat(status).isEqualTo(2);
    assertThat(capsdb.err()).contains(option.replaceAll("=.*", ""), "for --encoder transformer");
  }

  @Test
  void transformersOfTextsAreAveraged() throws Exception {
    assertThat(train("transformer")).as(capsdb.err()).isZero();
    String model = CommandRun.path("texts.model");
    for (String method : List.of("twa", "soup")) {
      String checkpoints = method.equals("twa") ? model + ".run" : model + "," + model;
      int status =
          capsdb.run(
              "average",
              "--method",
              method,
              "--checkpoints",
              checkpoints,
              "--model",
              model,
              "--input",
              products,
              "--label",
              "category",
              "--output",
              CommandRun.path(method + ".model"));
      assertThat(status).as(capsdb.err()).isZero();
    }
    assertThat(capsdb.bytes("soup.model")).isNotEmpty();
  }

  @Test
  void modelsFromElsewhereEncodeTexts() throws Exception {
    String model = capsdb.file("m.onnx", TinyOnnx.model("attention_mask"));
    String tokenizer = capsdb.file("t.json", TinyOnnx.tokenizer());
    try (Database database = Database.inMemory();
        HttpServer server = HttpServer.start(database, HttpConfig.defaults("1").withPort(0))) {
      String url = "http://127.0.0.1:" + server.port();
      assertThat(
              capsdb.run(
                  "embed",
                  "--onnx",
                  model,
                  "--tokenizer",
                  tokenizer,
                  "--fields",
                  "title",
                  "--input",
                  products,
                  "--collection",
                  "products",
                  "--url",
                  url))
          .as(capsdb.err())
          .isZero();
      assertThat(
              capsdb.run(
                  "search",
                  "--url",
                  url,
                  "--collection",
                  "products",
                  "--onnx",
                  model,
                  "--tokenizer",
                  tokenizer,
                  "--text",
                  "guitar guitar [UNK]",
                  "--filter",
                  "{\"must\":[{\"key\":\"price\",\"range\":{\"gte\":500}}]}",
                  "--limit",
                  "1",
                  "--json"))
          .as(capsdb.err())
          .isZero();
      JsonNode hits = new ObjectMapper().readTree(capsdb.out()).path("points");
      assertThat(hits.get(0).path("payload").path("category").asText()).isEqualTo("music");
      assertThat(hits.get(0).path("payload").path("price").asInt()).isGreaterThanOrEqualTo(500);
    }
    assertThat(
            capsdb.run(
                "embed",
                "--onnx",
                model,
                "--input",
                products,
                "--output",
                CommandRun.path("x.jsonl")))
        .isEqualTo(2);
    assertThat(capsdb.err()).contains("an ONNX model needs its tokenizer.json");
    assertThat(
            capsdb.run(
                "embed",
                "--onnx",
                model,
                "--tokenizer",
                products,
                "--input",
                products,
                "--fields",
                "title",
                "--output",
                CommandRun.path("x.jsonl")))
        .isEqualTo(2);
    assertThat(capsdb.err()).contains("it is no tokenizer.json");
  }

  @Test
  void codesAreLearnedFromVectors() throws Exception {
    assertThat(train("ngrams")).isZero();
    assertThat(
            capsdb.run(
                "embed",
                "--model",
                CommandRun.path("texts.model"),
                "--input",
                products,
                "--output",
                CommandRun.path("v.jsonl.gz")))
        .as(capsdb.err())
        .isZero();
    assertThat(
            capsdb.run(
                "train",
                "binary-codes",
                "--input",
                CommandRun.path("v.jsonl.gz"),
                "--bits",
                "8",
                "--output",
                CommandRun.path("v.codes")))
        .as(capsdb.err())
        .isZero();
    assertThat(capsdb.out()).contains("learned 8 bits from 90 vectors of 16 values");
    assertThat(CodeFile.read(capsdb.disk, CommandRun.FOLDER.resolve("v.codes")).bits())
        .isEqualTo(8);
    assertThat(
            capsdb.run(
                "train",
                "binary-codes",
                "--input",
                CommandRun.path("v.jsonl.gz"),
                "--bits",
                "17",
                "--output",
                CommandRun.path("w.codes")))
        .isEqualTo(2);
    assertThat(capsdb.err()).contains("there are at most 16 axes, 17 were asked for");
  }

  @Test
  void vectorsInAFileAreRowsWithTheirPayload() throws Exception {
    assertThat(train("ngrams")).isZero();
    assertThat(
            capsdb.run(
                "embed",
                "--model",
                CommandRun.path("texts.model"),
                "--input",
                products,
                "--output",
                CommandRun.path("v.jsonl")))
        .as(capsdb.err())
        .isZero();
    List<String> lines =
        new String(capsdb.bytes("v.jsonl"), StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(90);
    JsonNode first = new ObjectMapper().readTree(lines.getFirst());
    assertThat(first.path("id").asInt()).isZero();
    assertThat(first.path("vector")).hasSize(16);
    List<String> fields = new ArrayList<>();
    first.path("payload").fieldNames().forEachRemaining(fields::add);
    assertThat(fields)
        .containsExactly("id", "title", "description", "category", "price", "model_version");
  }

  @Test
  void vectorsAloneGoIntoFilesOfVectors() throws Exception {
    assertThat(train("ngrams")).isZero();
    List<List<float[]>> all = new ArrayList<>();
    for (String name : List.of("v.jsonl", "v.npy", "v.npy.gz", "v.fvecs")) {
      String file = CommandRun.path(name);
      String model = CommandRun.path("texts.model");
      int status = capsdb.run("embed", "--model", model, "--input", products, "--output", file);
      assertThat(status).as(capsdb.err()).isZero();
      List<float[]> vectors = new ArrayList<>();
      try (RowSource rows = RowSources.open(capsdb.disk, CommandRun.FOLDER.resolve(name))) {
        for (var next = rows.next(); next.isPresent(); next = rows.next()) {
          vectors.add(Objects.requireNonNull(next.get().vector()));
        }
      }
      all.add(vectors);
    }
    for (List<float[]> vectors : all) {
      assertThat(vectors).hasSize(90);
      for (int i = 0; i < vectors.size(); i++) {
        assertThat(vectors.get(i)).isEqualTo(all.getFirst().get(i));
      }
    }
    String parquet = CommandRun.path("v.parquet");
    assertThat(capsdb.run("embed", "--model", "m", "--input", products, "--output", parquet))
        .isEqualTo(2);
    assertThat(capsdb.err()).contains("must end with .jsonl, .npy or .fvecs");
  }

  @Test
  void textsWithoutTheFieldsAreTold() {
    assertThat(
            capsdb.run(
                "train",
                "text",
                "--input",
                products,
                "--fields",
                "body",
                "--label",
                "category",
                "--output",
                CommandRun.path("x.model")))
        .isEqualTo(2);
    assertThat(capsdb.err())
        .contains("products.jsonl, line 1: none of the fields [body] holds a text");
  }
}
