package io.capsdb.embeddings.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.embeddings.data.PixelScale;
import io.capsdb.embeddings.network.BinarizedMlp;
import io.capsdb.embeddings.network.ConvNet;
import io.capsdb.embeddings.network.Mlp;
import io.capsdb.embeddings.network.Network;
import io.capsdb.embeddings.network.TextTransformer;
import io.capsdb.embeddings.network.VisionTransformer;
import io.capsdb.embeddings.text.BytePairs;
import io.capsdb.embeddings.text.NgramTable;
import io.capsdb.formats.CodeFile;
import io.capsdb.formats.FormatException;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.vector.BinaryProjection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelFileTest {
  private static final Path FILE = Path.of("a.model").toAbsolutePath();
  private final Disk disk = new MemoryDisk();

  static Stream<ModelSpec> specs() {
    BytePairs tokenizer = BytePairs.train(List.of("a b a b ab ab ab"), 260);
    return Stream.of(
        images(new Mlp(16, List.of(5, 3), 2), 1),
        images(new ConvNet(3, 4, 2, 3, 2), 3),
        images(new VisionTransformer(1, 4, 2, 4, 2, 1, 2), 1),
        images(new BinarizedMlp(16, 4, 2, 2, 1), 1),
        new ModelSpec.Tokens(
            new TextTransformer(tokenizer.size(), 8, 4, 2, 1, 2), tokenizer, List.of("a", "b")),
        new ModelSpec.Ngrams(new NgramTable(64, 3), List.of("title")));
  }

  private static ModelSpec images(Network network, int channels) {
    return new ModelSpec.Images(network, channels, 4, new PixelScale(72.94f, 90.1f));
  }

  private static Model model(ModelSpec spec, float first) {
    float[] weights = new float[spec.weightCount()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = first + i % 7;
    }
    return new Model(spec, weights, List.of("cat", "dog"), Map.of("data", "pets.zip", "seed", "3"));
  }

  @BeforeEach
  void createFolder() throws IOException {
    disk.createFolders(Path.of("").toAbsolutePath());
  }

  @ParameterizedTest
  @MethodSource("specs")
  void modelComesBackAsItWas(ModelSpec spec) throws IOException {
    Model model = model(spec, 0.1f);
    ModelFile.write(disk, FILE, model);
    Model read = ModelFile.read(disk, FILE);
    assertThat(SpecJson.write(read.spec())).isEqualTo(SpecJson.write(spec));
    assertThat(read.weights()).containsExactly(model.weights());
    assertThat(read.classes()).isEqualTo(model.classes());
    assertThat(read.provenance()).isEqualTo(model.provenance());
    assertThat(ModelFile.version(read)).isEqualTo(ModelFile.version(model));
  }

  @Test
  void versionTellsWeightsAndSpecApart() {
    ModelSpec spec = images(new Mlp(16, List.of(5, 3), 2), 1);
    ModelSpec other =
        new ModelSpec.Images(new Mlp(16, List.of(5, 3), 2), 1, 4, new PixelScale(72.95f, 90.1f));
    assertThat(
            Stream.of(model(spec, 0), model(spec, 1e-7f), model(other, 0))
                .map(ModelFile::version)
                .distinct())
        .hasSize(3)
        .allMatch(version -> version.matches("[0-9a-f]{16}"));
    assertThat(
            ModelFile.version(
                model(spec, 0).withWeights(model(spec, 0).weights(), Map.of("x", "y"))))
        .isEqualTo(ModelFile.version(model(spec, 0)));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void damagedFilesAreTold(ModelSpec spec) throws IOException {
    ModelFile.write(disk, FILE, model(spec, 0));
    byte[] bytes = bytes();
    for (int at = 0; at < bytes.length; at += 1 + bytes.length / 40) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      rewrite(damaged);
      assertThatThrownBy(() -> ModelFile.read(disk, FILE)).isInstanceOf(FormatException.class);
      rewrite(Arrays.copyOf(bytes, at));
      assertThatThrownBy(() -> ModelFile.read(disk, FILE)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void otherFilesAndOtherVersionsAreTold() throws IOException {
    assertThatThrownBy(() -> ModelFile.read(disk, FILE)).hasMessageContaining("no such file");
    rewrite(new byte[100]);
    assertThatThrownBy(() -> ModelFile.read(disk, FILE))
        .hasMessageContaining("it does not begin as a model file does");
    ModelFile.write(disk, FILE, model(images(new Mlp(16, List.of(5, 3), 2), 1), 0));
    byte[] bytes = bytes();
    bytes[8] = 2;
    rewrite(bytes);
    assertThatThrownBy(() -> ModelFile.read(disk, FILE))
        .hasMessageContaining("a model of format 2, this version reads 1");
  }

  @Test
  void codesComeBackAndDamagedOnesAreTold() throws IOException {
    BinaryProjection projection =
        new BinaryProjection(3, new float[] {1, 2, 3, 4, 5, 6}, new float[] {7, 8});
    CodeFile.write(disk, FILE, projection);
    assertThat(CodeFile.read(disk, FILE)).isEqualTo(projection);
    byte[] bytes = bytes();
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      rewrite(damaged);
      assertThatThrownBy(() -> CodeFile.read(disk, FILE)).isInstanceOf(FormatException.class);
      rewrite(Arrays.copyOf(bytes, at));
      assertThatThrownBy(() -> CodeFile.read(disk, FILE)).isInstanceOf(FormatException.class);
    }
  }

  private byte[] bytes() throws IOException {
    try (InputStream in = disk.read(FILE)) {
      return in.readAllBytes();
    }
  }

  private void rewrite(byte[] bytes) throws IOException {
    disk.delete(FILE);
    try (Disk.AppendFile out = disk.create(FILE)) {
      out.write(ByteBuffer.wrap(bytes));
    }
  }
}
