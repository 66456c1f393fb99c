package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.capsdb.embeddings.network.ParameterLayout.Start;

/// A small transformer over tokens of text; the embedding is the mean over the tokens. Token 0
/// fills up short texts and counts for nothing.
///
/// @param vocabulary number of tokens
/// @param length most tokens of a text
/// @param width of a token, a multiple of `heads`
public record TextTransformer(
    int vocabulary, int length, int width, int heads, int layers, int classCount)
    implements Network {
  private static final float NOT_THERE = -1e9f;

  public TextTransformer {
    Sizes.require("vocabulary", vocabulary, 2);
    Sizes.require("length", length, 1);
    Sizes.require("width", width, 1);
    Sizes.require("heads", heads, 1);
    Sizes.require("layers", layers, 1);
    Sizes.require("classCount", classCount, 1);
    if (width % heads != 0) {
      throw new IllegalArgumentException("heads " + heads + " do not divide the width " + width);
    }
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout layout = new ParameterLayout();
    layout.add("tokens", Start.SMALL_NORMAL, 1, vocabulary, width);
    layout.add("places", Start.SMALL_NORMAL, 1, length, width);
    for (int i = 0; i < layers; i++) {
      TransformerBlock.addTo(layout, "layer" + i, width);
    }
    layout.norm("last", width);
    return layout.linear("classes", width, classCount);
  }

  @Override
  public int inputLength() {
    return length;
  }

  @Override
  public int embeddingDimension() {
    return width;
  }

  @Override
  public NDArray embed(Parameters parameters, NDArray inputs) {
    NDArray table = parameters.next();
    NDArray places = parameters.next();
    long rows = inputs.getShape().get(0);
    NDArray isThere = inputs.gt(0).toType(DataType.FLOAT32, false);
    NDArray mask = isThere.sub(1f).mul(-NOT_THERE).reshape(rows, 1, 1, length);
    NDArray tokens = inputs.toType(DataType.INT64, false).reshape(-1);
    NDArray x = table.get(new NDIndex("{}", tokens)).reshape(rows, length, width).add(places);
    for (int i = 0; i < layers; i++) {
      x = TransformerBlock.forward(parameters, x, heads, mask);
    }
    NDArray weights = isThere.reshape(rows, length, 1);
    NDArray sum = parameters.norm(x).mul(weights).sum(new int[] {1});
    return sum.div(weights.sum(new int[] {1}).maximum(1f));
  }

  @Override
  public NDArray classify(Parameters parameters, NDArray embeddings) {
    return parameters.linear(embeddings);
  }
}
