package io.capsdb.embeddings.model;

import io.capsdb.embeddings.data.Content;
import java.util.List;

/// Averaged n-grams; plain Java, so that it needs no PyTorch.
final class NgramEncoder implements Encoder {
  private final String modelVersion;
  private final ModelSpec.Ngrams spec;
  private final float[] weights;

  NgramEncoder(Model model, ModelSpec.Ngrams spec) {
    this.modelVersion = ModelFile.version(model);
    this.spec = spec;
    this.weights = model.weights();
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
    float[][] vectors = new float[contents.size()][];
    for (int i = 0; i < vectors.length; i++) {
      if (!(contents.get(i) instanceof Content.Text(String text))) {
        throw new IllegalArgumentException("the model takes texts, this is an image");
      }
      vectors[i] = spec.table().embed(weights, text);
    }
    return vectors;
  }

  @Override
  public void close() {}
}
