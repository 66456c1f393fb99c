package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.pooling.Pool;
import io.capsdb.embeddings.network.ParameterLayout.Start;

/// A small convolutional network: two convolutions of 3 x 3 with ReLU, each followed by a halving
/// by the maximum, then a linear layer with ReLU, which is the embedding.
///
/// It has no batch normalisation, so that its weights are all there is to average.
///
/// @param channels of the image, 1 or 3
/// @param side pixels of the image's side, at least 4
/// @param width channels of the first convolution; the second has twice as many
public record ConvNet(int channels, int side, int width, int embeddingDimension, int classCount)
    implements Network {
  public ConvNet {
    Sizes.require("channels", channels, 1);
    Sizes.require("side", side, 4);
    Sizes.require("width", width, 1);
    Sizes.require("embeddingDimension", embeddingDimension, 1);
    Sizes.require("classCount", classCount, 1);
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout layout = new ParameterLayout();
    convolution(layout, "first", channels, width);
    convolution(layout, "second", width, 2 * width);
    layout.linear("embedding", flatLength(), embeddingDimension);
    return layout.linear("classes", embeddingDimension, classCount);
  }

  private static void convolution(ParameterLayout layout, String name, int from, int to) {
    layout.add(name + ".weight", Start.BY_FAN_IN, 9 * from, to, from, 3, 3);
    layout.add(name + ".bias", Start.BY_FAN_IN, 9 * from, to);
  }

  private int flatLength() {
    return 2 * width * (side / 4) * (side / 4);
  }

  @Override
  public int inputLength() {
    return channels * side * side;
  }

  @Override
  public NDArray embed(Parameters parameters, NDArray inputs) {
    NDArray x = inputs.reshape(-1, channels, side, side);
    for (int layer = 0; layer < 2; layer++) {
      NDArray weight = parameters.next();
      NDArray bias = parameters.next();
      x = Conv2d.conv2d(x, weight, bias, new Shape(1, 1), new Shape(1, 1)).singletonOrThrow();
      Shape two = new Shape(2, 2);
      x = Pool.maxPool2d(Activation.relu(x), two, two, new Shape(0, 0), false);
    }
    return Activation.relu(parameters.linear(x.reshape(-1, flatLength())));
  }

  @Override
  public NDArray classify(Parameters parameters, NDArray embeddings) {
    return parameters.linear(embeddings);
  }
}
