package io.capsdb.embeddings.network;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.List;

/// Linear layers with ReLU between them; the last hidden layer is the embedding.
///
/// @param inputLength values of an input
/// @param hidden widths of the hidden layers, at least one
public record Mlp(int inputLength, List<Integer> hidden, int classCount) implements Network {
  public Mlp {
    Sizes.require("inputLength", inputLength, 1);
    Sizes.require("classCount", classCount, 1);
    hidden = List.copyOf(hidden);
    if (hidden.isEmpty()) {
      throw new IllegalArgumentException("a network needs at least one hidden layer");
    }
    hidden.forEach(width -> Sizes.require("a hidden layer", width, 1));
  }

  @Override
  public ParameterLayout layout() {
    ParameterLayout layout = new ParameterLayout();
    int width = inputLength;
    for (int i = 0; i < hidden.size(); i++) {
      layout.linear("hidden" + i, width, hidden.get(i));
      width = hidden.get(i);
    }
    return layout.linear("classes", width, classCount);
  }

  @Override
  public int embeddingDimension() {
    return hidden.getLast();
  }

  @Override
  public NDArray embed(Parameters parameters, NDArray inputs) {
    NDArray x = inputs;
    for (int i = 0; i < hidden.size(); i++) {
      x = Activation.relu(parameters.linear(x));
    }
    return x;
  }

  @Override
  public NDArray classify(Parameters parameters, NDArray embeddings) {
    return parameters.linear(embeddings);
  }
}
