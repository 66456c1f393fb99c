package io.capsdb.embeddings.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.embeddings.data.Content;
import io.capsdb.formats.FormatException;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OnnxTextEncoderTest {
  private static final Path FOLDER = Path.of("onnx").toAbsolutePath();
  private final Disk disk = new MemoryDisk();

  @BeforeEach
  void createFolder() throws IOException {
    disk.createFolders(FOLDER);
  }

  private Path file(String name, byte[] bytes) throws IOException {
    Path file = FOLDER.resolve(name);
    disk.delete(file);
    try (Disk.AppendFile out = disk.create(file)) {
      out.write(ByteBuffer.wrap(bytes));
    }
    return file;
  }

  private OnnxTextEncoder open(byte[] model, String tokenizer, int maxTokens) throws IOException {
    return OnnxTextEncoder.open(
        disk,
        file("m.onnx", model),
        file("t.json", tokenizer.getBytes(StandardCharsets.UTF_8)),
        maxTokens,
        1);
  }

  private static float[] mean(String... words) {
    float[] sum = new float[4];
    for (String word : words) {
      float[] vector = TinyOnnx.vector(word);
      for (int k = 0; k < 4; k++) {
        sum[k] += vector[k];
      }
    }
    double square = 0;
    for (float value : sum) {
      square += value * value;
    }
    for (int k = 0; k < 4; k++) {
      sum[k] /= (float) Math.sqrt(square);
    }
    return sum;
  }

  @Test
  void vectorOfATextIsTheMeanOfItsTokens() throws IOException {
    try (OnnxTextEncoder encoder =
        open(TinyOnnx.model("attention_mask"), TinyOnnx.tokenizer(), 3)) {
      assertThat(encoder.dimension()).isEqualTo(4);
      List<Content> texts = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        // Of different lengths, so that they are padded and run in another order.
        texts.add(new Content.Text("Red TOY"));
        texts.add(new Content.Text("guitar"));
        texts.add(new Content.Text("small blue book string string"));
        texts.add(new Content.Text("unheard"));
      }
      float[][] vectors = encoder.embed(texts);
      for (int i = 0; i < 36; i += 4) {
        assertClose(vectors[i], mean("red", "toy"));
        assertClose(vectors[i + 1], mean("guitar"));
        assertClose(vectors[i + 2], mean("small", "blue", "book"));
        assertClose(vectors[i + 3], mean("[UNK]"));
      }
    }
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).usingComparatorWithPrecision(1e-5f).containsExactly(expected);
  }

  @Test
  void startsHoweverLongTheCommandLineIs() throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dpadding=" + "a".repeat(30_000),
                "-cp",
                System.getProperty("java.class.path"),
                OnnxStart.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
  }

  /// Starts ONNX Runtime in a process of its own.
  static final class OnnxStart {
    private OnnxStart() {}

    public static void main(String[] args) throws Exception {
      OnnxEnvironment.get();
    }
  }

  @Test
  void versionIsThatOfTheFiles() throws IOException {
    String first;
    try (OnnxTextEncoder encoder =
        open(TinyOnnx.model("attention_mask"), TinyOnnx.tokenizer(), 8)) {
      first = encoder.modelVersion();
    }
    try (OnnxTextEncoder encoder =
        open(TinyOnnx.model("attention_mask"), TinyOnnx.tokenizer() + " ", 8)) {
      assertThat(encoder.modelVersion()).matches("[0-9a-f]{16}").isNotEqualTo(first);
    }
  }

  @Test
  void filesThatAreNoModelAreTold() {
    assertThatThrownBy(() -> open(new byte[50], TinyOnnx.tokenizer(), 8))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("ONNX Runtime cannot use it");
    assertThatThrownBy(() -> open(TinyOnnx.model("pixels"), TinyOnnx.tokenizer(), 8))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("it takes 'pixels'");
    assertThatThrownBy(() -> open(TinyOnnx.model("attention_mask"), "{\"model\":7}", 8))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("it is no tokenizer.json");
    assertThatThrownBy(
            () ->
                OnnxTextEncoder.open(
                    disk, FOLDER.resolve("none.onnx"), FOLDER.resolve("none.json"), 8, 1))
        .hasMessageContaining("there is no such file");
  }

  @Test
  void tokensThatTheModelDoesNotKnowAreTold() throws IOException {
    String other = TinyOnnx.tokenizer().replace("\"string\":7", "\"string\":70");
    try (OnnxTextEncoder encoder = open(TinyOnnx.model("attention_mask"), other, 8)) {
      assertThatThrownBy(() -> encoder.embed(List.of(new Content.Text("string"))))
          .hasMessageContaining("the model cannot take what the tokenizer makes");
    }
  }
}
