package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;
import io.capsdb.embeddings.network.ParameterLayout.Start;

/// A vision transformer (Dosovitskiy et al., 2021): square patches become tokens with learned
/// places; the embedding is the mean of the tokens after the last layer.
///
/// @param side pixels of the image's side, a multiple of `patch`
/// @param width of a token, a multiple of `heads`
public record VisionTransformer(
    int channels, int side, int patch, int width, int heads, int layers, int classCount)
    implements Network {
  public VisionTransformer {
    Sizes.require("channels", channels, 1);
    Sizes.require("side", side, 1);
    Sizes.require("patch", patch, 1);
    Sizes.require("width", width, 1);
    Sizes.require("heads", heads, 1);
    Sizes.require("layers", layers, 1);
    Sizes.require("classCount", classCount, 1);
    if (side % patch != 0) {
      throw new IllegalArgumentException("patch " + patch + " does not divide the side " + side);
    }
    if (width % heads != 0) {
      throw new IllegalArgumentException("heads " + heads + " do not divide the width " + width);
    }
  }

  private int tokens() {
    return (side / patch) * (side / patch);
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout layout = new ParameterLayout();
    layout.linear("patches", channels * patch * patch, width);
    layout.add("places", Start.SMALL_NORMAL, 1, tokens(), width);
    for (int i = 0; i < layers; i++) {
      TransformerBlock.addTo(layout, "layer" + i, width);
    }
    layout.norm("last", width);
    return layout.linear("classes", width, classCount);
  }

  @Override
  public int inputLength() {
    return channels * side * side;
  }

  @Override
  public int embeddingDimension() {
    return width;
  }

  @Override
  public NDArray embed(Parameters parameters, NDArray inputs) {
    int along = side / patch;
    NDArray patches =
        inputs
            .reshape(-1, channels, along, patch, along, patch)
            .transpose(0, 2, 4, 1, 3, 5)
            .reshape(-1, tokens(), (long) channels * patch * patch);
    NDArray x = parameters.linear(patches).add(parameters.next());
    for (int i = 0; i < layers; i++) {
      x = TransformerBlock.forward(parameters, x, heads, null);
    }
    return parameters.norm(x).mean(new int[] {1});
  }

  @Override
  public NDArray classify(Parameters parameters, NDArray embeddings) {
    return parameters.linear(embeddings);
  }
}
