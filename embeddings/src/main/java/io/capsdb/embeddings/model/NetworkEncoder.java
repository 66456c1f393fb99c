package io.capsdb.embeddings.model;

import io.capsdb.embeddings.data.Content;
import io.capsdb.embeddings.data.PixelScale;
import io.capsdb.embeddings.network.TorchRunner;
import java.util.List;

/// An encoder that runs on PyTorch.
final class NetworkEncoder implements Encoder {
  private final String modelVersion;
  private final ModelSpec spec;
  private final int inputLength;
  private final InputWriter writer;
  private final TorchRunner runner;

  private interface InputWriter {
    void write(Content content, float[] out, int at);
  }

  NetworkEncoder(Model model, ModelSpec.Images images) {
    PixelScale scale = images.scale();
    int length = images.network().inputLength();
    this.modelVersion = ModelFile.version(model);
    this.spec = images;
    this.inputLength = length;
    this.writer =
        (content, out, at) -> {
          if (!(content instanceof Content.Pixels(byte[] pixels))) {
            throw new IllegalArgumentException("the model takes images, this is a text");
          }
          if (pixels.length != length) {
            throw new IllegalArgumentException(
                "an image has " + pixels.length + " values, the model takes " + length);
          }
          scale.write(content, out, at);
        };
    this.runner = new TorchRunner(images.network(), model.weights());
  }

  NetworkEncoder(Model model, ModelSpec.Tokens tokens) {
    int length = tokens.network().inputLength();
    this.modelVersion = ModelFile.version(model);
    this.spec = tokens;
    this.inputLength = length;
    this.writer =
        (content, out, at) -> {
          if (!(content instanceof Content.Text(String text))) {
            throw new IllegalArgumentException("the model takes texts, this is an image");
          }
          tokens.tokenizer().write(text, length, out, at);
        };
    this.runner = new TorchRunner(tokens.network(), model.weights());
  }

  @Override
  public int dimension() {
    return spec.dimension();
  }

  @Override
  public String modelVersion() {
    return modelVersion;
  }

  @Override
  public ContentKind kind() {
    return spec.kind();
  }

  @Override
  public float[][] embed(List<Content> contents) {
    float[] inputs = new float[contents.size() * inputLength];
    for (int i = 0; i < contents.size(); i++) {
      writer.write(contents.get(i), inputs, i * inputLength);
    }
    return runner.embed(inputs);
  }

  @Override
  public void close() {
    runner.close();
  }
}
