package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;
import io.capsdb.embeddings.network.ParameterLayout.Start;

/// A network with binarised layers between its first and its last, as the paper of ReSTE has them:
/// normalise, take signs, multiply with signs, add what came in.
///
/// @param width of all hidden layers
/// @param layers binarised ones, at least 1
/// @param steepness *o* of this epoch, at least 1: a training takes another network for each epoch
///     over the same weights
public record BinarizedMlp(int inputLength, int width, int layers, int classCount, double steepness)
    implements Network {
  public BinarizedMlp {
    Sizes.require("inputLength", inputLength, 1);
    Sizes.require("width", width, 1);
    Sizes.require("layers", layers, 1);
    Sizes.require("classCount", classCount, 1);
    if (!(steepness >= 1)) {
      throw new IllegalArgumentException("steepness must be at least 1, was " + steepness);
    }
  }

  public BinarizedMlp withSteepness(double other) {
    return new BinarizedMlp(inputLength, width, layers, classCount, other);
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout layout = new ParameterLayout();
    layout.linear("first", inputLength, width);
    for (int i = 0; i < layers; i++) {
      layout.norm("norm" + i, width);
      layout.add("binary" + i, Start.BY_FAN_IN, 1, width, width);
    }
    layout.norm("last", width);
    return layout.linear("classes", width, classCount);
  }

  @Override
  public int embeddingDimension() {
    return width;
  }

  @Override
  public NDArray embed(Parameters parameters, NDArray inputs) {
    NDArray x = parameters.linear(inputs);
    for (int i = 0; i < layers; i++) {
      NDArray normal = parameters.norm(x);
      // By the root of the width, or sums of signs would drown what came in.
      NDArray sum = BinarizedLayers.linear(normal, parameters.next(), steepness);
      x = x.add(Tensors.times(sum, 1 / Math.sqrt(width)));
    }
    return parameters.norm(x);
  }

  @Override
  public NDArray classify(Parameters parameters, NDArray embeddings) {
    return parameters.linear(embeddings);
  }
}
