package io.capsdb.embeddings.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.Database;
import io.capsdb.embeddings.data.ImageFiles;
import io.capsdb.embeddings.model.Model;
import io.capsdb.embeddings.model.ModelFile;
import io.capsdb.embeddings.training.CheckpointFiles;
import io.capsdb.formats.FormatException;
import io.capsdb.server.http.HttpConfig;
import io.capsdb.server.http.HttpServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageCommandsTest {
  private CommandRun capsdb;
  private String images;
  private String labels;

  @BeforeEach
  void writeImages() throws Exception {
    capsdb = new CommandRun();
    images = capsdb.file("images.idx3-ubyte", ToyImages.idx(120));
    labels = capsdb.file("labels.idx1-ubyte", ToyImages.labels(120));
  }

  private int train(String... more) {
    return capsdb.run(
        Stream.concat(
                Stream.of(
                    "train",
                    "image",
                    "--input",
                    images,
                    "--payload",
                    labels,
                    "--epochs",
                    "4",
                    "--batch",
                    "20",
                    "--rate",
                    "0.01",
                    "--dimension",
                    "8"),
                Arrays.stream(more))
            .toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "conv", "vit"})
  void imagesBecomeAModelThatTellsThemApart(String encoder) throws Exception {
    int status = train("--encoder", encoder, "--epochs=12", "--output", CommandRun.path("a.model"));
    assertThat(status).as(capsdb.err()).isEqualTo(2); // --epochs is given twice
    status =
        capsdb.run(
            "train",
            "image",
            "--input",
            images,
            "--payload",
            labels,
            "--encoder",
            encoder,
            "--epochs",
            "20",
            "--batch",
            "20",
            "--rate",
            "0.01",
            "--dimension",
            "8",
            "--output",
            CommandRun.path("a.model"));
    assertThat(status).as(capsdb.err()).isZero();
    assertThat(capsdb.out())
        .contains("epoch 20: loss", "validation 1.0000", "images of 8 x 8 pixels", "8 dimensions");
    String metrics = new String(capsdb.bytes("a.model.run/metrics.jsonl"), StandardCharsets.UTF_8);
    assertThat(metrics.lines()).hasSize(20);
    assertThat(new String(capsdb.bytes("a.model.run/metrics.svg"), StandardCharsets.UTF_8))
        .contains("<svg");
  }

  @Test
  void runThatWasBrokenOffGoesOnToTheSameModel() throws Exception {
    assertThat(train("--output", CommandRun.path("whole.model"))).isZero();
    Path folder = CommandRun.FOLDER.resolve("whole.model.run");
    List<Path> checkpoints = CheckpointFiles.list(capsdb.disk, folder);
    assertThat(checkpoints).hasSize(5);
    byte[] model = capsdb.bytes("whole.model");
    byte[] metrics = capsdb.bytes("whole.model.run/metrics.jsonl");
    // As a kill leaves it: the last states are not there, one is cut off.
    capsdb.disk.delete(checkpoints.get(4));
    String third = folder.relativize(checkpoints.get(3)).toString();
    byte[] bytes = capsdb.bytes("whole.model.run/" + third);
    capsdb.file("whole.model.run/" + third, Arrays.copyOf(bytes, bytes.length / 2));
    capsdb.disk.delete(CommandRun.FOLDER.resolve("whole.model"));
    assertThat(train("--output", CommandRun.path("whole.model"), "--resume")).isZero();
    assertThat(capsdb.out()).contains("going on from step 12");
    assertThat(capsdb.bytes("whole.model")).isEqualTo(model);
    assertThat(capsdb.bytes("whole.model.run/metrics.jsonl")).isEqualTo(metrics);
  }

  @Test
  void checkpointsAreAveraged() throws Exception {
    assertThat(
            train(
                "--output",
                CommandRun.path("a.model"),
                "--schedule",
                "constant",
                "--checkpoints-per-epoch",
                "3"))
        .isZero();
    for (String method : List.of("twa", "twa-schmidt", "swa")) {
      String output = method + ".model";
      int status =
          capsdb.run(
              "average",
              "--method",
              method,
              "--checkpoints",
              CommandRun.path("a.model.run"),
              "--model",
              CommandRun.path("a.model"),
              "--input",
              images,
              "--payload",
              labels,
              "--output",
              CommandRun.path(output));
      assertThat(status).as(capsdb.err()).isZero();
      assertThat(capsdb.out()).contains("averaged 13 checkpoints by " + method, "version ");
      assertThat(capsdb.bytes(output)).isNotEqualTo(capsdb.bytes("a.model"));
    }
    assertThat(
            capsdb.run(
                "average",
                "--method",
                "soup",
                "--checkpoints",
                CommandRun.path("swa.model") + "," + CommandRun.path("twa.model"),
                "--output",
                CommandRun.path("soup.model")))
        .isZero();
  }

  @Test
  void refusedRunLeavesTheCheckpointsOfTheOneBefore() throws Exception {
    assertThat(train("--output", CommandRun.path("a.model"))).isZero();
    Path folder = CommandRun.FOLDER.resolve("a.model.run");
    byte[] metrics = capsdb.bytes("a.model.run/metrics.jsonl");
    for (String mistake : List.of("--optimizer=adam", "--schedule=cubic", "--loss=l2")) {
      assertThat(train("--output", CommandRun.path("a.model"), mistake)).isEqualTo(2);
    }
    assertThat(CheckpointFiles.list(capsdb.disk, folder)).hasSize(5);
    assertThat(capsdb.bytes("a.model.run/metrics.jsonl")).isEqualTo(metrics);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--encoder=conv", "--loss=contrastive", "--seed=2"})
  void runGoesOnOnlyFromStatesOfItsOwn(String other) throws Exception {
    assertThat(train("--output", CommandRun.path("a.model"))).isZero();
    assertThat(train("--output", CommandRun.path("a.model"), "--resume", other)).isEqualTo(2);
    assertThat(capsdb.err()).contains("it is of another run").hasLineCount(1);
  }

  @Test
  void runDoesNotGoOnWithOtherImagesOfTheSameName() throws Exception {
    assertThat(train("--output", CommandRun.path("a.model"))).isZero();
    byte[] others = ToyImages.idx(120);
    others[100] ^= 1;
    capsdb.file("images.idx3-ubyte", others);
    assertThat(train("--output", CommandRun.path("a.model"), "--resume")).isEqualTo(2);
    assertThat(capsdb.err()).contains("it is of another run").hasLineCount(1);
  }

  @Test
  void onlyCheckpointsOfTheModelsOwnRunAreAveraged() throws Exception {
    assertThat(train("--output", CommandRun.path("a.model"))).isZero();
    assertThat(train("--output", CommandRun.path("b.model"), "--seed", "2")).isZero();
    assertThat(average("swa", "b.model.run", "a.model")).isEqualTo(2);
    assertThat(capsdb.err()).contains("is of another run").hasLineCount(1);
    assertThat(average("swa", "a.model.run", "a.model", "--skip", "2")).as(capsdb.err()).isZero();
    assertThat(capsdb.out()).contains("averaged 3 checkpoints");
    Model averaged = ModelFile.read(capsdb.disk, CommandRun.FOLDER.resolve("averaged.model"));
    assertThat(averaged.provenance())
        .containsEntry("averaged", "swa of 3 checkpoints, the first 2 left out")
        .doesNotContainKeys("steps", "validation");
    assertThat(average("twa", "a.model.run", "a.model", "--epochs", "1")).isZero();
    averaged = ModelFile.read(capsdb.disk, CommandRun.FOLDER.resolve("averaged.model"));
    assertThat(averaged.provenance().get("averaging"))
        .isEqualTo("1 epochs, rate 0.03, 32 bits, seed 1, on images.idx3-ubyte");
    assertThat(averaged.provenance().get("coefficients")).matches("[-0-9.e+ ]+");
  }

  @Test
  void averagesOfContrastiveModelsKeepTheirLoss() throws Exception {
    assertThat(train("--output", CommandRun.path("a.model"), "--loss", "contrastive")).isZero();
    assertThat(average("twa", "a.model.run", "a.model")).as(capsdb.err()).isZero();
    assertThat(capsdb.out())
        .contains("twa          has a neighbour of the same class for 100.00 %");
  }

  private int average(String method, String checkpoints, String model, String... more) {
    return capsdb.run(
        Stream.concat(
                Stream.of(
                    "average",
                    "--method",
                    method,
                    "--checkpoints",
                    CommandRun.path(checkpoints),
                    "--model",
                    CommandRun.path(model),
                    "--input",
                    images,
                    "--payload",
                    labels,
                    "--output",
                    CommandRun.path("averaged.model")),
                Arrays.stream(more))
            .toArray(String[]::new));
  }

  @Test
  void imagesOfAnotherSizeAreTold() throws Exception {
    assertThat(train("--output", CommandRun.path("a.model"))).isZero();
    String small = capsdb.file("small.idx3-ubyte", ToyImages.idx(12, 4));
    String few = capsdb.file("few.idx1-ubyte", ToyImages.labels(12));
    refused(
        "has 16 values, the network takes 64",
        "average",
        "--checkpoints",
        CommandRun.path("a.model.run"),
        "--model",
        CommandRun.path("a.model"),
        "--input",
        small,
        "--payload",
        few,
        "--output",
        CommandRun.path("x.model"));
    refused(
        "it has 16 pixels, the model takes images of 8 x 8 pixels",
        "search",
        "--collection",
        "toys",
        "--model",
        CommandRun.path("a.model"),
        "--image",
        small + ":0");
    String mixed = capsdb.file("mixed.zip", ToyImages.mixedZip());
    refused(
        "--side brings all to one size",
        "train",
        "image",
        "--input",
        mixed,
        "--output",
        CommandRun.path("x.model"));
  }

  @Test
  void imagesOfTooManyPixelsAreRefusedBeforeTheyAreDecoded() throws Exception {
    // A header tells of 30,000 x 30,000 pixels; there are none.
    byte[] png = ToyImages.png(1);
    java.nio.ByteBuffer.wrap(png).putInt(16, 30_000).putInt(20, 30_000);
    java.util.zip.CRC32 checksum = new java.util.zip.CRC32();
    checksum.update(png, 12, 17);
    java.nio.ByteBuffer.wrap(png).putInt(29, (int) checksum.getValue());
    assertThatThrownBy(
            () -> ImageFiles.read(new java.io.ByteArrayInputStream(png), "big.png", 1, 8))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("30000 x 30000 pixels, at most 4096 on a side");
  }

  @Test
  void imagesAreFoundByAnImage() throws Exception {
    assertThat(train("--output", CommandRun.path("a.model"))).isZero();
    String query = capsdb.file("query.png", ToyImages.png(301)); // of class 1
    try (Database database = Database.inMemory();
        HttpServer server = HttpServer.start(database, HttpConfig.defaults("1").withPort(0))) {
      String url = "http://127.0.0.1:" + server.port();
      int status =
          capsdb.run(
              "embed",
              "--model",
              CommandRun.path("a.model"),
              "--input",
              images,
              "--payload",
              labels,
              "--collection",
              "toys",
              "--url",
              url);
      assertThat(status).as(capsdb.err()).isZero();
      assertThat(capsdb.out()).contains("embedded 120 images", "model version");
      status =
          capsdb.run(
              "search",
              "--url",
              url,
              "--collection",
              "toys",
              "--model",
              CommandRun.path("a.model"),
              "--image",
              query,
              "--limit",
              "5",
              "--json");
      assertThat(status).as(capsdb.err()).isZero();
      assertThat(capsdb.out().split("\"label\" : 1", -1)).hasSize(6);
      assertThat(
              capsdb.run(
                  "search",
                  "--url",
                  url,
                  "--collection",
                  "toys",
                  "--model",
                  CommandRun.path("a.model"),
                  "--text",
                  "toys"))
          .isEqualTo(2);
      assertThat(capsdb.err()).contains("the model takes images of 8 x 8 pixels");
    }
  }

  @Test
  void zipFilesAndIdxFilesGiveTheSameVectors() throws Exception {
    assertThat(train("--output", CommandRun.path("a.model"))).isZero();
    String zip = capsdb.file("images.zip", ToyImages.zip(30));
    String few = capsdb.file("few.idx3-ubyte", ToyImages.idx(30));
    for (String[] run : new String[][] {{zip, "zip.fvecs"}, {few, "idx.fvecs"}}) {
      assertThat(
              capsdb.run(
                  "embed",
                  "--model",
                  CommandRun.path("a.model"),
                  "--input",
                  run[0],
                  "--output",
                  CommandRun.path(run[1])))
          .as(capsdb.err())
          .isZero();
    }
    assertThat(capsdb.bytes("zip.fvecs")).hasSize(30 * 36).isEqualTo(capsdb.bytes("idx.fvecs"));
    assertThat(
            capsdb.run(
                "train",
                "image",
                "--input",
                zip,
                "--encoder",
                "conv",
                "--channels",
                "3",
                "--epochs",
                "1",
                "--output",
                CommandRun.path("zip.model")))
        .as(capsdb.err())
        .isZero();
    assertThat(capsdb.out()).contains("3 channels");
  }

  @Test
  void badInputIsToldInOneLineAndLeavesNothing() throws Exception {
    String few = capsdb.file("few.idx1-ubyte", ToyImages.labels(119));
    String cut = capsdb.file("cut.idx3-ubyte", Arrays.copyOf(ToyImages.idx(120), 5_000));
    String text = capsdb.file("text.idx3-ubyte", "no images");
    String zip = capsdb.file("broken.zip", Arrays.copyOf(ToyImages.zip(9), 700));
    String output = CommandRun.path("new.model");
    refused(
        "there is no such file",
        "train",
        "image",
        "--input",
        CommandRun.path("none.idx"),
        "--output",
        output);
    refused("119", "train", "image", "--input", images, "--payload", few, "--output", output);
    refused(
        "the file ends here",
        "train",
        "image",
        "--input",
        cut,
        "--payload",
        labels,
        "--output",
        output);
    refused(
        "does not begin as an idx file",
        "train",
        "image",
        "--input",
        text,
        "--payload",
        labels,
        "--output",
        output);
    refused("broken.zip", "train", "image", "--input", zip, "--output", output);
    refused(
        "its field 'label' is null, not a label",
        "train",
        "image",
        "--input",
        images,
        "--output",
        output);
    refused(
        "'gru' is none of [mlp, conv, vit]",
        "train",
        "image",
        "--input",
        images,
        "--payload",
        labels,
        "--encoder",
        "gru",
        "--output",
        output);
    refused(
        "epochs must be at least 1, was 0",
        "train",
        "image",
        "--input",
        images,
        "--payload",
        labels,
        "--epochs",
        "0",
        "--output",
        output);
    refused(
        "holds no checkpoint that is whole",
        "train",
        "image",
        "--input",
        images,
        "--payload",
        labels,
        "--resume",
        "--output",
        output);
    refused(
        "it does not begin as a model file",
        "embed",
        "--model",
        images,
        "--input",
        images,
        "--output",
        CommandRun.path("x.fvecs"));
    refused(
        "there is no such file",
        "embed",
        "--model",
        CommandRun.path("no.model"),
        "--input",
        images,
        "--output",
        CommandRun.path("x.fvecs"));
    refused("give one of --output and --collection", "embed", "--model", "m", "--input", images);
    refused(
        "'swap' is none of",
        "average",
        "--method",
        "swap",
        "--checkpoints",
        "c",
        "--output",
        output);
    refused(
        "there is no such folder",
        "average",
        "--method",
        "swa",
        "--checkpoints",
        CommandRun.path("c"),
        "--output",
        output);
    refused(
        "--output: there is no folder",
        "embed",
        "--model",
        CommandRun.path("no.model"),
        "--input",
        images,
        "--output",
        CommandRun.path("none/x.npy"));
    refused(
        "--output: there is no folder",
        "train",
        "image",
        "--input",
        images,
        "--payload",
        labels,
        "--output",
        CommandRun.path("none/x.model"));
    refused("'gan' is none of [twa, reste", "experiment", "gan");
    refused("say what: image, text or binary-codes", "train");
    assertThat(capsdb.disk.exists(Path.of(output))).isFalse();
    assertThat(capsdb.disk.exists(CommandRun.FOLDER.resolve("x.fvecs"))).isFalse();
    assertThat(capsdb.disk.exists(CommandRun.FOLDER.resolve("x.fvecs.part"))).isFalse();
  }

  private void refused(String message, String... args) {
    int status = capsdb.run(args);
    assertThat(capsdb.err()).contains(message).startsWith("capsdb");
    assertThat(capsdb.err().lines()).hasSize(1);
    assertThat(status).isEqualTo(2);
  }

  @Test
  void runThatDivergesTellsTheStepAndTheLastGoodState() throws Exception {
    int status =
        capsdb.run(
            "train",
            "image",
            "--input",
            images,
            "--payload",
            labels,
            "--optimizer",
            "sgd",
            "--rate",
            "1e30",
            "--checkpoints-per-epoch",
            "5", // the first steps leave weights of no use
            "--epochs",
            "3",
            "--output",
            CommandRun.path("b.model"));
    assertThat(status).isEqualTo(2);
    assertThat(capsdb.err())
        .contains("the loss is", "at step", "the last good checkpoint is", "step-000000000000");
    assertThat(capsdb.disk.exists(CommandRun.FOLDER.resolve("b.model"))).isFalse();
    assertThat(CheckpointFiles.list(capsdb.disk, CommandRun.FOLDER.resolve("b.model.run")))
        .as("no state is kept that does not go on")
        .hasSize(1);
  }

  @Test
  void experimentsAreListed() {
    assertThat(capsdb.run("experiment", "--list")).isZero();
    assertThat(capsdb.out()).contains("twa ", "reste ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train image",
        "train text",
        "train binary-codes",
        "average",
        "embed",
        "experiment"
      })
  void helpOfEachCommandHasExamples(String command) {
    assertThat(
            capsdb.run(
                Stream.concat(Arrays.stream(command.split(" ", -1)), Stream.of("--help"))
                    .toArray(String[]::new)))
        .isZero();
    assertThat(capsdb.out())
        .contains("Usage: capsdb " + command, "Examples:", "  capsdb " + command);
  }
}
